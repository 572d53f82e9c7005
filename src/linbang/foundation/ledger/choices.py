from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """What a book counts, always in whole numbers."""

    MINUTES = "minutes", _("分钟")
    FEN = "fen", _("分")
    PIECES = "pieces", _("件")


class AccountKind(TextChoices):
    ISSUE = "issue", _("发行")
    PERSONAL = "personal", _("个人")
    TEAM = "team", _("队伍")
    STATION = "station", _("站点")
    POOL = "pool", _("公共池")
