"""When things take place: rhythms, one date and its scopes, rosters."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.clock import CHINA, local_date, minutes_between
from linbang.foundation.places.choices import Weekday
from linbang.foundation.shell.forms import ChoiceCards, ChoiceCheckCards, RefusingFormMixin
from linbang.intake.activities import rules
from linbang.intake.activities.actions import SeriesEdit
from linbang.intake.activities.choices import DayRule, EditScope, Nth, Repeat
from linbang.intake.activities.forms.rows import (
    DATE,
    TIME,
    DateRowForm,
    DutyTimeForm,
    number,
    rows_of,
)

DateRows = rows_of(DateRowForm, least=4)
DutyTimeRows = rows_of(DutyTimeForm, least=2)
_WEEKDAYS = [(str(day.value), day.label) for day in Weekday]


class RepeatForm(RefusingFormMixin, forms.Form):
    """How often, as people say it."""

    use_required_attribute = False

    repeat = forms.ChoiceField(
        label=_("怎么重复"), choices=Repeat.choices, widget=ChoiceCards, initial=Repeat.WEEKLY
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("周几"), choices=_WEEKDAYS, coerce=int, required=False, widget=ChoiceCheckCards
    )
    nth = forms.TypedChoiceField(
        label=_("第几个"), choices=Nth.choices, coerce=int, required=False, empty_value=1
    )
    month_day = forms.TypedChoiceField(
        label=_("几日"), coerce=int, required=False, empty_value=1,
        choices=[*((n, _("%(day)s 日") % {"day": n}) for n in range(1, 32)), (-1, _("最后一天"))],
    )  # fmt: skip
    interval = number(_("每隔几周、几个月或几天"), low=1, high=12, initial=1, required=False)
    day_rule = forms.ChoiceField(label=_("遇到节假日"), choices=DayRule.choices)

    def rule_told(self) -> tuple[str, DayRule]:
        """Return the RRULE of what was chosen. Raises RhythmUnreadable."""
        told = self.cleaned_data
        return rules.rule_from(
            rules.Wish(
                repeat=Repeat(told["repeat"]),
                weekdays=tuple(told["weekdays"]),
                interval=told["interval"] or 1,
                nth=told["nth"],
                month_day=told["month_day"],
                day_rule=DayRule(told["day_rule"]),
            )
        )


class SeriesForm(RepeatForm):
    """A rhythm of an activity, or dates chosen one by one."""

    starts_on = forms.DateField(label=_("从哪一天"), widget=DATE)
    ends_on = forms.DateField(label=_("到哪一天"), widget=DATE)
    start_time = forms.TimeField(label=_("几点开始"), widget=TIME)
    end_time = forms.TimeField(label=_("几点结束"), widget=TIME)
    posts = forms.MultipleChoiceField(
        label=_("哪些岗位"), required=False, widget=ChoiceCheckCards,
        help_text=_("不选就是全部岗位。"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, posts: Sequence[Any], now: datetime) -> None:
        first = local_date(now) + timedelta(days=1)
        usual = {
            "starts_on": first, "ends_on": first + timedelta(days=90), "start_time": time(9),
            "end_time": time(11), "weekdays": [5], "day_rule": DayRule.ANY,
        }  # fmt: skip
        super().__init__(data, initial=usual)
        self.fields["posts"].choices = [(str(post.public_id), post.name) for post in posts]
        self.dates = DateRows(data, prefix="dates")

    @property
    def is_by_hand(self) -> bool:
        """The dates are chosen one by one."""
        return bool(self["repeat"].value() == Repeat.BY_HAND)

    def clean(self) -> dict[str, Any]:
        """Ask for a period only where a rhythm fills it, and for dates where none does."""
        told = super().clean() or {}
        if told.get("repeat") == Repeat.BY_HAND:
            for name in ("starts_on", "ends_on"):
                self.errors.pop(name, None)
            if not self.dates.is_valid() or not self.dates.kept():
                self.add_error(None, _("请至少选一个日期。"))
        return told

    def rhythm(self) -> rules.Rhythm:
        """Return the rhythm told. Raises RhythmUnreadable, WindowImpossible."""
        told = self.cleaned_data
        rule, day_rule = self.rule_told()
        window = rules.window_between(told["starts_on"], told["start_time"], told["end_time"])
        return rules.Rhythm(
            rule=rule,
            starts_on=told["starts_on"],
            ends_on=told["ends_on"],
            start_time=told["start_time"],
            minutes=minutes_between(window.starts_at, window.ends_at),
            day_rule=day_rule,
        )

    def days_by_hand(self) -> list[date]:
        """Return the dates chosen one by one, in order."""
        return sorted({row.cleaned_data["date"] for row in self.dates.kept()})

    def windows_by_hand(self) -> list[rules.Window]:
        """Return a window on each date chosen. Raises WindowImpossible."""
        told = self.cleaned_data
        return [
            rules.window_between(day, told["start_time"], told["end_time"])
            for day in self.days_by_hand()
        ]


class ShiftForm(RepeatForm):
    """Another time for one date, this and following, or all of a series."""

    scope = forms.ChoiceField(
        label=_("改哪些"), choices=EditScope.choices, widget=ChoiceCards, initial=EditScope.ONE
    )
    on = forms.DateField(label=_("改到哪一天（仅这一次）"), widget=DATE, required=False)
    start_time = forms.TimeField(label=_("几点开始"), widget=TIME)
    end_time = forms.TimeField(label=_("几点结束"), widget=TIME)
    places = number(_("每班人数"), low=1, required=False)
    places_min = number(_("最少到岗"), required=False)
    changes_rhythm = forms.BooleanField(label=_("也改重复的规律"), required=False)
    ends_on = forms.DateField(label=_("周期到哪一天结束"), widget=DATE, required=False)
    reason = forms.CharField(
        label=_("如果有班次因此取消，写明原因"), max_length=200, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    field_order = ("scope", "on", "start_time", "end_time", "places", "places_min")

    def __init__(self, data: Any = None, *, shift: Any) -> None:
        start, end = (moment.astimezone(CHINA) for moment in (shift.starts_at, shift.ends_at))
        self.shown = {
            "scope": EditScope.ONE, "on": start.date(), "start_time": start.time(),
            "end_time": end.time(), "places": shift.places, "places_min": shift.places_min,
            "ends_on": shift.series.ends_on if shift.series else None, "day_rule": DayRule.ANY,
            "weekdays": [start.weekday()],
        }  # fmt: skip
        super().__init__(data, initial=self.shown)
        if shift.series is None:
            self.fields["scope"].required = self.fields["day_rule"].required = False
            self.fields["repeat"].required = False

    def edit(self) -> SeriesEdit:
        """Return what is to be different. Raises WindowImpossible, RhythmUnreadable."""
        told, scope = self.cleaned_data, self.cleaned_data["scope"] or EditScope.ONE
        is_one = scope == EditScope.ONE
        rule, day_rule = None, None
        if told["changes_rhythm"] and not is_one:
            rule, day_rule = self.rule_told()
        change = rules.SeriesChange(
            start_time=self._new("start_time"),
            minutes=self._minutes(),
            rule=rule,
            day_rule=day_rule,
            ends_on=None if is_one else self._new("ends_on"),
            on=told["on"] if is_one else None,
        )
        resized = self._new("places") is not None or self._new("places_min") is not None
        return SeriesEdit(
            change,
            scope,
            places=told["places"] if resized else None,
            places_min=told["places_min"] if resized else None,
            reason=told["reason"],
        )

    def _new(self, name: str) -> Any:
        """Return what differs from what was shown: a date moved by hand keeps its own time."""
        value = self.cleaned_data[name]
        return value if value != self.shown[name] else None

    def _minutes(self) -> int | None:
        told, shown = (
            rules.window_between(self.shown["on"], row["start_time"], row["end_time"])
            for row in (self.cleaned_data, self.shown)
        )
        minutes = minutes_between(told.starts_at, told.ends_at)
        return minutes if minutes != minutes_between(shown.starts_at, shown.ends_at) else None


class ShiftCancelForm(RefusingFormMixin, forms.Form):
    """Which shifts do not take place, and why; stands on one page with ``ShiftForm``."""

    scope = forms.ChoiceField(
        label=_("取消哪些"), choices=EditScope.choices, widget=ChoiceCards,
        initial=EditScope.ONE, required=False,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("原因"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("报了名的人会看到这段话，取消不计入他们的记录。"),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="cancel_%s")


class RosterForm(RefusingFormMixin, forms.Form):
    """Points × days × times of a duty calendar."""

    use_required_attribute = False

    points = forms.MultipleChoiceField(label=_("哪些值勤点"), widget=ChoiceCheckCards)
    starts_on = forms.DateField(label=_("从哪一天"), widget=DATE)
    ends_on = forms.DateField(label=_("到哪一天"), widget=DATE)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("周几"), choices=_WEEKDAYS, coerce=int, required=False, widget=ChoiceCheckCards,
        help_text=_("不选就是每天。"),
    )  # fmt: skip
    day_rule = forms.ChoiceField(label=_("遇到节假日"), choices=DayRule.choices)

    def __init__(
        self, data: Any = None, *, points: Sequence[Any], period: Any = None, now: datetime
    ) -> None:
        first = local_date(now) + timedelta(days=1)
        usual = {
            "starts_on": max(first, period.starts_on) if period else first,
            "ends_on": period.ends_on if period else first + timedelta(days=6),
            "day_rule": DayRule.ANY,
        }
        super().__init__(data, initial=usual)
        self.fields["points"].choices = [(str(one.public_id), one.name) for one in points]
        self.ids = {str(one.public_id): one.pk for one in points}
        self.times = DutyTimeRows(data, prefix="times")

    def is_valid(self) -> bool:
        """Tell whether points, days and times are told."""
        times = self.times.is_valid()
        if super().is_valid() and not self.times.kept():
            self.add_error(None, _("请至少填一个时段。"))
        return times and not self.errors

    def calendar(self) -> rules.DutyCalendar:
        """Return the calendar told."""
        told = self.cleaned_data
        return rules.DutyCalendar(
            points=tuple(self.ids[one] for one in told["points"]),
            times=tuple(
                rules.DutyTime(
                    row["start_time"], row["end_time"], row["places"],
                    1 if row["places_min"] is None else row["places_min"],
                )
                for row in (form.cleaned_data for form in self.times.kept())
            ),
            starts_on=told["starts_on"],
            ends_on=told["ends_on"],
            weekdays=tuple(told["weekdays"]),
            day_rule=DayRule(told["day_rule"]),
        )  # fmt: skip


class WeekForm(forms.Form):
    """From which day on a roster is shown."""

    week = forms.DateField(required=False)

    def told(self, today: date) -> date:
        """Return the day asked for, else today; a few years away there is no roster."""
        self.full_clean()
        day = self.cleaned_data.get("week") or today
        return day if abs(day - today) < timedelta(days=1000) else today
