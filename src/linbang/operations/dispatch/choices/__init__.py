from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linbang.foundation.people.choices import ServiceCategory
from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch.choices.pairings import (
    FULL,
    FULL_LABEL,
    OWN_OR_PAIRED,
    PairingEnd,
    PairingProposalState,
    PairingWhy,
    Rhythm,
)
from linbang.operations.dispatch.choices.plans import (
    BLOCKED_WORDS,
    PLAN_TONES,
    PLAN_UNDER_WAY,
    PLANNED_LIVE,
    PLANNED_TONES,
    DropCause,
    PlanCause,
    PlanHelp,
    PlannedState,
    PlanStage,
    PlanState,
)


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


class SignUpState(TextChoices):
    """Where a sign-up stands."""

    REQUESTED = "requested", _("待审核")
    WAITING = "waiting", _("候补中")
    HELD = "held", _("名额保留中")
    CONFIRMED = "confirmed", _("已录取")
    WITHDRAWN = "withdrawn", _("已退出")
    DECLINED = "declined", _("未录取")
    LAPSED = "lapsed", _("候补已过期")
    RELEASED = "released", _("班次有变，已解除")
    REPLACED = "replaced", _("已有人替班")


# Over, whatever the reason; the row stays.
SIGN_UP_ENDED = (
    SignUpState.WITHDRAWN,
    SignUpState.DECLINED,
    SignUpState.LAPSED,
    SignUpState.RELEASED,
    SignUpState.REPLACED,
)
# Those for whom a place is counted and time is promised.
SIGN_UP_PLACED = (SignUpState.HELD, SignUpState.CONFIRMED)

SIGN_UP_TONES: dict[str, str] = {
    SignUpState.REQUESTED: "gold",
    SignUpState.WAITING: "gold",
    SignUpState.HELD: "red",
    SignUpState.CONFIRMED: "jade",
}


class SignUpChannel(TextChoices):
    """Who signed the person up."""

    SELF = "self", _("本人报名")
    WORKER = "worker", _("工作人员代报")
    TEAM = "team", _("队伍集体报名")
    ROSTER = "roster", _("排班")
    WALK_IN = "walk_in", _("现场登记")
    STAND_IN = "stand_in", _("替班")
    RESERVED = "reserved", _("单位预留名额")


class SignUpVerdict(TextChoices):
    """What ``dispatch_sign_up_v1`` says of one call; the order is the order of its checks."""

    KEY_REUSED = "key_reused", _("编号已用于另一次报名")
    REPLAYED = "replayed", _("已经报过名")
    NOT_FOUND = "not_found", _("没有这个班次")
    CANCELLED = "cancelled", _("班次已取消")
    CLOSED = "closed", _("报名已截止")
    NOT_OPEN_YET = "not_open_yet", _("报名还没有开始")
    FULL = "full", _("名额已满")
    NOT_CLEARED = "not_cleared", _("还不符合岗位要求")
    WINDOW_TAKEN = "window_taken", _("这段时间已有安排")
    REQUESTED = "requested", _("已提交，等待审核")
    CONFIRMED = "confirmed", _("报名成功")
    WAITING = "waiting", _("已进入候补")


class Chance(TextChoices):
    """How a shift stands to one reader: what she may do, or why not; in the order of the looks."""

    CANCELLED = "cancelled", _("班次已取消")
    MINE = "mine", _("您已报名")
    OVER = "over", _("报名已截止")
    NOT_YET = "not_yet", _("报名还没有开始")
    FULL = "full", _("名额已满")
    BARRED = "barred", _("还不符合岗位要求")
    BUSY = "busy", _("您这段时间已有安排")
    ASK = "ask", _("申请报名")
    WAIT = "wait", _("加入候补")
    TAKE = "take", _("报名")


# What one may press a button for.
CHANCES_OPEN = frozenset({Chance.ASK, Chance.WAIT, Chance.TAKE})


CATEGORY_ICONS: dict[str, str] = {
    ServiceCategory.COMMUNITY: "building-community",
    ServiceCategory.POVERTY: "home-heart",
    ServiceCategory.EDUCATION: "school",
    ServiceCategory.HEALTH: "stethoscope",
    ServiceCategory.LAW: "book",
    ServiceCategory.ENVIRONMENT: "leaf",
    ServiceCategory.SCIENCE: "bulb",
    ServiceCategory.CULTURE: "music",
    ServiceCategory.SECURITY: "shield-check",
    ServiceCategory.CIVILITY: "flag",
    ServiceCategory.TRAFFIC: "traffic-lights",
    ServiceCategory.FIRE: "flame",
    ServiceCategory.RESCUE: "first-aid-kit",
    ServiceCategory.DRUGS: "speakerphone",
    ServiceCategory.SPORT: "walk",
    ServiceCategory.TOURISM: "map-2",
    ServiceCategory.SPECIAL_CARE: "heart",
    ServiceCategory.LARGE_EVENTS: "users-group",
}


