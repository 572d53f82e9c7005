"""What residents and workers fill in to ask for help, and to answer."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linbang.foundation import clock
from linbang.foundation.clock import CHINA
from linbang.foundation.people.models import Person
from linbang.foundation.shell.forms import ChoiceCards, ChoiceCheckCards, RefusingFormMixin
from linbang.intake.needs import rules
from linbang.intake.needs.choices import (
    DAY_PARTS,
    Emergency,
    KnownRisk,
    NeedChannel,
    NeedState,
    Urgency,
)
from linbang.intake.needs.models import Need, ServiceItem

LOCAL = "%Y-%m-%dT%H:%M"
MINUTES = [
    (30, _("半小时")), (60, _("1 小时")), (90, _("1 个半小时")), (120, _("2 小时")),
    (180, _("3 小时")), (240, _("4 小时")), (480, _("8 小时")),
]  # fmt: skip
DAYS = (_("今天"), _("明天"), _("后天"))


class LocalTimeField(forms.DateTimeField):
    """A China time of the form 2026-11-24T09:00, as links and buttons carry it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[LOCAL], **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        found = super().to_python(value)
        return found.replace(tzinfo=CHINA) if found else None


class Chosen(NamedTuple):
    """For whom, what and when: all that has to be chosen before a request can be sent."""

    beneficiary: Person
    item: ServiceItem
    starts_at: datetime
    ends_at: datetime


