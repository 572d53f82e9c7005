"""Why presence on a shift could not be taken down, and what to do instead."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import KeyReused, Refused
from linbang.operations.dispatch.errors import ShiftCancelled
from linbang.operations.service.choices import PresenceVerdict


class NoPlaceOnShift(Refused):
    """The person has no confirmed place on a shift of the activity around now."""

    code = "no_place_on_shift"
    message = _("现在没有您在这里的班次。还没有报名的话，请找现场负责人登记。")


class NotOnShift(Refused):
    """There is no going without a coming."""

    code = "not_on_shift"
    message = _("还没有签到，请先签到。忘了签到的，请找现场负责人点名。")


class TooManyWrongTries(Refused):
    """Five wrong codes within a minute."""

    code = "too_many_wrong_tries"
    status = 429
    retry_after_seconds = 60
    message = _("一分钟内输错太多次了，请等一分钟再试，或请现场负责人点名。")


class WrongShiftCode(Refused):
    """The code was not the activity's code of the last minute."""

    code = "wrong_shift_code"
    message = _("签到码不对。请看现场屏幕或负责人手机上现在显示的六位数字，再输入一次。")


class TooEarlyForShift(Refused):
    """Check-in opens an hour before the shift."""

    code = "too_early_for_shift"
    message = _("还没到签到时间，班次开始前 60 分钟起可以签到。")


class TooLateForShift(Refused):
    """The shift is over, or a day has passed since the check-in."""

    code = "too_late_for_shift"
    message = _("已过签到签退的时间，请联系现场负责人补登记。")


class TooShortOnShift(Refused):
    """Going follows coming by a minute at least."""

    code = "too_short_on_shift"
    message = _("刚刚签到，请在离开时再签退。")


class BeyondShiftEnd(Refused):
    """What is entered afterwards ends at the planned end at the latest (rules 33 and 38)."""

    code = "beyond_shift_end"
    status = 422
    message = _("补登记的离开时间不能晚于班次的结束时间。")


class OnAnotherShift(Refused):
    """The person has not checked out of another shift."""

    code = "on_another_shift"
    message = _("另一个班次还没有签退，请先签退，再签到这一班。")


class PresenceOverlaps(Refused):
    """The person is known to have been elsewhere at that time (rule 34)."""

    code = "presence_overlaps"
    message = _("这段时间已有到岗记录，不能重复登记。请核对时间。")


class PairsUsed(Refused):
    """Three comings and goings a day and activity (rule 32)."""

    code = "pairs_used"
    message = _("同一活动一天最多签到三次，今天的次数已用完。请联系现场负责人。")


class NotOnInsuredList(Refused):
    """The list of the insured was frozen at the start without this person (rule 81)."""

    code = "not_on_insured_list"
    message = _("您不在本班次的投保名单上，为了安全不能上岗。请找现场负责人。")


class ShiftLocationMissing(Refused):
    """The device did not give a position."""

    code = "shift_location_missing"
    status = 422
    message = _("没有拿到您的位置，请允许定位后再试，或改用签到码。")


class ShiftLocationUnknown(Refused):
    """The activity has no point on the map, or no circle for check-in."""

    code = "shift_location_unknown"
    message = _("这个活动不用定位签到，请扫现场的二维码，或输入六位签到码。")


class TooFewPlaces(Refused):
    """Location alone is taken only where a hundred places are planned (rule 31)."""

    code = "too_few_places_for_location"
    message = _("人数较少的活动不能只凭定位签到，请扫现场的二维码，或请负责人点名。")


class TooFarFromShift(Refused):
    """The device is outside the activity's circle."""

    code = "too_far_from_shift"
    message = _("您离活动地点还远，到了再试，或改用签到码。")


class CalledTwice(Refused):
    """One call names the same person twice."""

    code = "called_twice"
    status = 422
    message = _("同一个人在一次提交里出现了两次，请分开提交。")


