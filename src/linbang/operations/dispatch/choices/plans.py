"""What a plan of visits may be and say."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class PlanState(TextChoices):
    """Where a plan of visits stands."""

    QUEUED = "queued", _("等待计算")
    RUNNING = "running", _("正在计算")
    READY = "ready", _("待发布")
    PUBLISHED = "published", _("已发布")
    DISCARDED = "discarded", _("已作废")
    FAILED = "failed", _("没有算成")


# A place has one plan in the making at a time.
PLAN_UNDER_WAY = (PlanState.QUEUED, PlanState.RUNNING)

PLAN_TONES: dict[str, str] = {
    PlanState.QUEUED: "grey",
    PlanState.RUNNING: "blue",
    PlanState.READY: "gold",
    PlanState.PUBLISHED: "jade",
    PlanState.DISCARDED: "grey",
    PlanState.FAILED: "red",
}


class PlanStage(IntegerChoices):
    """How far the making of a plan has got; from 1 the values are ``matching.plans.Stage``."""

    WAITING = 0, _("读取求助和志愿者")
    GREEDY = 1, _("已有初步安排")
    PRICED = 2, _("已比较哪里最缺人")
    MENDED = 3, _("已调换得更合适")
    PROVEN = 4, _("已核对能不能更好")


class PlanCause(TextChoices):
    """Why a candidate does not take an open place; in the order of ``matching.plans.OpenCause``."""

    OVERLAP = "overlap", _("那个时间已安排去别家，或来不及赶到")
    DAY_FULL = "day_full", _("当天已排满")
    WEEK_FULL = "week_full", _("这几天已排满")
    DEARER = "dearer", _("调来这里，别处会更缺人")


# Translators: %(item)s is a service, such as 陪同就医.
BLOCKED_WORDS = _("最合适的志愿者已安排去“%(item)s”，那边更难找到别人")


class PlanHelp(TextChoices):
    """What would fill an open place most easily."""

    OTHER_TIME = "other_time", _("问问居民能不能换个时间，那时有空的人多")
    ASK_AROUND = "ask_around", _("会的人都已排去别家：可以换个时间，或请其中一位多走一家")
    RECRUIT = "recruit", _("附近会这一项的人太少，可以发一份招募")
    BY_HAND = "by_hand", _("这一次由您改成没有人去，请记得另作安排")


class PlannedState(TextChoices):
    """Where one visit of a plan stands. Accepted, declined and lapsed are read off its offer."""

    PLANNED = "planned", _("待邀请")
    OFFERED = "offered", _("等待答复")
    ACCEPTED = "accepted", _("已接单")
    DECLINED = "declined", _("已婉拒")
    LAPSED = "lapsed", _("没有答复")
    REPLACED = "replaced", _("已换人")
    DROPPED = "dropped", _("没有邀请")


# Those that hold a place of their need in the plan.
PLANNED_LIVE = (PlannedState.PLANNED, PlannedState.OFFERED)

PLANNED_TONES: dict[str, str] = {
    PlannedState.PLANNED: "gold",
    PlannedState.OFFERED: "blue",
    PlannedState.ACCEPTED: "jade",
    PlannedState.DECLINED: "grey",
    PlannedState.LAPSED: "grey",
    PlannedState.REPLACED: "grey",
    PlannedState.DROPPED: "red",
}


class DropCause(TextChoices):
    """Why a planned visit was not offered: what had changed since the plan was made."""

    NEED_OVER = "need_over", _("求助已结束或已撤回")
    AT_STATION = "at_station", _("服务站已亲自接手")
    PLACE_TAKEN = "place_taken", _("名额已有人")
    ASKED_ALREADY = "asked_already", _("已经邀请过这位志愿者")
    ASKED_ELSEWHERE = "asked_elsewhere", _("同一时段已邀请去别家")
    UNFIT = "unfit", _("志愿者的情况有变")
