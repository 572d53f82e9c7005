"""Why a request for help cannot be taken or moved on as asked."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class MayNotSpeakFor(Refused):
    """Somebody asks for a person who has not named her as a relative."""

    code = "may_not_speak_for"
    status = 403
    message = _("您还不是这位居民登记确认的亲属，请联系社区服务站办理亲属登记，或由站点代为登记。")


class ItemNotOffered(Refused):
    """The service item does not exist or is not offered at present."""

    code = "item_not_offered"
    status = 422
    message = _("这项服务目前不提供，请换一项，或拨打服务站电话。")


class WindowNotBookable(Refused):
    """The window begins in the past, or too far ahead, or is too short or too long."""

    code = "window_not_bookable"
    status = 422
    message = _("请选择从现在起 %(days)s 天以内的时间，时长在 15 分钟到 8 小时之间。")


class AlreadyAskedThatDay(Refused):
    """The beneficiary already has a visit of this kind on that day (rule 65)."""

    code = "already_asked_that_day"
    message = _("当天已经有一次同样的求助了，请换一天；确实需要再来一次，请联系社区服务站。")


class EmergencyNotDispatched(Refused):
    """What is told sounds like fire, crime or acute illness (rule 58)."""

    code = "emergency_not_dispatched"
    status = 422
    message = _("听起来情况紧急：请立即拨打 %(number)s，志愿者不能代替急救、消防和警察。")


class ContactMissing(Refused):
    """Neither the need nor the beneficiary has an address and a phone (rule 57)."""

    code = "need_contact_missing"
    status = 422
    message = _("还缺少上门地址或联系电话，请补充后再提交。")


class StateNotNext(Refused):
    """The need is not in a state from which this can follow."""

    code = "need_state_not_next"
    message = _("这条求助已经是“%(state)s”，不能再这样处理，请刷新页面查看最新进展。")


class ReasonRequired(Refused):
    """A need is declined only with a reason the resident can read."""

    code = "need_reason_required"
    status = 422
    message = _("请写明原因，居民会看到这段话。")


class TooFewHelpers(Refused):
    """Rule 63 asks for more helpers than were given."""

    code = "too_few_helpers"
    status = 422
    message = _("这次服务至少需要 %(count)s 名志愿者一起去。")


class WishUnknown(Refused):
    """What is wished of a helper is not on the list."""

    code = "wish_unknown"
    status = 422
    message = _("对志愿者的要求里有一项不在清单里，请重新选择；其他要求请写在说明里。")


class RiskUnknown(Refused):
    """A known risk is not one of the list."""

    code = "known_risk_unknown"
    status = 422
    message = _("有一项风险不在清单里，请重新勾选，其他情况请写在备注里。")
