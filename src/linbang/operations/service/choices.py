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
