"""Why shifts, rhythms and rosters are refused."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class WindowImpossible(Refused):
    """A shift lasts at least 15 minutes and ends on the day it begins (rule 34)."""

    code = "shift_window_impossible"
    status = 422
    message = _("每班至少 15 分钟，并在当天结束；要跨过零点请分成两班。")


class WindowPast(Refused):
    """A shift is planned, or moved, to a time that has passed."""

    code = "shift_window_past"
    status = 422
    message = _("班次的开始时间已经过了，请选以后的时间。")


class ShiftStarted(Refused):
    """What has begun is neither moved nor cancelled."""

    code = "shift_started"
    message = _("这个班次已经开始或结束，不能再改。")


class ShiftNotPlanned(Refused):
    """The shift was cancelled already."""

    code = "shift_not_planned"
    message = _("这个班次已经取消，请刷新页面查看。")


class ShiftsBeyondPolicy(Refused):
    """A high-risk shift would lie outside the policy's period (rule 17)."""

    code = "shifts_beyond_policy"
    message = _("保险单只保到 %(ends_at)s，这样安排有 %(count)s 个班次不在保险期内，请先续保。")


class ActivityTooLong(Refused):
    """An activity lasts a year at most (rule 22)."""

    code = "activity_too_long"
    status = 422
    message = _("从第一个到最后一个班次不能超过一年，请分成几个活动。")


class NothingAhead(Refused):
    """No shift is left that has not begun."""

    code = "nothing_ahead"
    message = _("没有还没开始的班次可以改了。")


class RhythmUnreadable(Refused):
    """The recurrence rule cannot be read, or uses parts that are not supported."""

    code = "rhythm_unreadable"
    status = 422
    message = _("看不懂这条重复规则，请改用上面的选项。")


class RhythmEndsEarly(Refused):
    """A series ends before it begins."""

    code = "rhythm_ends_early"
    status = 422
    message = _("结束日期早于开始日期，请修改。")


class RhythmTooLong(Refused):
    """A series spans a year at most."""

    code = "rhythm_too_long"
    status = 422
    message = _("一次最多排一年，请把结束日期提前。")


class RhythmTooDense(Refused):
    """A series has 400 dates at most."""

    code = "rhythm_too_dense"
    status = 422
    message = _("一次最多排 %(count)s 天，请缩短期间或减少次数。")


class RhythmEmpty(Refused):
    """Not one day fits the rhythm."""

    code = "rhythm_empty"
    status = 422
    message = _("按这个规律一天也排不出来，请检查日期和选项。")


class RosterTooLarge(Refused):
    """A roster made in one go has a bounded number of shifts."""

    code = "roster_too_large"
    status = 422
    message = _("一次最多生成 %(count)s 个班次，请分几次生成。")


class RosterEmpty(Refused):
    """No point, no time, or no day was chosen."""

    code = "roster_empty"
    status = 422
    message = _("请至少选一个值勤点、一个时段和一天。")
