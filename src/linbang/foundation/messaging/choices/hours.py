"""What people are told while hours are written down and due."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from linbang.foundation.messaging.choices.shapes import NoticeText

HOURS_NOTICES: Mapping[str, NoticeText] = {
    "record_entered": NoticeText(
        _("有人为您补录了服务时长"),
        _("%(item)s：%(minutes)s，审核后生效。不对的话，请打开记录提出来。"),
    ),
    "hours_due": NoticeText(
        _("服务记录快到期了"),
        _("“%(item)s”的服务记录 %(day)s 前要办完，还有 %(count)s 项没有办。过期只能事后补录。"),
    ),
}
