from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RecordKind(TextChoices):
    """How the time was proved; the two kinds stay apart for ever (rule 38)."""

    PROVED = "proved", _("信用时长")
    ENTERED = "entered", _("荣誉时长")


class Verdict(TextChoices):
    CONFIRMED = "confirmed", _("属实")
    DISPUTED = "disputed", _("有异议")


class ConfirmedBy(TextChoices):
    RESIDENT = "resident", _("居民本人")
    RELATIVE = "relative", _("亲属")
    STATION = "station", _("站点电话回访")
