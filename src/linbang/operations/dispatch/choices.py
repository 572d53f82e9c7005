from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Answer(TextChoices):
    """How an offer ended."""

    ACCEPTED = "accepted", _("已接单")
    REFUSED = "refused", _("已婉拒")
    EXPIRED = "expired", _("已过期")
    WITHDRAWN = "withdrawn", _("已撤销")


class EscalationCause(TextChoices):
    NOBODY = "nobody", _("没有合适的志愿者")
    THREE_OFFERS = "three_offers", _("已邀请三人未成")
    TWO_HOURS = "two_hours", _("两小时内无人接单")
    HELPER_LEFT = "helper_left", _("志愿者临时不能来")


class CommitmentSource(TextChoices):
    ASSIGNMENT = "assignment", _("接单")
    SHIFT = "shift", _("班次")
    VISIT = "visit", _("走访")
