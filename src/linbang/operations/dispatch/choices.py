from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linbang.intake.needs.choices import NeedState


class Answer(TextChoices):
    """How an offer ended."""

    ACCEPTED = "accepted", _("已接单")
    REFUSED = "refused", _("已婉拒")
    EXPIRED = "expired", _("已过期")
    WITHDRAWN = "withdrawn", _("已撤销")


class EscalationCause(TextChoices):
    """Why a worker has to find the helper."""

    NOBODY = "nobody", _("没有合适的志愿者")
    THREE_OFFERS = "three_offers", _("已邀请三人未成")
    TWO_HOURS = "two_hours", _("两小时内无人接单")
    TOO_SOON = "too_soon", _("快到约定时间，来不及逐个邀请")
    HELPER_LEFT = "helper_left", _("志愿者临时不能来")
    UNANSWERED = "unanswered", _("站点邀请的志愿者未接单")


class CommitmentSource(TextChoices):
    """What promised the time."""

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


class ReasonCode(TextChoices):
    """What speaks for a candidate: ``matching.ReasonCode``, and two of a worker's own choice.

    Stored with offers, so a value never changes its meaning.
    """

    SAME_BUILDING = "same_building", _("同一栋楼")
    SAME_GRID = "same_grid", _("同一网格")
    SAME_COMMUNITY = "same_community", _("同一社区")
    SAME_STREET = "same_street", _("同一街道")
    HAS_SKILL = "has_skill", _("会%(skill)s")
    FREE_THEN = "free_then", _("%(slot)s有空")
    FEW_ORDERS = "few_orders", _("近30天接单%(count)s次")
    RATING = "rating", _("评价%(points)s分")
    SERVED_BEFORE = "served_before", _("以前帮助过这位居民")
    CHOSEN_BY_STATION = "chosen_by_station", _("服务站专门请您帮忙")
    DESPITE = "despite", _("站点确认可去：%(cause)s")


# Translators: a weekday and a part of it, such as 周二 + 下午.
SLOT_WORDS = _("%(day)s%(part)s")
WEEKDAYS = (
    _("周一"),
    _("周二"),
    _("周三"),
    _("周四"),
    _("周五"),
    _("周六"),
    _("周日"),
    _("节假日"),
)


class BoardSection(TextChoices):
    """What the dispatch board shows: needs on one stretch of the way to a helper."""

    STATION = "station", _("站点接手")
    SEARCHING = "searching", _("正在找人")
    FOUND = "found", _("已接单")


SECTION_STATES: dict[BoardSection, tuple[NeedState, ...]] = {
    BoardSection.STATION: (NeedState.ESCALATED,),
    BoardSection.SEARCHING: (NeedState.VERIFIED, NeedState.OFFERED),
    BoardSection.FOUND: (NeedState.ASSIGNED,),
}

# An open offer in a list of answers.
AWAITED = _("等待答复")

ANSWER_TONES: dict[str, str] = {
    Answer.ACCEPTED: "jade",
    Answer.REFUSED: "grey",
    Answer.EXPIRED: "grey",
    Answer.WITHDRAWN: "grey",
}


# Stored as the reason of a leave that the volunteer's own end brings with it.
SERVES_NO_MORE = "志愿者已停止服务"  # untranslated: stored, as a worker would type it
