"""What every template may ask of the frame."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from linbang.foundation.shell.rules import LANGUAGE_NAMES, Preferences


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the reader's preferences, the languages on offer, and what the page is."""
    return {
        "preferences": getattr(request, "preferences", Preferences()),
        "language_code": translation.get_language() or settings.LANGUAGE_CODE,
        "languages": list(LANGUAGE_NAMES.items()),
        "is_demo": getattr(settings, "LINBANG_DEMO", False),
        "kept_offline": getattr(request, "kept_offline", False),
    }