# The one table of what each verdict of the SQL functions means to whoever called, by both doors.
REFUSALS: Mapping[PresenceVerdict, type[Refused]] = {
    PresenceVerdict.AGAIN: CalledTwice,
    PresenceVerdict.KEY_REUSED: KeyReused,
    PresenceVerdict.CANCELLED: ShiftCancelled,
    PresenceVerdict.NO_PLACE: NoPlaceOnShift,
    PresenceVerdict.NOT_CHECKED_IN: NotOnShift,
    PresenceVerdict.TOO_MANY_WRONG_CODES: TooManyWrongTries,
    PresenceVerdict.WRONG_CODE: WrongShiftCode,
    PresenceVerdict.TOO_EARLY: TooEarlyForShift,
    PresenceVerdict.TOO_LATE: TooLateForShift,
    PresenceVerdict.TOO_SHORT: TooShortOnShift,
    PresenceVerdict.BEYOND_PLANNED_END: BeyondShiftEnd,
    PresenceVerdict.OPEN_ELSEWHERE: OnAnotherShift,
    PresenceVerdict.OVERLAPS: PresenceOverlaps,
    PresenceVerdict.PAIRS_USED: PairsUsed,
    PresenceVerdict.NOT_INSURED: NotOnInsuredList,
    PresenceVerdict.LOCATION_MISSING: ShiftLocationMissing,
    PresenceVerdict.LOCATION_UNKNOWN: ShiftLocationUnknown,
    PresenceVerdict.TOO_FEW_PLACES: TooFewPlaces,
    PresenceVerdict.TOO_FAR: TooFarFromShift,
}


class NotForOneself(Refused):
    """A leader's word counts for others, never for the leader (rule 39)."""

    code = "not_for_oneself"
    status = 422
    message = _("负责人不能给自己点名或补登记，请自己扫码签到，或请另一位负责人登记。")


class OutsideTheDay(Refused):
    """The moment lies outside the day of the shift, or in the future."""

    code = "outside_the_day"
    status = 422
    message = _("填写的时间不在班次当天，或者还没有到。请核对手机时间后重新登记。")


class AlreadyCame(Refused):
    """Whoever has come is not absent."""

    code = "already_came"
    message = _("这个人已经签到，不能登记为未到或请假。点错了可以先撤销签到。")


class NotBegunYet(Refused):
    """Nobody is absent from a shift that has not begun."""

    code = "shift_not_begun"
    message = _("班次还没有开始，不能登记未到。事先请假的请登记为请假。")


class ExcuseMissing(Refused):
    """Excusing somebody, or entering presence afterwards, needs a reason (rule 39)."""

    code = "excuse_missing"
    status = 422
    message = _("请写一句原因，例如“家里有急事，已电话说明”。")


class AbsenceDecided(Refused):
    """The absence was excused, or the objection was answered."""

    code = "absence_decided"
    message = _("这条未到记录已经有了结果。还有疑问请联系现场负责人或社区服务站。")


class ProvedPresence(Refused):
    """Only what a leader marked by mistake is taken back, not what somebody's own phone proved."""

    code = "presence_proved"
    message = _("这是本人签到的记录，不能撤销。只有点名或扫证点错的可以撤销。")


class RollClosed(Refused):
    """The roll of the shift is closed; what is missing is entered as a sheet, with evidence."""

    code = "roll_closed"
    message = _("这一班的点名已经结束。漏登的人请用“补录纸质签到表”登记。")


class RollStillRuns(Refused):
    """A roll is closed after the end, when nobody is left without check-out."""

    code = "roll_still_runs"
    message = _("还有人没有签退，或班次还没有结束。请先给他们签退，再结束点名。")


class CardUnknown(Refused):
    """What was scanned is no card of a volunteer here."""

    code = "card_unknown"
    status = 404
    message = _("没有认出这张志愿者证。请核对编号，或用姓名查找。")


class SheetTooLong(Refused):
    """Up to 50 people and 10 segments each in one go (rule 46)."""

    code = "sheet_too_long"
    status = 422
    message = _("一次最多补录 50 人、每人 10 段。请分几次提交。")


class SheetTooLate(Refused):
    """After ten working days only back entry is left (rule 42)."""

    code = "sheet_too_late"
    message = _("这一班结束已经超过十个工作日，不能再登记签到表。请用“事后补录”，附上证明材料。")
