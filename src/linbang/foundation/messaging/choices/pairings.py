"""What the two sides of a pairing are told."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from linbang.foundation.messaging.choices.shapes import NoticeText

PAIRING_NOTICES: Mapping[str, NoticeText] = {
    "pairing_with_neighbour": NoticeText(
        _("您有了结对的邻居"), _("您和%(name)s结对了，请常去看看。打开“结对”看说好多久去一次。")
    ),
    "pairing_with_helper": NoticeText(
        _("有人和您结对了"), _("%(name)s和您结对，会常来看您。有不合适的地方，请告诉服务站。")
    ),
    "pairing_ended": NoticeText(
        _("结对已结束"), _("和%(name)s的结对已经结束，谢谢您。有疑问请联系服务站。")
    ),
}