class View(TextChoices):
    """The three views of one look at open shifts."""

    LIST = "list", _("列表")
    CALENDAR = "calendar", _("日历")
    MAP = "map", _("地图")


class When(TextChoices):
    """Which days one looks at."""

    ANY = "", _("全部日期")
    TODAY = "today", _("今天")
    WEEK = "week", _("七天内")
    WEEKEND = "weekend", _("周末")


class SortBy(TextChoices):
    """What comes first."""

    FIT = "fit", _("适合我")
    TIME = "time", _("时间最近")
    DISTANCE = "distance", _("距离最近")


class Reminder(TextChoices):
    """The marks at which people are reminded of their places."""

    DAY_BEFORE = "day_before", _("前一天提醒")
    SOON = "soon", _("两小时前提醒")


class StandInState(TextChoices):
    OPEN = "open", _("正在找人")
    TAKEN = "taken", _("已有人替班")
    WITHDRAWN = "withdrawn", _("不找了")
    DECLINED = "declined", _("对方不方便换")
    LAPSED = "lapsed", _("班次已开始")


class ProposalState(TextChoices):
    """Whether a planner has decided about a proposed roster."""

    OPEN = "open", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    DISCARDED = "discarded", _("已作废")


class RosterCause(TextChoices):
    """Why somebody could not take a slot; the values are ``matching.RosterCause``, in its order."""

    BARRED = "barred", _("资格或空闲时间不符")
    CONFLICT = "conflict", _("那段时间已有安排")
    ROSTERED = "rostered", _("本次已排了同一时段")
    DAY_FULL = "day_full", _("当天已排满")


# Verdicts that put somebody on a shift, or found her there.
GIVEN = frozenset(
    {
        SignUpVerdict.CONFIRMED,
        SignUpVerdict.WAITING,
        SignUpVerdict.REQUESTED,
        SignUpVerdict.REPLAYED,
    }
)


class Unfit(TextChoices):
    """Why a volunteer was left out; the values are ``matching.Cause``, in its order."""

    NOT_ACTIVE = "not_active", _("尚未确认或已停止服务")
    PAUSED = "paused", _("暂停服务中")
    MINOR = "minor", _("未成年")
    OTHER_SEX = "other_sex", _("性别要求不符")
    LANGUAGE = "language", _("不会所需的语言")
    SELF_OR_FAMILY = "self_or_family", _("本人、亲属或已邀请过")
    BLOCKED = "blocked", _("双方不予配对")
    CATEGORY = "category", _("未选择这类服务")
    SKILL = "skill", _("没有所需技能")
    NOT_AVAILABLE = "not_available", _("这个时段没有空")
    CONFLICT = "conflict", _("这个时段已有安排")
    TOO_FAR = "too_far", _("距离太远")


# What a worker may overrule when choosing by hand; of wishes she has spoken with the resident.
JUDGED_BY_WORKER = frozenset(
    {
        Unfit.OTHER_SEX,
        Unfit.LANGUAGE,
        Unfit.CATEGORY,
        Unfit.SKILL,
        Unfit.NOT_AVAILABLE,
        Unfit.TOO_FAR,
    }
)


# The causes nearest to a yes, and what turns them.
HELPS: dict[Unfit, PlanHelp] = {
    Unfit.CONFLICT: PlanHelp.OTHER_TIME,
    Unfit.NOT_AVAILABLE: PlanHelp.OTHER_TIME,
    Unfit.SKILL: PlanHelp.RECRUIT,
    Unfit.TOO_FAR: PlanHelp.RECRUIT,
    Unfit.CATEGORY: PlanHelp.RECRUIT,
}


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


__all__ = [
    "ANSWER_TONES",
    "AWAITED",
    "BLOCKED_WORDS",
    "CATEGORY_ICONS",
    "CHANCES_OPEN",
    "FULL",
    "FULL_LABEL",
    "GIVEN",
    "HELPS",
    "JUDGED_BY_WORKER",
    "OWN_OR_PAIRED",
    "PLANNED_LIVE",
    "PLANNED_TONES",
    "PLAN_TONES",
    "PLAN_UNDER_WAY",
    "SECTION_STATES",
    "SERVES_NO_MORE",
    "SIGN_UP_ENDED",
    "SIGN_UP_PLACED",
    "SIGN_UP_TONES",
    "SLOT_WORDS",
    "WEEKDAYS",
    "Answer",
    "BoardSection",
    "Chance",
    "CommitmentSource",
    "DropCause",
    "EscalationCause",
    "PairingEnd",
    "PairingProposalState",
    "PairingWhy",
    "PlanCause",
    "PlanHelp",
    "PlanStage",
    "PlanState",
    "PlannedState",
    "ProposalState",
    "ReasonCode",
    "Reminder",
    "Rhythm",
    "RosterCause",
    "SignUpChannel",
    "SignUpState",
    "SignUpVerdict",
    "SortBy",
    "StandInState",
    "Unfit",
    "View",
    "When",
]
