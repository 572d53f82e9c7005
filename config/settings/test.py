"""Tests: their own embedded cluster, fixed keys, a cheap password hasher."""

import os

from config import migrated
from config.settings.base import *  # noqa: F403 - settings are a namespace by design
from config.settings.base import VAR
from config.settings.database import database

LINBANG_DEMO = True
SECRET_KEY = "only for tests"  # noqa: S105 - guards nothing
ALLOWED_HOSTS = ["*"]
LINBANG_ENCRYPTION_KEYS = {"test": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}
LINBANG_INDEX_KEY = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
LINBANG_SIGNING_KEYS = {"test": "c2lnbmVkLWJ5LXRoZS10ZXN0cy0wMTIzNDU2Nzg5YWI="}

DATABASES = {"default": database(os.environ.get("DATABASE_URL"), var=VAR / "test")}
# Test databases are made and dropped: no connection may outlive its test.
DATABASES["default"]["OPTIONS"].pop("pool")
# Several people may test at once on one cluster; parallel workers of one run share its name
# and add their own suffix.
_run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")[:12] or str(os.getpid())
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("LINBANG_TEST_DB") or f"test_linbang_{_run}"}
if "DATABASE_URL" not in os.environ:
    DATABASES["default"]["TEST"]["TEMPLATE"] = migrated.name()

# Memory would outlive the tables that each test empties; tests of it say how much they want.
LINBANG_WARM_HELPERS = 0
LINBANG_SMS_BACKEND = "linbang.foundation.messaging.backends.LocmemSms"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
