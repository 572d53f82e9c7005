"""Why something was not banked."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class RecordNotVerified(Refused):
    """Only verified records are banked (rule 64: no confirmation, no coins)."""

    code = "record_not_verified"
    message = _("这条服务记录还没有审核，审核通过后自动入账。")


class ItemNotPayable(Refused):
    """The scheme does not take saved time for this service."""

    code = "item_not_payable"
    message = _("按本地办法，这个项目不用储蓄支付。不必支付也会照常为您服务。")


class TooYoungToRedeem(Refused):
    """Saved time is spent for oneself from an age on (rule 70)."""

    code = "redeem_age_not_reached"
    message = _(
        "年满 %(age)s 岁才能为自己使用。时间会一直存着，不会过期；这次服务不用支付，照常为您安排。"
    )


class NotARelative(Refused):
    """Only registered direct relatives from an age on are paid for (rule 70)."""

    code = "not_a_registered_relative"
    message = _("只能为已登记的 %(age)s 岁以上直系亲属支付。请先在“我的家人”里登记并由对方确认。")


class NotEnoughSaved(Refused):
    """Less is saved than the service would cost; it is given all the same."""

    code = "not_enough_saved"
    message = _("余额不够支付这次服务。不用支付也会照常为您安排，请放心。")


class BelowMinRedeem(Refused):
    """Some schemes let one spend only from a balance on."""

    code = "below_min_redeem"
    message = _("存满 %(units)s 个以后才能使用。这次服务不用支付，照常为您安排。")


class TooLateToPay(Refused):
    """The helper is there, or the need is over."""

    code = "too_late_to_pay"
    message = _("服务已经开始或已经结束，不能再更改支付方式。")


class PaymentChosen(Refused):
    """Somebody else pays for this need already."""

    code = "payment_already_chosen"
    message = _("这次服务已经有人支付，不用重复选择。")


class ProxyReasonMissing(Refused):
    """Whoever acts for somebody says why (rule 102)."""

    code = "proxy_reason_missing"
    message = _("代办请写明原因，例如“本人来电，请站里代为办理”。")


class NotWholeSteps(Refused):
    """Units are given in whole steps."""

    code = "units_not_in_steps"
    message = _("请填大于零、以 %(step)s 为一档的数量。")


class GiftNotAllowed(Refused):
    """The scheme does not let this person be given saved time (rule 70)."""

    code = "gift_not_allowed"
    message = _("只能送给已登记的 60 岁以上直系亲属，或捐给公共池。请先在“我的家人”里登记。")


class UnitsAreNotMoney(Refused):
    """Saved time is never bought, sold or cashed (rule 67)."""

    code = "units_are_not_money"
    message = _("时间不能买卖、兑现，请不要写金额、红包、转账等内容，改一改留言再提交。")


class TooManyGifts(Refused):
    """A few gifts a day."""

    code = "gifts_a_day_reached"
    message = _("一天最多送出 %(count)s 次，请明天再送。")


class GiftClosed(Refused):
    """The gift was answered, or its time is over."""

    code = "gift_closed"
    message = _("这份赠送已经处理过或已过期，请刷新页面查看。")


class ReceiverFull(Refused):
    """The receiver's balance would go beyond the limit (rule 66)."""

    code = "receiver_is_full"
    message = _("对方的余额会超过上限，收不下这么多。请减少数量，或捐给公共池。")


class CardUnknown(Refused):
    """Nobody has this card."""

    code = "red_card_unknown"
    message = _("没有这张卡，请核对号码后再试一次。")


class WrongCard(Refused):
    """The card is not of the person who was helped."""

    code = "red_card_of_somebody_else"
    message = _("这张卡不是这次服务对象的，请扫本人的红卡。")


class NoVisitToday(Refused):
    """A card confirms a visit that the helper ended on this day."""

    code = "no_visit_to_confirm"
    message = _("没有您今天刚做完、还没确认的上门服务。请先签退；不是今天的请让居民在手机上确认。")


class NotDisputable(Refused):
    """This movement is not disputed here."""

    code = "not_disputable"
    message = _("这一笔不在这里提异议：服务所得请到服务记录里提出。")


class TooLateToDispute(Refused):
    """Disputes come within days (rule 73)."""

    code = "dispute_too_late"
    message = _("已过 %(days)s 天的异议期。仍有疑问请联系社区服务站。")


class DisputeIsOpen(Refused):
    """The movement is being disputed already."""

    code = "dispute_already_open"
    message = _("这一笔已经提过异议，请等服务站处理。")


class DisputeIsClosed(Refused):
    """The dispute was decided."""

    code = "dispute_closed"
    message = _("这件异议已经处理完了，请刷新页面查看。")


class NoRulingYet(Refused):
    """Nothing waits for a second person."""

    code = "no_ruling_to_confirm"
    message = _("还没有待确认的处理意见，请先提出。")


class NotForOneself(Refused):
    """Nobody decides on a matter of her own."""

    code = "not_for_oneself"
    message = _("不能处理与自己有关的事，请由其他工作人员办理。")


class SecondStaffNeeded(Refused):
    """A second member of staff is needed."""

    code = "second_staff_needed"
    message = _("需要另一位工作人员确认，不能由同一个人办理。")


class DocumentMissing(Refused):
    """Savings are passed on with a document."""

    code = "document_missing"
    message = _("请写明依据的材料，例如死亡证明或声明书编号。")


class NothingToPass(Refused):
    """There is nothing to be passed on, or it was done."""

    code = "nothing_to_pass_on"
    message = _("没有可移交的储蓄，或已经办完了。")


class LimitOutOfBounds(Refused):
    """A place may set its limits between sane bounds only."""

    code = "limit_out_of_bounds"
    status = 422
    message = _("这一项应在 %(least)s 到 %(most)s 之间，按 %(step)s 递增，请改后再提交。")


class LimitNotAdjustable(Refused):
    """Rules fixed by the programme are no place's to change (rules 67, 74)."""

    code = "limit_not_adjustable"
    status = 422
    message = _("这一项由统一规则规定，本地不能更改。")


class SchemeUnknown(Refused):
    """There is no preset of that name and version."""

    code = "scheme_unknown"
    status = 422
    message = _("没有这个办法，请从列表中选择。")


class SchemeUnchanged(Refused):
    """The scheme in force says the same already."""

    code = "scheme_unchanged"
    message = _("与现行办法相同，没有需要采用的变化。请修改后再提交。")
