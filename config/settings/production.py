"""Production: safe by default; what it cannot guess, it asks for by name."""

import json
import os

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403 - settings are a namespace by design


def _required(name: str, why: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {why} (docs/operations.md).")
    return value


SECRET_KEY = _required("SECRET_KEY", "50 random characters or more")
ALLOWED_HOSTS = _required("ALLOWED_HOSTS", "the host names served, with commas between").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * would serve any.")
# The first key seals, the others still open: {"2026": "base64…", "2025": "base64…"}
LINBANG_ENCRYPTION_KEYS = json.loads(
    _required("LINBANG_ENCRYPTION_KEYS", "a JSON object of key names and 256-bit base64 keys")
)
LINBANG_INDEX_KEY = _required("LINBANG_INDEX_KEY", "a 256-bit base64 key for blind indexes")
# The first key signs certificates; what older ones signed stays good without them.
LINBANG_SIGNING_KEYS = json.loads(
    _required("LINBANG_SIGNING_KEYS", "a JSON object of key names and 256-bit base64 keys")
)

# Sign-in codes go out through the site's own gateway (docs/operations.md).
LINBANG_SMS_BACKEND = os.environ.get(
    "LINBANG_SMS_BACKEND", "linbang.foundation.messaging.backends.HttpSms"
)
LINBANG_SMS_URL = os.environ.get("LINBANG_SMS_URL", "")
LINBANG_SMS_SECRET = os.environ.get("LINBANG_SMS_SECRET", "")

if os.environ.get("LINBANG_WARM_HELPERS"):
    LINBANG_WARM_HELPERS = int(os.environ["LINBANG_WARM_HELPERS"])

# Tiles are pictures from elsewhere: their host, and no other, may be asked for pictures.
LINBANG_MAP_TILES = json.loads(os.environ.get("LINBANG_MAP_TILES", "null"))
if LINBANG_MAP_TILES:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(LINBANG_MAP_TILES["host"])

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# The reverse proxy ends TLS and sets this header itself (docs/operations.md).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.StaticStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
