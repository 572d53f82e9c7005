"""What every way of running Linbang has in common. Nothing here is secret."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config.settings.database import database

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("LINBANG_VAR") or BASE_DIR / "var").resolve()

DEBUG = False
LINBANG_DEMO = False  # the shell says so on every page
ALLOWED_HOSTS: list[str] = []

# Our own apps in the order of the floors: a house test compares this list with the folders.
LINBANG_APPS = [
    "linbang.foundation.shell",
    "linbang.foundation.audit",
    "linbang.foundation.places",
    "linbang.foundation.access",
    "linbang.foundation.people",
    "linbang.foundation.organisations",
    "linbang.foundation.ledger",
    "linbang.foundation.messaging",
    "linbang.intake.care",
    "linbang.intake.needs",
    "linbang.intake.activities",
    "linbang.operations.clearance",
    "linbang.operations.dispatch",
    "linbang.operations.service",
    "linbang.operations.service_records",
    "linbang.outcomes.certificates",
    "linbang.outcomes.recognition",
    "linbang.outcomes.time_bank",
    "linbang.reporting.statistics",
    "linbang.reporting.briefs",
    "linbang.web",
    "linbang.demo",
]
INSTALLED_APPS = [
    *LINBANG_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "template_partials",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linbang.foundation.access.middleware.ActorMiddleware",
    "linbang.foundation.shell.middleware.PreferencesMiddleware",
    "linbang.foundation.shell.middleware.BrowserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linbang.foundation.shell.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True
LOGIN_URL = "access:sign_in"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "linbang.foundation.shell.context.shell",
                "linbang.web.context.navigation",
            ],
        },
    },
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL"), var=VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What follows each event: the product on one screen.
LINBANG_FLOW = "linbang.flow.reactions"
# Where doubts about hours begin (rule 45), as far as not ``service_records.rules.FlagLimits``.
LINBANG_FLAG_LIMITS: dict[str, int] = {}
# How many volunteers one process keeps in memory for finding helpers: about 150 bytes each.
LINBANG_WARM_HELPERS = 1_000_000
# Visits two days ahead or more are left to the nightly plan, before anybody is asked by nearness.
LINBANG_PLANS_FIRST = os.environ.get("LINBANG_PLANS_FIRST") == "1"

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "linbang.foundation.shell.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Nothing inline, nothing from elsewhere: a page is its own files and no more.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("简体中文")),
    ("zh-hant", _("繁體中文")),
    ("en", _("English")),
]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"

# A tile layer below our own maps: {"url": …, "attribution": …, "host": …}; production reads it.
LINBANG_MAP_TILES: dict[str, str] | None = None

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_READONLY_MODELS = True

# Seconds after which a silent job worker counts as gone on /healthz; workers beat every ten.
WORKER_SILENCE_S = 60

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
