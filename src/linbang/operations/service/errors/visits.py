"""Why a visit's step was refused, and what to do instead."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class VisitCancelledAlready(Refused):
    """The visit was called off; nothing can be recorded on it."""

    code = "visit_cancelled"
    message = _("这次上门已经取消，不用再去。有疑问请联系社区服务站。")


class VisitAlreadyStarted(Refused):
    """A visit that has begun is ended by checking out, not by cancelling."""

    code = "visit_already_started"
    message = _("已经签到，不能取消，请在离开时签退。")


class TooEarly(Refused):
    """Check-in opens an hour before the visit."""

    code = "check_in_too_early"
    message = _("还没到签到时间，最早可在约定时间前 %(minutes)s 分钟签到。")


class TooLateToCheckIn(Refused):
    """The planned end has passed without a check-in."""

    code = "check_in_too_late"
    message = _("约定的服务时间已过，请联系社区服务站代为登记。")


class NotCheckedIn(Refused):
    """There is no check-out without a check-in."""

    code = "not_checked_in"
    message = _("还没有签到，请先签到。")


class TooShort(Refused):
    """Check-out follows check-in by a minute at least."""

    code = "visit_too_short"
    message = _("刚刚签到，请在服务完成、离开时再签退。")


class TooLateToCheckOut(Refused):
    """A day after check-in only the station settles the visit (rule 33)."""

    code = "check_out_too_late"
    message = _("签到已超过 24 小时，请联系社区服务站核实后代为签退。")


class BeyondPlannedEnd(Refused):
    """Settled by staff, a visit ends at its planned end at the latest (rule 33)."""

    code = "beyond_planned_end"
    message = _("代为签退最晚只能填到约定的结束时间 %(ends_at)s。")


class NotThenYet(Refused):
    """What is entered lies in the past."""

    code = "time_in_future"
    message = _("填写的时间还没有到，请填写实际发生的时间。")


class CodeIsWrong(Refused):
    """The code was not this visit's code of the last minute."""

    code = "wrong_code"
    message = _("动态码不对。请看居民手机上现在显示的六位数字，再输入一次。")


class TooManyWrongCodes(Refused):
    """Five wrong codes within a minute."""

    code = "too_many_wrong_codes"
    status = 429
    retry_after_seconds = 60
    message = _("一分钟内输错太多次了，请等一分钟再试，或改用定位签到。")


class LocationMissing(Refused):
    """The device did not give a position."""

    code = "location_missing"
    status = 422
    message = _("没有拿到您的位置，请允许定位后再试，或改用动态码。")


class LocationUnknown(Refused):
    """The building has no point on the map to compare with."""

    code = "location_unknown"
    message = _("这栋楼还没有标注位置，不能用定位，请改用居民手机上的动态码。")


class TooFarAway(Refused):
    """The device is not near the building."""

    code = "too_far_away"
    message = _(
        "您离服务地点约 %(distance_m)s 米，%(limit_m)s 米以内才能定位。到了再试，或改用动态码。"
    )


class ReasonMissing(Refused):
    """What staff enters for somebody needs a reason (rule 39)."""

    code = "reason_missing"
    status = 422
    message = _("请写明代办原因，例如“志愿者没有智能手机”。")


class HelpersMissing(Refused):
    """The need wants more helpers than have been found (rule 63)."""

    code = "helpers_missing"
    message = _("这次服务需要的同伴还没有到齐，请先联系社区服务站。")


class NotMissed(Refused):
    """Only a visit past its end without check-in is written down as missed."""

    code = "visit_not_missed"
    message = _("约定的时间还没有过，或者志愿者已经签到，不能登记为未到场。")
