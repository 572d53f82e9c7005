"""What residents choose and fill in to ask for help."""

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
from linbang.foundation.shell.forms import ChoiceCheckCards, RefusingFormMixin
from linbang.intake.needs import rules
from linbang.intake.needs.choices import (
    DAY_PARTS,
    Emergency,
    KnownRisk,
    NeedChannel,
)
from linbang.intake.needs.forms.wishes import WishesForm
from linbang.intake.needs.models import ServiceItem

LOCAL = "%Y-%m-%dT%H:%M"
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


class RequestForm(RefusingFormMixin, WishesForm):
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
        return {**{name: self.cleaned_data[name] for name in names}, **self.wishes()}


class WithdrawForm(RefusingFormMixin, forms.Form):
    """Taking a need back; why is welcome, not asked for."""

    reason = forms.CharField(label=_("为什么撤回"), required=False, max_length=200)
