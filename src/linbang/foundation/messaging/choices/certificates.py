"""What is told about certificates."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from linbang.foundation.messaging.choices.shapes import NoticeText

CERTIFICATE_NOTICES: Mapping[str, NoticeText] = {
    "certificate_issued": NoticeText(
        _("服务站为您开具了证明"), _("志愿服务记录证明 %(number)s 已开好，可以下载或打印。")
    ),
    "certificate_superseded": NoticeText(
        _("有一张证明需要换新"),
        _("证明 %(number)s 中的服务记录有变动，这张不再有效。请重新开一张，免费。"),
    ),
    "certificate_revoked": NoticeText(
        _("有一张证明已撤销"), _("证明 %(number)s 已撤销。如有疑问请联系服务站。")
    ),
}
