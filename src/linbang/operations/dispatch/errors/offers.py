"""Why an offer cannot be made or answered as asked."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class OfferClosed(Refused):
    """The offer was answered, withdrawn or its need is over."""

    code = "offer_closed"
    message = _("这条邀请已经结束，谢谢您。请看看其他邀请。")


class OfferExpired(Refused):
    """The offer's time has run out."""

    code = "offer_expired"
    message = _("这条邀请已过期，可能已经请了别的志愿者。谢谢您的热心。")


class PlaceTaken(Refused):
    """Every helper's place of the need is taken."""

    code = "place_taken"
    message = _("刚刚已有志愿者接了这一单，谢谢您。")


class WindowTaken(Refused):
    """The volunteer is promised elsewhere in an overlapping window (decided by the database)."""

    code = "window_taken"
    message = _("您在这段时间已有别的安排，不能同时接两单。请先调整原来的安排。")


class NotYourOffer(Refused):
    """The offer was made to somebody else."""

    code = "offer_not_yours"
    status = 404
    message = _("没有找到这条邀请。")


class NotDispatchable(Refused):
    """The need is not at a point where somebody can be asked."""

    code = "need_not_dispatchable"
    message = _("这条求助现在不需要派单，请刷新页面查看最新进展。")


class VolunteerUnfit(Refused):
    """The chosen volunteer may not take this need; the first reason is named."""

    code = "volunteer_unfit"
    status = 422
    message = _("不能派给这位志愿者：%(reason)s。请另选一位。")


class AlreadyAsked(Refused):
    """The volunteer has an open offer for this need already."""

    code = "volunteer_already_asked"
    message = _("已经邀请过这位志愿者，请等待答复或另选一位。")


class VisitBegun(Refused):
    """The visit has begun: one cannot leave the assignment any more."""

    code = "visit_already_begun"
    message = _("上门服务已经开始，不能再退出。请完成后签退，或联系社区服务站。")


class ReasonMissing(Refused):
    """Leaving an assignment or blocking a pair needs a reason."""

    code = "reason_missing"
    status = 422
    message = _("请写一句原因，方便站点重新安排。")
