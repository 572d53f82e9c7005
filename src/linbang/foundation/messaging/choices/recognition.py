"""What is told of stars and honours."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from linbang.foundation.messaging.choices.shapes import NoticeText

RECOGNITION_NOTICES: Mapping[str, NoticeText] = {
    "star_on_notice": NoticeText(
        _("星级申请通过审核"), _("%(star)s 星申请已通过审核，公示到 %(day)s，没有异议就授予。")
    ),
    "star_refused": NoticeText(_("星级申请未通过"), _("%(star)s 星申请没有通过：%(reason)s")),
    "star_objected": NoticeText(
        _("公示的星级有异议"), _("有人对您的 %(star)s 星公示提出异议，服务站会核实。")
    ),
    "star_granted": NoticeText(_("恭喜您获得新星级"), _("您现在是 %(star)s 星志愿者，感谢付出！")),
    "star_lowered": NoticeText(
        _("星级已更正"), _("您的星级更正为 %(star)s 星：%(reason)s。如有疑问请联系服务站。")
    ),
    "star_taken_back": NoticeText(
        _("星级已更正"), _("您的 %(star)s 星已取消：%(reason)s。如有疑问请联系服务站。")
    ),
    "star_objection_answered": NoticeText(_("您对星级公示的异议有答复了"), _("%(answer)s")),
    "honour_registered": NoticeText(_("表彰已登记"), _("“%(honour)s”已记入您的荣誉。")),
    "honour_refused": NoticeText(
        _("表彰没有登记"), _("“%(honour)s”：%(reason)s。如有疑问请联系服务站。")
    ),
}
