"""A volunteer's own shifts: what is next, what waits, what was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import minutes_between
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.dispatch.choices import SIGN_UP_ENDED, SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import rules
from linbang.operations.service.choices import (
    PRESSING_STEPS,
    SHIFT_TONES,
    AbsenceKind,
    AttendanceMethod,
    ShiftStep,
)
from linbang.operations.service.models import Absence, Attendance
from linbang.operations.service.queries.rolls import attendances_that_count

# What was forgotten stays on top for a day, then it is a leader's to settle.
_KEPT_ON_TOP = timedelta(hours=24)


@dataclass(frozen=True)
class ShiftCard:
    """One place on a shift as its person sees it.

    ``person`` names a minor in one's care, empty for oneself. ``minutes`` is presence as written,
    before any crediting.
    """

    sign_up: UUID
    activity_id: UUID
    activity: str
    post: str
    tasks: str
    place: str
    contact_name: str
    contact_phone: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    is_running: bool
    step: ShiftStep
    person: str
    person_id: UUID
    held_until: datetime | None
    waiting_position: int | None
    presence: tuple[Attendance, ...]
    minutes: int
    absence: Absence | None

    @property
    def tone(self) -> str:
        return SHIFT_TONES[self.step]

    @property
    def is_pressing(self) -> bool:
        return self.step in PRESSING_STEPS

    @property
    def may_return(self) -> bool:
        """She has gone, and could come again: fewer than three pairs so far (rule 32)."""
        return self.step == ShiftStep.DONE and len(self.presence) < rules.PAIRS_A_DAY_MAX

    @property
    def may_object(self) -> bool:
        """A no-show that nobody has decided about and that was not objected to."""
        return (
            self.step == ShiftStep.ABSENT
            and self.absence is not None
            and self.absence.objected_at is None
            and self.absence.upheld_at is None
        )


def shifts_of(actor: Actor) -> QuerySet[SignUp]:
    """Return the places of the actor and of minors in her care, with all that a card shows."""
    return (
        SignUp.objects.filter(person_id__in=dispatch.people_in_charge_of(actor))
        .select_related("shift__activity", "shift__post", "person", "absence")
        .prefetch_related(Prefetch("attendances", Attendance.objects.order_by("in_at", "id")))
    )


def shifts_ahead(actor: Actor, now: datetime) -> QuerySet[SignUp]:
    """Return the places and waits that are not over, and what was forgotten; the next first."""
    return (
        shifts_of(actor)
        .exclude(state__in=SIGN_UP_ENDED)
        .filter(
            Q(shift__ends_at__gt=now)
            | Q(attendances__out_at=None, attendances__isnull=False)
            & Q(shift__ends_at__gt=now - _KEPT_ON_TOP),
            shift__state=ShiftState.PLANNED,
        )
        .distinct()
        .order_by("shift__starts_at", "id")
    )


def shifts_behind(actor: Actor, now: datetime) -> QuerySet[SignUp]:
    """Return the places whose shift is over, the latest first."""
    return (
        shifts_of(actor)
        .filter(state=SignUpState.CONFIRMED, shift__ends_at__lte=now)
        .order_by("-shift__starts_at", "-id")
    )


def shift_cards(sign_ups: Iterable[SignUp], actor: Actor, now: datetime) -> list[ShiftCard]:
    """Return places as cards; one query more for those who wait."""
    found = list(sign_ups)
    positions = dispatch.waiting_positions(found)
    return [_card(sign_up, actor, positions.get(sign_up.pk), now) for sign_up in found]


def shift_card(sign_up: SignUp, actor: Actor, now: datetime) -> ShiftCard:
    """Return one place as a card."""
    return shift_cards([sign_up], actor, now)[0]


def most_pressing(cards: Iterable[ShiftCard]) -> ShiftCard | None:
    """Return the card that wants something now, else the next confirmed one."""
    return _first(cards, (*PRESSING_STEPS, ShiftStep.AHEAD))


def next_shift_of(actor: Actor, now: datetime) -> ShiftCard | None:
    """Return the shift that wants something now, else the next one; for the first page, where
    places that wait for an answer stand by themselves.
    """
    ahead = shifts_ahead(actor, now).exclude(state=SignUpState.HELD)
    return most_pressing(shift_cards(ahead, actor, now))


def open_activities() -> QuerySet[Activity]:
    """Return the activities whose check-in page anybody signed in may open."""
    return Activity.objects.select_related("organiser").exclude(
        state__in=[ActivityState.DRAFT, ActivityState.IN_REVIEW]
    )


def cards_at(activity: Activity, actor: Actor, now: datetime) -> list[ShiftCard]:
    """Return one card a person in charge: where she is at an activity, or is to be about now."""
    near = (
        shifts_of(actor)
        .exclude(state__in=SIGN_UP_ENDED)
        .filter(
            cell=activity.cell,
            shift__activity=activity,
            shift__starts_at__lt=now + timedelta(hours=12),
            shift__ends_at__gt=now - timedelta(hours=12),
        )
        .order_by("shift__starts_at", "id")
    )
    by_person: dict[UUID, list[ShiftCard]] = {}
    for card in shift_cards(near, actor, now):
        by_person.setdefault(card.person_id, []).append(card)
    return [_present(cards) for cards in by_person.values()]


def takes_location(activity: Activity, card: ShiftCard) -> bool:
    """Tell whether location alone is taken: a circle, and a hundred places then (rule 31)."""
    if not activity.radius_m or activity.latitude is None:
        return False
    planned = activity.shifts.filter(
        state=ShiftState.PLANNED, starts_at__lt=card.ends_at, ends_at__gt=card.starts_at
    ).values_list("places", flat=True)
    return sum(planned) >= rules.PLACES_FOR_LOCATION_MIN


def leads_something(actor: Actor, now: datetime) -> bool:
    """Tell whether the actor leads an activity with a shift about now; one query."""
    return (
        Activity.objects.filter(
            dispatch.led_by(actor),
            state=ActivityState.PUBLISHED,
            shifts__ends_at__gt=now - timedelta(days=1),
            shifts__starts_at__lt=now + timedelta(days=7),
        )
        .order_by()
        .exists()
    )


def _first(cards: Iterable[ShiftCard], steps: Iterable[ShiftStep]) -> ShiftCard | None:
    ordered = list(cards)
    found = (card for step in steps for card in ordered if card.step == step)
    return next(found, None)


# At the entrance being there comes before everything else.
_AT_THE_DOOR = (
    ShiftStep.CHECK_OUT,
    ShiftStep.FORGOTTEN,
    ShiftStep.CHECK_IN,
    ShiftStep.HELD,
    ShiftStep.AHEAD,
)


def _present(cards: list[ShiftCard]) -> ShiftCard:
    """Return where somebody is, else what runs or comes, else what was last."""
    return _first(cards, _AT_THE_DOOR) or cards[-1]


def _card(sign_up: SignUp, actor: Actor, waiting_position: int | None, now: datetime) -> ShiftCard:
    shift, activity = sign_up.shift, sign_up.shift.activity
    presence = attendances_that_count(sign_up)
    absence: Absence | None = getattr(sign_up, "absence", None)
    return ShiftCard(
        sign_up=sign_up.public_id,
        activity_id=activity.public_id,
        activity=activity.name,
        post=shift.post.name,
        tasks=shift.post.tasks,
        place=" ".join(filter(None, (activity.place_name, activity.address))),
        contact_name=activity.contact_name,
        contact_phone=activity.contact_phone,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        opens_at=rules.check_in_opens_at(shift.starts_at),
        is_running=rules.is_check_in_open(shift.starts_at, shift.ends_at, now=now),
        step=rules.shift_step(
            SignUpState(sign_up.state),
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            is_open=bool(presence) and presence[-1].out_at is None,
            has_left=bool(presence),
            absence=AbsenceKind(absence.kind) if absence else None,
            is_excused=absence is not None and absence.excused_at is not None,
            now=now,
        ),
        person="" if sign_up.person_id == actor.person_id else sign_up.person.name,
        person_id=sign_up.person.public_id,
        held_until=sign_up.held_until if sign_up.state == SignUpState.HELD else None,
        waiting_position=waiting_position,
        presence=tuple(presence),
        minutes=sum(minutes_between(one.in_at, one.out_at) for one in presence if one.out_at),
        absence=absence,
    )


def person_in_charge(actor: Actor, person: UUID | None) -> int:
    """Return the id of the actor, or of a minor in her care. Raises NotFound for anybody else."""
    if person is None and actor.person_id is not None:
        return actor.person_id
    in_charge = Person.objects.filter(pk__in=dispatch.people_in_charge_of(actor))
    found = in_charge.filter(public_id=person).first() if person is not None else None
    if found is None:
        raise NotFound
    return found.pk


def latest_presence(activity: Activity, actor: Actor, now: datetime) -> Attendance | None:
    """Return what was written last at an activity of people in charge, within a day."""
    return (
        Attendance.objects.filter(
            cell=activity.cell,
            person_id__in=dispatch.people_in_charge_of(actor),
            sign_up__shift__activity=activity,
            in_at__gt=now - timedelta(days=1),
        )
        .exclude(out_method=AttendanceMethod.VOID)
        .select_related("sign_up__shift__post", "person")
        .order_by(Coalesce("out_recorded_at", "in_recorded_at").desc(), "-id")
        .first()
    )
