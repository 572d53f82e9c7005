"""Who seeks a stand-in or a swap."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Membership
from linbang.foundation.people.models import Person
from linbang.foundation.places.rules import prefix_range
from linbang.intake.activities.models import Shift
from linbang.operations.clearance import queries as clearance
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import SignUpState, StandInState
from linbang.operations.dispatch.models import SignUp, StandIn
from linbang.operations.dispatch.queries.sign_ups import led_by, windows_booked
from linbang.operations.dispatch.rules import Window

_STREET_DIGITS = 9
_SEARCHES_SHOWN_MAX = 100
_SWAPS_SHOWN_MAX = 50


def stand_ins() -> QuerySet[StandIn]:
    """Return searches for stand-ins and swaps with the places they are about."""
    return StandIn.objects.select_related(
        "sign_up__shift__activity__organiser",
        "sign_up__shift__post",
        "sign_up__person",
        "swap_with__shift__activity__organiser",
        "swap_with__shift__post",
        "swap_with__person",
        "taken_by",
    )


def stand_in_of_id(stand_in_id: int) -> StandIn:
    """Return a search with the places it is about. Raises NotFound."""
    search = stand_ins().filter(pk=stand_in_id).first()
    if search is None:
        raise NotFound
    return search


def searches_to_lapse(*, now: datetime) -> list[int]:
    """Return the open searches for shifts that have begun."""
    lapsed = StandIn.objects.filter(
        state=StandInState.OPEN,
        sign_up__shift__starts_at__lte=now,
        sign_up__shift__starts_at__gt=now - rules.STARTED_LOOKS_BACK,
    )
    return list(lapsed.order_by("id").values_list("pk", flat=True))


def person_with_id(person_id: int) -> Person:
    """Return a person whose record is open. Raises NotFound."""
    person = Person.objects.filter(pk=person_id, closed_at=None).first()
    if person is None:
        raise NotFound
    return person


@dataclass(frozen=True)
class SearchRow:
    """Somebody seeks a stand-in, as those see it who could take the place."""

    search: StandIn
    who: str

    @property
    def shift(self) -> Shift:
        """The shift that is to be taken over."""
        return self.search.sign_up.shift


def searches_for(actor: Actor, *, now: datetime) -> list[SearchRow]:
    """Return the searches the reader could answer now: in her street, at an organisation of hers
    or an activity she knows; she is cleared, free then, and not on that shift. Five queries.
    """
    me = Person.objects.filter(cell=actor.cell, pk=actor.person_id or 0, closed_at=None).first()
    if me is None:
        return []
    mine = SignUp.objects.filter(person_id=me.pk)
    low, high = prefix_range(me.region_id[:_STREET_DIGITS])
    near = Q(sign_up__shift__activity__region_id__gte=low) & Q(
        sign_up__shift__activity__region_id__lt=high
    )
    organisations = Membership.objects.filter(
        person_id=me.pk, approved_at__isnull=False, ended_at=None
    )
    known = Q(sign_up__shift__activity__organiser_id__in=organisations.values("organisation_id"))
    known |= Q(sign_up__shift__activity_id__in=mine.values("shift__activity_id"))
    open_ones = (
        stand_ins()
        .filter(near | known, state=StandInState.OPEN, swap_with=None)
        .filter(sign_up__shift__starts_at__gt=now)
        .exclude(sign_up__person_id=me.pk)
        .exclude(sign_up__shift_id__in=mine.filter(ended_at=None).values("shift_id"))
        .order_by("sign_up__shift__starts_at", "id")[:_SEARCHES_SHOWN_MAX]
    )
    return [
        SearchRow(search, mask_name(search.sign_up.person.name))
        for search in _could_take(list(open_ones), me.pk, now=now)
    ]


def searches_led_by(actor: Actor, *, now: datetime) -> QuerySet[StandIn]:
    """Return the open searches for shifts the actor leads, the next shift first."""
    return (
        stand_ins()
        .filter(
            led_by(actor, "sign_up__shift__activity"),
            state=StandInState.OPEN,
            sign_up__shift__starts_at__gt=now,
        )
        .order_by("sign_up__shift__starts_at", "id")
    )


def _could_take(searches: list[StandIn], person_id: int, *, now: datetime) -> list[StandIn]:
    if not searches:
        return []
    shifts = [search.sign_up.shift for search in searches]
    told = clearance.reasons_against([(shift, person_id) for shift in shifts], now=now)
    booked = windows_booked(
        [person_id],
        starts_at=min(shift.starts_at for shift in shifts),
        ends_at=max(shift.ends_at for shift in shifts),
    ).get(person_id, ())
    return [
        search
        for search, shift, causes in zip(searches, shifts, told, strict=True)
        if not causes
        and not any(window.overlaps(Window(0, shift.starts_at, shift.ends_at)) for window in booked)
    ]


def search_with(public_id: UUID) -> StandIn:
    """Return a search by its address. Raises NotFound."""
    search = stand_ins().filter(public_id=public_id).first()
    if search is None:
        raise NotFound
    return search


def swap_choices(sign_up: SignUp, *, now: datetime) -> list[tuple[str, str]]:
    """Return the places of others on other shifts of the same activity, to ask for a swap; names
    come masked.
    """
    others = (
        SignUp.objects.select_related("shift__post", "person")
        .filter(
            cell=sign_up.cell,
            shift__activity_id=sign_up.shift.activity_id,
            state=SignUpState.CONFIRMED,
            shift__starts_at__gt=now,
        )
        .exclude(shift_id=sign_up.shift_id)
        .exclude(person_id=sign_up.person_id)
        .order_by("shift__starts_at", "id")[:_SWAPS_SHOWN_MAX]
    )
    return [
        (
            str(other.public_id),
            " · ".join(
                (
                    f"{other.shift.starts_at.astimezone(CHINA):%m-%d %H:%M}",
                    other.shift.post.name,
                    mask_name(other.person.name),
                )
            ),
        )
        for other in others
    ]


def swappable(sign_up: SignUp, public_id: UUID, *, now: datetime) -> int:
    """Return the id of a place one may ask to swap with. Raises NotFound."""
    if str(public_id) not in dict(swap_choices(sign_up, now=now)):
        raise NotFound
    return SignUp.objects.values_list("pk", flat=True).get(public_id=public_id)
