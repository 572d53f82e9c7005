"""What people are told who pay with saved time, give it or are given it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from linbang.foundation.messaging.choices.shapes import NoticeText

SPENDING_NOTICES: Mapping[str, NoticeText] = {
    "payment_held": NoticeText(
        _("已为您预留储蓄"), _("为“%(item)s”预留 %(minutes)s，服务确认后才支付。")
    ),
    "payment_made": NoticeText(
        _("储蓄已支付"), _("“%(item)s”已确认，支付 %(minutes)s。有疑问请在 7 天内提出异议。")
    ),
    "payment_released": NoticeText(
        _("预留的储蓄已退回"), _("“%(item)s”没有用到的 %(minutes)s 已退回您的账户。")
    ),
    "payment_refunded": NoticeText(
        _("储蓄有退回"), _("“%(item)s”的服务时间有更正，退回您 %(minutes)s。")
    ),
    "departure_charged": NoticeText(
        _("临时取消，部分补给志愿者"),
        _("“%(item)s”取消时志愿者已经出发，%(minutes)s 补给对方，其余退回您的账户。"),
    ),
    "departure_paid": NoticeText(
        _("让您白跑一趟了"), _("“%(item)s”临时取消，补给您 %(minutes)s。谢谢您！")
    ),
    "gift_offered": NoticeText(
        _("有家人送您时间"), _("%(name)s送您 %(minutes)s，请在 7 天内收下或谢绝。")
    ),
    "gift_accepted": NoticeText(_("对方收下了"), _("%(name)s收下了您送的 %(minutes)s。")),
    "gift_returned": NoticeText(
        _("送出的时间已退回"), _("%(name)s没有收下，%(minutes)s 已退回您的账户。")
    ),
    "savings_disputed": NoticeText(
        _("有一笔储蓄被提出异议"), _("%(minutes)s 暂时冻结，请看看并说明情况，服务站会处理。")
    ),
    "dispute_decided": NoticeText(_("储蓄异议有结果了"), _("关于 %(minutes)s 的异议已处理完。")),
    "savings_passed": NoticeText(_("有储蓄移交给您"), _("家人留下的 %(minutes)s 已存入您的账户。")),
}
