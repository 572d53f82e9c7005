from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PresenceMethod(TextChoices):
    """How presence was shown; the last two are somebody's word, not a machine's proof."""

    CODE = "code", _("动态码")
    LOCATION = "location", _("定位")
    WORD = "word", _("居民确认")
    STAFF = "staff", _("工作人员代办")


# What a machine proved counts as 信用时长, the rest as 荣誉时长 (rule 38).
PROVED_METHODS = frozenset({PresenceMethod.CODE, PresenceMethod.LOCATION})


class AttendanceMethod(TextChoices):
    """How coming or going on a shift was shown (rule 30)."""

    CODE = "code", _("动态码")
    LOCATION = "location", _("定位")
    CARD = "card", _("扫志愿者证")
    ROLL = "roll", _("负责人点名")
    SHEET = "sheet", _("纸质签到表补录")
    SETTLED = "settled", _("负责人补签退")


# What a machine proved counts as 信用时长, the rest as 荣誉时长 (rule 38).
PROVED_ATTENDANCE = frozenset(
    {AttendanceMethod.CODE, AttendanceMethod.LOCATION, AttendanceMethod.CARD}
)


class PresenceVerdict(TextChoices):
    """What ``service_check_in_v1`` and ``…_out_v1`` say, in the order of their checks."""

    AGAIN = "again", _("同一人在一次提交里重复")
    KEY_REUSED = "key_reused", _("编号已用于另一次签到")
    REPLAYED = "replayed", _("已经登记过")
    NO_PLACE = "no_place", _("没有报名这个班次")
    CANCELLED = "cancelled", _("班次已取消")
    NOT_CHECKED_IN = "not_checked_in", _("还没有签到")
    TOO_MANY_WRONG_CODES = "too_many_wrong_codes", _("输错次数太多")
    WRONG_CODE = "wrong_code", _("签到码不对")
    TOO_EARLY = "too_early", _("还没到签到时间")
    TOO_LATE = "too_late", _("已过签到签退时间")
    TOO_SHORT = "too_short", _("刚刚签到")
    BEYOND_PLANNED_END = "beyond_planned_end", _("晚于约定的结束时间")
    OPEN_ELSEWHERE = "open_elsewhere", _("另一个班次还没有签退")
    PAIRS_USED = "pairs_used", _("当天签到次数已用完")
    NOT_INSURED = "not_insured", _("不在投保名单内")
    LOCATION_MISSING = "location_missing", _("没有拿到位置")
    LOCATION_UNKNOWN = "location_unknown", _("活动没有标注位置")
    TOO_FEW_PLACES = "too_few_places", _("人数不足 100，不能单凭定位")
    TOO_FAR = "too_far", _("离活动地点太远")
    DONE = "done", _("已登记")


class AbsenceKind(TextChoices):
    NO_SHOW = "no_show", _("未到")
    EXCUSED = "excused", _("请假")


class IncidentKind(TextChoices):
    INJURY = "injury", _("受伤")
    ILLNESS = "illness", _("突发疾病")
    TRAFFIC = "traffic", _("交通事故")
    PROPERTY = "property", _("财物损失")
    CONFLICT = "conflict", _("冲突纠纷")
    OTHER = "other", _("其他情况")


class VisitState(TextChoices):
    """Where a visit stands, told from its rows and the time."""

    CANCELLED = "cancelled", _("已取消")
    PLANNED = "planned", _("待上门")
    RUNNING = "running", _("服务中")
    UNSETTLED = "unsettled", _("未签退")
    MISSED = "missed", _("未签到")
    DONE = "done", _("已完成")


class ConsoleTab(TextChoices):
    """The heaps on the station's desk, the most pressing first."""

    UNSETTLED = "unsettled", _("待处理")
    AHEAD = "ahead", _("进行中和待上门")
    OVER = "over", _("已结束")

    @classmethod
    def named(cls, name: str | None) -> "ConsoleTab":
        return cls(name) if name in cls.values else cls.UNSETTLED