class DraftForm(forms.Form):
    """The choices made so far, as the address carries them; what is not valid is not chosen."""

    person = forms.UUIDField(required=False)
    item = forms.CharField(required=False)
    start = LocalTimeField(required=False)
    date = forms.DateField(required=False)
    time = forms.TimeField(required=False)

    def __init__(
        self, data: Any, *, people: Sequence[Person], items: Iterable[ServiceItem]
    ) -> None:
        super().__init__(data)
        self.people = people
        self.items = {item.code: item for item in items}
        self.is_valid()

    def _given(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    @property
    def beneficiary(self) -> Person:
        """The person chosen, else the first: oneself."""
        chosen = (person for person in self.people if person.public_id == self._given("person"))
        return next(chosen, self.people[0])

    @property
    def chosen_item(self) -> ServiceItem | None:
        return self.items.get(self._given("item"))

    @property
    def starts_at(self) -> datetime | None:
        day, time = self._given("date"), self._given("time")
        if day and time:
            return datetime.combine(day, time, CHINA)
        return self._given("start")

    @property
    def chosen(self) -> Chosen | None:
        """Return the choices once they are complete."""
        item, starts_at = self.chosen_item, self.starts_at
        if item is None or starts_at is None:
            return None
        ends_at = starts_at + timedelta(minutes=item.usual_minutes)
        return Chosen(self.beneficiary, item, starts_at, ends_at)

    def address(self, **more: str) -> str:
        """Return the link on which these choices, changed by more, are made."""
        chosen = {**self.as_initial(), **more}
        given = {name: value for name, value in chosen.items() if value}
        return f"{reverse('needs:new')}?{urlencode(given)}"

    @property
    def way_back(self) -> str:
        """Return the link one step back."""
        return self.address(start="") if self.starts_at else self.address(item="")

    def item_links(self) -> list[tuple[ServiceItem, str]]:
        """Return every item with the link that chooses it."""
        return [(item, self.address(item=code)) for code, item in self.items.items()]

    def person_links(self) -> list[tuple[Person, str]]:
        """Return everybody one may ask for with the link that chooses them."""
        return [(one, self.address(person=str(one.public_id))) for one in self.people]

    def days(self, now: datetime) -> list[dict[str, Any]]:
        """Return the big buttons of the time page: three days, each with its windows left."""
        minutes = self.chosen_item.usual_minutes if self.chosen_item else rules.PRESET_MINUTES
        slots = [slot for slot in rules.slots(minutes, now=now) if slot.starts_at]
        today = clock.local_date(now)
        return [
            {
                "label": label,
                "date": today + timedelta(days=ahead),
                "slots": [
                    (DAY_PARTS[slot.part], slot, self.address(start=slot.starts_at.strftime(LOCAL)))
                    for slot in slots
                    if slot.starts_at and slot.day == today + timedelta(days=ahead)
                ],
            }
            for ahead, label in enumerate(DAYS)
        ]

    def channel(self, asker_id: int) -> NeedChannel:
        """Tell whether the request is one's own or a relative's."""
        is_own = self.beneficiary.pk == asker_id
        return NeedChannel.SELF if is_own else NeedChannel.RELATIVE

    def as_initial(self) -> dict[str, str]:
        """Return what the last step carries along in hidden fields."""
        starts_at, item = self.starts_at, self.chosen_item
        return {
            "person": str(self.beneficiary.public_id),
            "item": item.code if item else "",
            "start": starts_at.strftime(LOCAL) if starts_at else "",
        }


class RequestForm(RefusingFormMixin, forms.Form):
    """The last step of asking: everything is chosen, the rest is optional."""

    key = forms.CharField(max_length=80, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)
    person = forms.UUIDField(widget=forms.HiddenInput)
    item = forms.CharField(widget=forms.HiddenInput)
    start = LocalTimeField(widget=forms.HiddenInput)
    known_risks = forms.MultipleChoiceField(
        label=_("上门要留意什么"), choices=KnownRisk, required=False, widget=ChoiceCheckCards()
    )
    note = forms.CharField(
        label=_("还想说明的"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    is_no_emergency = forms.BooleanField(
        label=_("我看过急救电话了，这不是紧急情况"), required=False
    )

    @property
    def emergency(self) -> Emergency | None:
        """The emergency the note speaks of, once the form was sent."""
        return rules.emergency_in(self.data.get("note", "")) if self.is_bound else None

    def told(self) -> dict[str, Any]:
        """Return what the asker adds, as arguments of ``actions.open_need``."""
        names = ("key", "known_risks", "note", "is_no_emergency")
        return {name: self.cleaned_data[name] for name in names}


class WithdrawForm(RefusingFormMixin, forms.Form):
    """Taking a need back; why is welcome, not asked for."""

    reason = forms.CharField(label=_("为什么撤回"), required=False, max_length=200)


class FilterForm(forms.Form):
    """What the console list is narrowed to."""

    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *NeedState.choices]
    )
    urgency = forms.ChoiceField(
        label=_("缓急"), required=False, choices=[("", _("全部")), *Urgency.choices]
    )
    item = forms.ChoiceField(label=_("项目"), required=False)
    overdue = forms.BooleanField(label=_("超时未答复"), required=False)

    def __init__(self, data: Any, *, items: Iterable[ServiceItem]) -> None:
        super().__init__(data)
        self.fields["item"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("全部")),
            *((item.code, item.label) for item in items),
        ]
        self.is_valid()

    def narrowing(self) -> dict[str, Any]:
        """Return the arguments of ``queries.needs_listed``; what is not valid does not narrow."""
        given = self.cleaned_data
        narrowed = {name: given.get(name, "") for name in ("state", "urgency", "item")}
        return {**narrowed, "is_overdue": bool(given.get("overdue"))}


class VerifyForm(RefusingFormMixin, forms.Form):
    """What the station makes sure of before anybody is sent."""

    known_risks = forms.MultipleChoiceField(
        label=_("上门要留意什么"), choices=KnownRisk, required=False, widget=ChoiceCheckCards()
    )
    risk_note = forms.CharField(
        label=_("给志愿者的提醒"), required=False, max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    helpers = forms.TypedChoiceField(
        label=_("一起去几个人"), coerce=int, choices=[(n, n) for n in range(1, 5)]
    )

    @classmethod
    def of(cls, need: Need) -> "VerifyForm":
        """Return the form as the need fills it."""
        return cls(
            initial={
                "known_risks": list(need.risks),
                "risk_note": need.risk_note or need.item.caution,
                "helpers": need.helpers,
            }
        )


class DeclineForm(RefusingFormMixin, forms.Form):
    """Why the station cannot take a need on, and where to turn instead."""

    reason = forms.CharField(
        label=_("原因和建议"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("居民会看到，请写明可以找谁，例如燃气公司、社区卫生中心、司法所。"),
    )  # fmt: skip


class IntakeForm(RefusingFormMixin, forms.Form):
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
        may_verify: bool = False,
    ) -> None:
        super().__init__(data)
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
