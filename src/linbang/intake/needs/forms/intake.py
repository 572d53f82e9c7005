"""What a worker writes down on the telephone or at the door."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation import clock
from linbang.foundation.clock import CHINA
from linbang.foundation.people.models import Person
from linbang.foundation.shell.forms import ChoiceCards, ChoiceCheckCards, RefusingFormMixin
from linbang.intake.needs import rules
from linbang.intake.needs.choices import DAY_PARTS, Emergency, KnownRisk, NeedChannel, Urgency
from linbang.intake.needs.forms.requests import DAYS, LOCAL
from linbang.intake.needs.forms.wishes import WishesForm
from linbang.intake.needs.models import ServiceItem

MINUTES = [
    (30, _("半小时")), (60, _("1 小时")), (90, _("1 个半小时")), (120, _("2 小时")),
    (180, _("3 小时")), (240, _("4 小时")), (480, _("8 小时")),
]  # fmt: skip


class IntakeForm(RefusingFormMixin, WishesForm):
    """A request taken down on the telephone or on a visit, in one page."""

    key = forms.CharField(max_length=80, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)
    beneficiary = forms.ChoiceField(label=_("为谁求助"), widget=ChoiceCards())
    item = forms.ChoiceField(label=_("需要什么帮助"), widget=ChoiceCards())
    start = forms.ChoiceField(label=_("什么时候"), required=False, widget=ChoiceCards())
    date = forms.DateField(
        label=_("或者哪一天"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    time = forms.TimeField(
        label=_("几点开始"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    minutes = forms.TypedChoiceField(
        label=_("多长时间"), coerce=int, empty_value=None, required=False,
        choices=[("", _("按项目惯例")), *MINUTES],
    )  # fmt: skip
    known_risks = forms.MultipleChoiceField(
        label=_("上门要留意什么"), choices=KnownRisk, required=False, widget=ChoiceCheckCards()
    )
    note = forms.CharField(
        label=_("备注"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    channel = forms.ChoiceField(
        label=_("怎么提出的"),
        choices=[(c.value, c.label) for c in (NeedChannel.PHONE, NeedChannel.VISIT)],
    )
    is_urgent = forms.BooleanField(label=_("紧急（邀请十分钟内答复）"), required=False)
    verify_now = forms.BooleanField(
        label=_("已在电话里核实，马上派单"), required=False,
        widget=forms.CheckboxInput(attrs={"data-key": "v"}),
    )  # fmt: skip
    is_extra = forms.BooleanField(label=_("同意当天再来一次同样的服务"), required=False)
    is_no_emergency = forms.BooleanField(
        label=_("已告知急救电话，确认不是紧急情况"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[Person],
        items: Sequence[ServiceItem],
        now: datetime,
        region_code: str,
        may_verify: bool = False,
    ) -> None:
        super().__init__(data, region_code=region_code)
        self.people = {str(person.public_id): person for person in people}
        if not may_verify:
            del self.fields["verify_now"], self.fields["is_extra"]
        self.items = {item.code: item for item in items}
        self._offer("beneficiary", [(str(person.public_id), person.name) for person in people])
        self._offer("item", [(item.code, item.label) for item in items])
        self.fields["item"].widget.icons = {item.code: item.icon for item in items}
        self._offer("start", start_choices(now))
        self.fields["beneficiary"].initial = next(iter(self.people), None)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, day, time = given.get("start"), given.get("date"), given.get("time")
        if day and time:
            given["starts_at"] = datetime.combine(day, time, CHINA)
        elif start:
            given["starts_at"] = datetime.strptime(start, LOCAL).replace(tzinfo=CHINA)
        elif not self.errors:
            self.add_error("start", _("请选一个时间，或填写日期和钟点。"))
        if given.get("item"):
            given["minutes"] = given.get("minutes") or self.items[given["item"]].usual_minutes
        return given

    @property
    def emergency(self) -> Emergency | None:
        """The emergency the note speaks of, once the form was sent."""
        return rules.emergency_in(self.data.get("note", "")) if self.is_bound else None

    def told(self) -> dict[str, Any]:
        """Return what was told, as arguments of ``actions.take_down_need``."""
        given = self.cleaned_data
        names = ("key", "starts_at", "minutes", "known_risks", "note", "channel", "is_no_emergency")
        return {
            **{name: given[name] for name in names},
            **self.wishes(),
            "beneficiary_id": self.people[given["beneficiary"]].pk,
            "item_code": given["item"],
            "urgency": Urgency.URGENT if given["is_urgent"] else Urgency.NORMAL,
            "verify_now": given.get("verify_now", False),
            "is_extra": given.get("is_extra", False),
        }


def start_choices(now: datetime) -> list[tuple[str, str]]:
    """Return the presets of the telephone form: today, tomorrow and the day after, by part."""
    today = clock.local_date(now)
    return [
        (
            slot.starts_at.strftime(LOCAL),
            f"{DAYS[(slot.day - today).days]} {DAY_PARTS[slot.part]} {slot.starts_at:%H:%M}",
        )
        for slot in rules.slots(rules.PRESET_MINUTES, now=now)
        if slot.starts_at is not None
    ]
