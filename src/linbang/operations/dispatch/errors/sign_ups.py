"""Why a place cannot be taken, kept or given as asked."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class ShiftNotFound(Refused):
    """There is no such shift, or it is not published."""

    code = "shift_not_found"
    status = 404
    message = _("没有找到这个班次，可能已经调整。请回到活动页面看看。")


class ShiftCancelled(Refused):
    """The shift or its activity does not take place."""

    code = "shift_cancelled"
    message = _("这个班次已经取消。请看看其他班次或活动。")


class SignUpClosed(Refused):
    """Sign-up for the shift is over."""

    code = "sign_up_closed"
    message = _("这个班次的报名已经截止。请看看其他班次，或联系负责人。")


class SignUpNotOpenYet(Refused):
    """Sign-up for the shift has not begun."""

    code = "sign_up_not_open_yet"
    message = _("报名还没有开始，请到时间再来。")


class ShiftFull(Refused):
    """Every place of the shift is taken, and the caller did not want to wait or cannot."""

    code = "shift_full"
    message = _("这个班次的名额已经满了。可以加入候补，或选别的班次。")


class NotCleared(Refused):
    """The person may not take the post yet; ``causes`` says why, every reason at once.

    ``causes`` are codes of ``clearance.choices.Cause``; a qualification's is ``code:which``.
    ``lines`` say each in words, with the address where it can be settled, if there is one.
    """

    code = "not_cleared"
    status = 422
    message = _("暂时不能报这个岗位：%(reasons)s。")

    def __init__(
        self,
        *,
        causes: tuple[str, ...],
        reasons: str,
        lines: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        self.causes, self.lines = causes, tuple(lines)
        super().__init__(reasons=reasons)

    @property
    def facts(self) -> Mapping[str, object]:
        """Every cause with its words and where to go."""
        return {
            "causes": [
                {"code": code, "detail": detail, "url": url} for code, detail, url in self.lines
            ]
        }


class ShiftWindowTaken(Refused):
    """The person is promised elsewhere at that time (decided by the database)."""

    code = "shift_window_taken"
    message = _("您在这段时间已有别的安排。请先调整原来的安排，或选别的班次。")


class SignUpKeyReused(Refused):
    """The idempotency key belongs to a sign-up for another shift."""

    code = "sign_up_key_reused"
    message = _("这次提交的编号已用于另一次报名，请刷新页面后重新报名。")


class PlacesBelowTaken(Refused):
    """A shift cannot have fewer places than are taken."""

    code = "places_below_taken"
    status = 422
    message = _(
        "“%(post)s”%(when)s 的班次已有 %(taken)s 个名额被占用，不能再少。"
        "请先请人退出或减少预留，再改名额。"
    )


class ShiftBegun(Refused):
    """The shift has begun: places are neither given back nor taken any more."""

    code = "shift_begun"
    message = _("班次已经开始，不能再改报名。来不了请直接给负责人打电话。")


class HoldExpired(Refused):
    """The time in which the freed place was kept is over."""

    code = "hold_expired"
    message = _("为您保留的时间已过，名额已给下一位。您可以重新加入候补。")


class NothingHeld(Refused):
    """No place is being kept for this sign-up."""

    code = "nothing_held"
    message = _("现在没有为您保留的名额，请刷新页面看看最新情况。")


class NotRequested(Refused):
    """The sign-up does not wait for a decision any more."""

    code = "sign_up_not_requested"
    message = _("这条报名已经处理过或本人已退出，请刷新页面。")


class SignUpOver(Refused):
    """The sign-up has ended, so nothing more can be done with it."""

    code = "sign_up_over"
    message = _("这条报名已经结束，请刷新页面看看最新情况。")


class AlreadySignedUp(Refused):
    """The person holds a place on that shift already."""

    code = "already_signed_up"
    message = _("您已经有这个班次的名额，不用再报。")


class StandInClosed(Refused):
    """Somebody else stands in by now, or it is no longer needed."""

    code = "stand_in_closed"
    message = _("已经有人替班或对方不找了，谢谢您的热心。")


class AlreadySeeking(Refused):
    """The person already seeks a stand-in, or a swap, for this place."""

    code = "already_seeking"
    message = _("您已经在找人替这个班，请先撤回再重新发起。")


class SwapImpossible(Refused):
    """The two places cannot be swapped."""

    code = "swap_impossible"
    message = _("这两个班次不能互换：要两个不同的班次、两位已录取且还没有开始。")


class NotOfTeam(Refused):
    """Somebody chosen does not belong to the unit or team."""

    code = "not_of_team"
    status = 422
    message = _("有人不是这支队伍（单位）的成员，请先办理入队或改由本人报名。")


class ReservationTooSmall(Refused):
    """More people are named than places are kept."""

    code = "reservation_too_small"
    message = _("预留的名额只剩 %(places)s 个，请减少人数，或请负责人增加预留。")


class MessageMissing(Refused):
    """A message to everybody needs words."""

    code = "message_missing"
    status = 422
    message = _("请写要告诉大家的话。")


class PersonUnclear(Refused):
    """The words of a planner mean nobody, or several people."""

    code = "person_unclear"
    status = 422
    message = _("没有找到，或找到不止一位。请写全名、电话或志愿者编号。")


class RosterEmpty(Refused):
    """There is nothing to roster: no shifts in those days, or nobody to choose from."""

    code = "roster_empty"
    status = 422
    message = _("这几天没有要排的班次，或没有可以排的人。请换一段日期或一支队伍。")


class RosterDecided(Refused):
    """The proposal was confirmed or discarded already."""

    code = "roster_decided"
    message = _("这个方案已经处理过，请看最新的排班，或重新生成一个。")


class PairTwice(Refused):
    """The person stands on that shift in the proposal already."""

    code = "roster_pair_twice"
    message = _("这个人已经排在这个班次里了。")


class RegionTooWide(Refused):
    """The public list is per county or smaller."""

    code = "region_too_wide"
    status = 422
    message = _("请给出区县或更小范围的行政区划代码，例如 450103001005。")
