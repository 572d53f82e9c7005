from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PresenceMethod(TextChoices):
    """How presence was shown; the last two are somebody's word, not a machine's proof."""

    CODE = "code", _("动态码")
    LOCATION = "location", _("定位")
    WORD = "word", _("居民确认")
    STAFF = "staff", _("工作人员代办")
