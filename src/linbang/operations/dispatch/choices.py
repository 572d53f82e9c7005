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


class Unfit(TextChoices):
    """Why a volunteer was left out; the values are ``matching.Cause``, in its order."""

    NOT_ACTIVE = "not_active", _("尚未确认或已停止服务")
    PAUSED = "paused", _("暂停服务中")
    MINOR = "minor", _("未成年")
    OTHER_SEX = "other_sex", _("性别要求不符")
    SELF_OR_FAMILY = "self_or_family", _("本人、亲属或已邀请过")
    BLOCKED = "blocked", _("双方不予配对")
    CATEGORY = "category", _("未选择这类服务")
    SKILL = "skill", _("没有所需技能")
    NOT_AVAILABLE = "not_available", _("这个时段没有空")
    CONFLICT = "conflict", _("这个时段已有安排")
    TOO_FAR = "too_far", _("距离太远")


# What a worker may overrule when choosing by hand.
JUDGED_BY_WORKER = frozenset({Unfit.CATEGORY, Unfit.SKILL, Unfit.NOT_AVAILABLE, Unfit.TOO_FAR})
