"""One's own place on a shift: what may be done with it, and the line for one's calendar."""

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event

from linbang.foundation.access.rules import Actor
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import (
    SIGN_UP_PLACED,
    SIGN_UP_TONES,
    SignUpState,
    StandInState,
)
from linbang.operations.dispatch.models import SignUp, StandIn
from linbang.operations.dispatch.queries.stand_ins import stand_ins, swap_choices
from linbang.operations.dispatch.queries.waiting import waiting_positions


@dataclass(frozen=True)
class SignUpPage:
    """A sign-up as its person sees it."""

    sign_up: SignUp
    is_own: bool
    position: int | None
    search: StandIn | None
    asked: list[StandIn]
    swaps: list[tuple[str, str]]
    free_until: datetime
    now: datetime

    @property
    def activity_url(self) -> str:
        """The activity's public page."""
        return f"/activities/{self.sign_up.shift.activity.public_id}/"

    @property
    def tone(self) -> str:
        """The colour of the state's label."""
        return SIGN_UP_TONES.get(SignUpState(self.sign_up.state), "grey")

    @property
    def is_ahead(self) -> bool:
        """The shift has not begun."""
        return self.now < self.sign_up.shift.starts_at

    @property
    def is_confirmed(self) -> bool:
        """A place is given for good."""
        return self.sign_up.state == SignUpState.CONFIRMED

    @property
    def is_held(self) -> bool:
        """A freed place is being kept."""
        return self.sign_up.state == SignUpState.HELD

    @property
    def is_waiting(self) -> bool:
        """The person stands in line."""
        return self.sign_up.state == SignUpState.WAITING

    @property
    def may_leave(self) -> bool:
        """The sign-up can still be taken back."""
        return self.sign_up.ended_at is None and (
            self.is_ahead or self.sign_up.state not in SIGN_UP_PLACED
        )

    @property
    def would_be_late(self) -> bool:
        """Giving the place back now leaves a mark (rule 28)."""
        return self.is_confirmed and self.now >= self.free_until


def sign_up_page(sign_up: SignUp, *, actor: Actor, now: datetime) -> SignUpPage:
    """Gather what the page of one's own sign-up shows; four queries."""
    open_ones = stand_ins().filter(state=StandInState.OPEN)
    return SignUpPage(
        sign_up=sign_up,
        is_own=sign_up.person_id == actor.person_id,
        position=waiting_positions([sign_up]).get(sign_up.pk),
        search=open_ones.filter(sign_up_id=sign_up.pk).first(),
        asked=list(open_ones.filter(swap_with_id=sign_up.pk).order_by("id")),
        swaps=swap_choices(sign_up, now=now) if sign_up.ended_at is None else [],
        free_until=rules.free_until(
            starts_at=sign_up.shift.starts_at, free_until=sign_up.free_until
        ),
        now=now,
    )


def calendar_uid(sign_up: SignUp) -> str:
    """Return the name under which calendars know a place on a shift, for ever the same."""
    return f"shift-{sign_up.public_id}@linbang"


def calendar_of(sign_up: SignUp, *, address: str, now: datetime) -> bytes:
    """Write one place on a shift as an iCalendar file (RFC 5545)."""
    shift, activity = sign_up.shift, sign_up.shift.activity
    event = Event()
    event.add("uid", calendar_uid(sign_up))
    event.add("dtstamp", now)
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    event.add("summary", f"{activity.name} · {shift.post.name}")
    event.add("location", " ".join(filter(None, [activity.place_name, activity.address])))
    event.add("url", address)
    event.add("status", "CONFIRMED" if sign_up.ended_at is None else "CANCELLED")
    calendar = Calendar()
    calendar.add("prodid", "-//Linbang//Linbang//ZH")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
