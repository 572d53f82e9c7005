"""Why somebody at a desk could not be signed in."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class NoShiftNow(Refused):
    """No shift of the activity can be walked into now."""

    code = "no_shift_now"
    message = _("现在没有可以登记的班次。班次开始前一小时起才能现场登记。")


class VisitorUnknown(Refused):
    """Nobody is registered under what was typed, and a part for registering is missing."""

    code = "visitor_unknown"
    status = 422
    message = _("还没有登记过，请填写这一项，马上就能登记好。")


class SeveralAtPhone(Refused):
    """Several people are registered under one phone."""

    code = "several_at_phone"
    status = 422
    message = _("这个手机号登记了几个人，请选是哪一位。")


class ConsentNeeded(Refused):
    """The person has not ticked the texts herself (rule 4)."""

    code = "consent_needed"
    status = 422
    message = _("请把手机交给本人，读过以后由本人勾选同意。")


class PlaceIsHeld(Refused):
    """A freed place is being kept for the person, who has not said yes."""

    code = "place_is_held"
    message = _("有一个名额正为本人保留，请本人先在自己的手机上确认，再来签到。")
