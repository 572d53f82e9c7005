"""Why a stroke at a desk could not be counted."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class TopicUnknown(Refused):
    """The desk does not count this topic."""

    code = "desk_topic_unknown"
    status = 422
    message = _("这个咨询台没有这一类，请刷新页面后再计数。")


class NothingToTakeBack(Refused):
    """There are not so many strokes to take back."""

    code = "nothing_to_take_back"
    message = _("这一类已经是 0 了，不能再减。")


class TooManyAtOnce(Refused):
    """One stroke stands for 500 people at most."""

    code = "too_many_at_once"
    status = 422
    message = _("一次最多计 500 人，请分几次。")
