"""How a rhythm is chosen, and the words that say it back."""

from collections.abc import Mapping

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Repeat(TextChoices):
    """How an activity recurs, as people say it."""

    WEEKLY = "weekly", _("每周")
    MONTHLY_NTH = "monthly_nth", _("每月第几个周几")
    MONTHLY_DAY = "monthly_day", _("每月几日")
    LAST_WORKDAY = "last_workday", _("每月最后一个工作日")
    DAILY = "daily", _("每天")
    BY_HAND = "by_hand", _("自己选日期")


class Nth(IntegerChoices):
    """Which of a month's weekdays."""

    FIRST = 1, pgettext_lazy("nth", "第一个")
    SECOND = 2, pgettext_lazy("nth", "第二个")
    THIRD = 3, pgettext_lazy("nth", "第三个")
    FOURTH = 4, pgettext_lazy("nth", "第四个")
    LAST = -1, pgettext_lazy("nth", "最后一个")


# Keyed by the shape of a rule. ``days`` are weekdays, joined; ``nth`` a word of ``Nth``.
RHYTHM_WORDS: Mapping[str, str | Promise] = {
    "days": _("每%(days)s"),
    "days_every": _("每 %(n)s 周的%(days)s"),
    "daily": _("每天"),
    "daily_every": _("每 %(n)s 天"),
    "workdays": _("每个工作日（含调休上班日）"),
    "month_day": _("每月 %(day)s 日"),
    "month_day_or_none": _("每月 %(day)s 日，没有这一天的月份不办"),
    "month_end": _("每月最后一天"),
    "month_set_end": _("每月最后一天"),
    "nth": _("每月%(nth)s%(weekday)s"),
    "last_workday": _("每月最后一个工作日（含调休上班日）"),
    "months_every": _("%(what)s，每 %(n)s 个月一次"),
    "raw": _("按规则 %(rule)s"),
    "narrowed": _("%(what)s，%(day_rule)s"),
    "joint": pgettext_lazy("list", "、"),
}
