"""What a leader presses or types on the spot."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.operations.service import rules
from linbang.operations.service.actions import SheetLine, Visitor
from linbang.operations.service.choices import CardDirection, RollMark
from linbang.operations.service.rules import RollLine


class DayForm(forms.Form):
    """Which day of an activity; empty or wrong means the day at hand."""

    day = forms.DateField(required=False)

    def named(self) -> date | None:
        """Return the day named, if one is."""
        return self.cleaned_data["day"] if self.is_valid() else None


class MarkForm(RefusingFormMixin, forms.Form):
    """One mark about one person."""

    sign_up = forms.UUIDField()
    mark = forms.ChoiceField(choices=RollMark.choices)
    came_at = forms.DateTimeField(
        required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S%z"]
    )
    note = forms.CharField(required=False, max_length=200)

    def told(self, *, at: datetime | None, key: str) -> RollLine:
        """Return the mark as the actions take it."""
        data = self.cleaned_data
        return RollLine(
            sign_up=data["sign_up"],
            mark=RollMark(data["mark"]),
            at=at,
            came_at=data["came_at"],
            note=data["note"],
            key=key,
        )


class SettlementForm(RefusingFormMixin, forms.Form):
    """Who forgot to check out: one person at a time, or everybody at the planned end."""

    sign_up = forms.UUIDField(required=False)
    time = forms.TimeField(
        label=_("离开的时间"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    note = forms.CharField(label=_("怎么知道的"), required=False, max_length=200)


class CardScanForm(RefusingFormMixin, forms.Form):
    """A card that was scanned, or the number on it."""

    card = forms.CharField(
        label=_("志愿者编号"),
        max_length=200,
        help_text=_("证上 V 开头的一串。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    direction = forms.ChoiceField(
        choices=CardDirection.choices, required=False, widget=forms.HiddenInput
    )


class WalkInForm(RefusingFormMixin, forms.Form):
    """Somebody at the desk: one field for who is known, three for who is new."""

    shift = forms.ChoiceField(label=_("哪一班"))
    who = forms.CharField(
        label=_("身份证号（登记过的，填手机号也行）"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "class": "big-input", "autocapitalize": "characters"}
        ),
    )
    name = forms.CharField(
        label=_("姓名"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    region_code = forms.ChoiceField(label=_("住在哪个社区"), required=False)
    agreed = forms.BooleanField(label=_("本人已阅读，同意登记并成为志愿者"), required=False)
    accepts_risk = forms.BooleanField(label=_("本人已阅读风险告知，自愿参加"), required=False)
    person = forms.ChoiceField(label=_("是哪一位"), required=False, widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        shifts: Iterable[tuple[Any, Any]],
        homes: Iterable[tuple[Any, Any]],
        people: Iterable[tuple[Any, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shift"].choices = list(shifts)
        self.fields["region_code"].choices = list(homes)
        self.fields["person"].choices = list(people)

    def told(self) -> Visitor:
        """Return what was typed at the desk."""
        data = self.cleaned_data
        person = data["person"]
        return Visitor(
            **{name: data[name] for name in ("who", "name", "phone", "agreed", "accepts_risk")},
            region_code=data["region_code"] or next(iter(self._homes()), ""),
            person=UUID(person) if person else None,
        )

    def _homes(self) -> Iterable[str]:
        return (code for code, _label in self.fields["region_code"].choices if code)


class SheetForm(RefusingFormMixin, forms.Form):
    """A paper sheet: two times a person, and where the sheet is kept."""

    note = forms.CharField(
        label=_("为什么补录，纸质签到表存在哪里"),
        help_text=_("例如“现场没有网络，签到表第 1 页存社区”。"),
        max_length=200,
    )

    def __init__(self, *args: Any, rows: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            for side in ("came", "left"):
                self.fields[f"{side}-{row.sign_up}"] = forms.TimeField(
                    required=False,
                    widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.rows:
            came, left = data.get(f"came-{row.sign_up}"), data.get(f"left-{row.sign_up}")
            if bool(came) != bool(left):
                self.add_error(f"{'left' if came else 'came'}-{row.sign_up}", _("到和走都要填。"))
        return data

    def lines(self, day: date) -> list[SheetLine]:
        """Return the people whose times were filled in."""
        times = ((row.sign_up, self._times(row.sign_up)) for row in self.rows)
        return [
            SheetLine(sign_up, (rules.sheet_window(day, *both),)) for sign_up, both in times if both
        ]

    def cells(self) -> list[dict[str, Any]]:
        """Return the rows of the table with their two fields."""
        return [
            {"row": row, "came": self[f"came-{row.sign_up}"], "left": self[f"left-{row.sign_up}"]}
            for row in self.rows
        ]

    def _times(self, sign_up: UUID) -> tuple[time, time] | None:
        came = self.cleaned_data.get(f"came-{sign_up}")
        left = self.cleaned_data.get(f"left-{sign_up}")
        return (came, left) if came and left else None
