"""What is entered afterwards: who served when, why it comes so late, and the proof."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.operations.service_records import rules
from linbang.operations.service_records.actions import EntryOrder
from linbang.operations.service_records.errors import LineUnreadable
from linbang.operations.service_records.rules import EntryLine

ROWS = 3


class BackEntryForm(RefusingFormMixin, forms.Form):
    """A list of people and times, typed into rows or pasted, with reason, proof, declaration."""

    text = forms.CharField(
        label=_("从表格粘贴"),
        help_text=_("每行一段：编号或姓名，日期，开始，结束。例如“王建国 2026-11-20 9:00 11:30”。"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    reason = forms.CharField(
        label=_("为什么事后补录"),
        help_text=_("例如“当天停电，用了纸质签到表”。"),
        max_length=200,
    )
    evidence = forms.FileField(
        label=_("证明材料"),
        help_text=_("签到表、现场照片等，PDF 或 JPG、PNG 图片，5 MB 以内。只有审核的人看得到。"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    declares = forms.BooleanField(
        label=_("我声明以上内容真实。虚报时长的，时长作废，并按规定处理。")
    )
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = str(uuid4())
        for n in range(ROWS):
            self.fields[f"who-{n}"] = forms.CharField(required=False, max_length=50)
            self.fields[f"day-{n}"] = forms.DateField(
                required=False, widget=forms.DateInput(attrs={"type": "date"})
            )
            for side in ("came", "left"):
                self.fields[f"{side}-{n}"] = forms.TimeField(
                    required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            pasted = rules.parse_lines(data.get("text", ""))
        except LineUnreadable as refusal:
            self.add_error("text", str(refusal))
            pasted = []
        for n in range(ROWS):
            parts = [data.get(f"{name}-{n}") for name in ("who", "day", "came", "left")]
            given = [part not in (None, "") for part in parts]
            if any(given) and not all(given):
                self.add_error(f"who-{n}", _("姓名、日期、开始、结束都要填。"))
            elif all(given):
                pasted.append(EntryLine(*parts))
        data["lines"] = pasted
        return data

    def rows(self) -> list[list[forms.BoundField]]:
        """Return the rows of the table."""
        return [
            [self[f"{name}-{n}"] for name in ("who", "day", "came", "left")] for n in range(ROWS)
        ]

    def head(self) -> list[forms.BoundField]:
        """Return what is asked before the list: nothing of a known activity."""
        return []

    def order(self, activity: UUID | None = None) -> EntryOrder:
        """Return what is to be entered."""
        data = self.cleaned_data
        return EntryOrder(
            activity=activity,
            organiser=UUID(data["organiser"]) if data.get("organiser") else None,
            name=data.get("name", ""),
            category=data.get("category", ""),
            lines=data["lines"],
            reason=data["reason"],
            evidence=data["evidence"].read(),
            declares=data["declares"],
            key=data["key"],
        )


class UnlistedEntryForm(BackEntryForm):
    """The same of an activity that never was in the system."""

    organiser = forms.ChoiceField(label=_("哪个队伍或单位的活动"))
    name = forms.CharField(label=_("活动名称"), max_length=50)
    category = forms.ChoiceField(label=_("服务类别"), choices=ServiceCategory.choices)

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organiser"].choices = list(units)

    def head(self) -> list[forms.BoundField]:
        return [self["organiser"], self["name"], self["category"]]
