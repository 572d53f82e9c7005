"""The demo that ``make run`` serves: one machine, plain HTTP, keys made on first use."""

import os

from config.secrets import demo_secrets
from config.settings.base import *  # noqa: F403 - settings are a namespace by design
from config.settings.base import VAR

LINBANG_DEMO = True
ALLOWED_HOSTS = ["*"]

_secrets = demo_secrets(VAR)
SECRET_KEY = os.environ.get("SECRET_KEY") or _secrets["secret_key"]
LINBANG_ENCRYPTION_KEYS = {"demo": _secrets["encryption_key"]}
LINBANG_INDEX_KEY = _secrets["index_key"]
LINBANG_SIGNING_KEYS = {"demo": _secrets["signing_key"]}

# Messages stay on this machine: the outbox page shows them.
LINBANG_SMS_BACKEND = "linbang.foundation.messaging.backends.DevSms"

# Static files are served from the source folders: no collecting step before the first page.
STATIC_ROOT = None  # type: ignore[assignment]  # nothing is collected, so nothing is looked for
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = os.environ.get("LINBANG_RELOAD") == "1"
