"""What people are told while hours, or a registration, are looked into."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from linbang.foundation.messaging.choices.shapes import NoticeText, SmsText

INTEGRITY_SMS: Mapping[str, SmsText] = {
    "registration_ended": SmsText(
        _("【邻帮】已核实：那份登记不是您本人办理的，现已注销。有疑问请致电社区服务站。")
    ),
    "registration_kept": SmsText(
        _("【邻帮】已核实：那份登记是本人办理的，予以保留。有疑问请致电社区服务站。")
    ),
}

INTEGRITY_NOTICES: Mapping[str, NoticeText] = {
    "record_flagged": NoticeText(
        _("有一段时长正在核查"), _("%(item)s：%(reason)s。核查清楚以后告诉您，您不用做什么。")
    ),
    "record_cleared": NoticeText(_("核查已结束"), _("%(item)s：没有问题，按正常程序计入。")),
    "record_voided": NoticeText(
        _("一段时长已作废"), _("%(item)s：%(reason)s。不服可以在 %(day)s前申诉。")
    ),
    "record_restored": NoticeText(
        _("作废已撤销"), _("%(item)s：申诉成立，时长恢复为 %(minutes)s。")
    ),
    "void_appeal_rejected": NoticeText(_("申诉有了答复"), _("%(item)s：维持作废。%(reason)s")),
    "service_barred": NoticeText(
        _("时长须先核查"), _("到 %(day)s为止，您新的服务时长要经街道核查才生效：%(reason)s。")
    ),
}
