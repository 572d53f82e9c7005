"""What savers are told of their savings, beside the plain deposit."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from linbang.foundation.messaging.choices.shapes import NoticeText

SAVINGS_NOTICES: Mapping[str, NoticeText] = {
    "minutes_over_day": NoticeText(
        _("爱心储蓄入账"),
        _("存入 %(minutes)s；当天已到上限，其余 %(pooled_minutes)s 转入公共池。服务时长不变。"),
    ),
    "minutes_over_balance": NoticeText(
        _("爱心储蓄入账"),
        _("存入 %(minutes)s；余额已到上限，其余 %(pooled_minutes)s 转入公共池。服务时长不变。"),
    ),
    "minutes_of_minor": NoticeText(
        _("您的服务存进了公共池"),
        _("未满18周岁的服务，%(pooled_minutes)s 计入公共池，帮助困难老人。您的服务时长照样记录。"),
    ),
    "minutes_of_group": NoticeText(
        _("您的服务存进了公共池"),
        _("集体服务的 %(pooled_minutes)s 计入公共池，帮助困难老人。您的服务时长照样记录。"),
    ),
    "minutes_of_other_age": NoticeText(
        _("您的服务存进了公共池"),
        _("按本地办法，您的年龄不存个人账户，%(pooled_minutes)s 计入公共池。服务时长照样记录。"),
    ),
    "minutes_taken_back": NoticeText(
        _("爱心储蓄有更正"), _("服务记录有变动，退回 %(minutes)s。有疑问请联系社区服务站。")
    ),
    "minutes_owed": NoticeText(
        _("爱心储蓄有更正"),
        _("服务记录有变动，退回 %(minutes)s；还差 %(owed_minutes)s，以后存入时先补上。"),
    ),
    "grant_received": NoticeText(
        _("您收到本月赠时"),
        _("公共池赠您 %(minutes)s，本月底前有效。求助时先用赠时，不能转送。"),
    ),
    "grant_received_to_keep": NoticeText(
        _("您收到本月赠时"), _("公共池赠您 %(minutes)s。求助时先用赠时，不能转送。")
    ),
    "books_wrong": NoticeText(
        _("爱心储蓄账目核对有问题"), _("昨夜核对发现 %(count)s 处不符，请查看并联系系统管理员。")
    ),
}
