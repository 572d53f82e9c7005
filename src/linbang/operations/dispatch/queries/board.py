"""The dispatch board: which needs look for somebody, and how far each has got."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.people.models import Person
from linbang.foundation.places.queries import within_any
from linbang.intake.needs.choices import STATE_TONES, NeedState, Urgency
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.choices import SECTION_STATES, BoardSection, EscalationCause
from linbang.operations.dispatch.models import Assignment, Escalation, Offer
from linbang.operations.dispatch.queries.search import needs_left_to_plans

_ROWS_A_SECTION = 40


@dataclass(frozen=True)
class Asked:
    """Who is asked, and until when."""

    name: str
    until: datetime


@dataclass(frozen=True)
class Raised:
    """Why and since when the station has a need, and which worker took it."""

    cause: str
    raised_at: datetime
    taken_by: str
    taken_at: datetime | None


@dataclass(frozen=True)
class BoardRow:
    """A need on the board: the beneficiary by surname, volunteers in full, as staff lists go."""

    public_id: UUID
    who: str
    item: str
    icon: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: str
    tone: str
    is_urgent: bool
    helpers: int
    going: tuple[str, ...]
    asked: tuple[Asked, ...]
    times_asked: int
    raised: Raised | None
    waits_for_plan: bool


@dataclass(frozen=True)
class Section:
    """One section of the board; ``total`` may be more than its rows."""

    name: str
    tone: str
    total: int
    rows: tuple[BoardRow, ...]

    @property
    def left_out(self) -> int:
        """How many more there are than the rows shown."""
        return self.total - len(self.rows)


def needs_to_dispatch(actor: Actor) -> QuerySet[Need]:
    """Return the needs of the regions where the actor dispatches; sealed columns left shut."""
    return (
        Need.objects.filter(within_any("region_id", actor.regions_for(Permission.DISPATCH)))
        .select_related("item", "region", "beneficiary")
        .defer("address", "phone", "note", "risk_note")
    )


def board(actor: Actor, *, item: str = "", urgency: str = "", now: datetime) -> list[Section]:
    """Return the sections of the board, the earliest visit first; ten queries.

    Index need_by_region_and_state.
    """
    needs = needs_to_dispatch(actor).filter(ends_at__gt=now)
    if item:
        needs = needs.filter(item_id=item)
    if urgency:
        needs = needs.filter(urgency=urgency)
    found = {section: needs.filter(state__in=states) for section, states in SECTION_STATES.items()}
    lists = {
        section: list(rows.order_by("starts_at", "id")[:_ROWS_A_SECTION])
        for section, rows in found.items()
    }
    rows = _rows([need for needs in lists.values() for need in needs], now=now)
    return [
        Section(
            name=str(section.label),
            tone=STATE_TONES[SECTION_STATES[section][-1]],
            total=found[section].count(),
            rows=tuple(rows[need.pk] for need in lists[section]),
        )
        for section in BoardSection
    ]


def _rows(needs: Sequence[Need], *, now: datetime) -> dict[int, BoardRow]:
    ids = [need.pk for need in needs]
    offers: defaultdict[int, list[Offer]] = defaultdict(list)
    for offer in (
        Offer.objects.filter(need_id__in=ids)
        .select_related("volunteer", "answer")
        .order_by("expires_at", "id")
    ):
        offers[offer.need_id].append(offer)
    going: defaultdict[int, list[str]] = defaultdict(list)
    for need_id, name in (
        Assignment.objects.filter(need_id__in=ids, ended_at=None)
        .order_by("place")
        .values_list("need_id", "volunteer__name")
    ):
        going[need_id].append(name)
    raised = raised_of(ids)
    waiting = needs_left_to_plans(ids, now=now)
    return {
        need.pk: BoardRow(
            public_id=need.public_id,
            who=mask_name(need.beneficiary.name),
            item=need.item.label,
            icon=need.item.icon,
            place=need.region.name,
            starts_at=need.starts_at,
            ends_at=need.ends_at,
            state=need.get_state_display(),
            tone=STATE_TONES[need.state],
            is_urgent=need.urgency == Urgency.URGENT,
            helpers=need.helpers,
            going=tuple(going[need.pk]),
            asked=tuple(
                Asked(offer.volunteer.name, offer.expires_at)
                for offer in offers[need.pk]
                if not hasattr(offer, "answer") and offer.expires_at > now
            ),
            times_asked=len(offers[need.pk]),
            raised=raised.get(need.pk) if need.state == NeedState.ESCALATED else None,
            waits_for_plan=need.pk in waiting,
        )
        for need in needs
    }


def raised_of(need_ids: Iterable[int]) -> dict[int, Raised]:
    """Return the newest escalation of each need; two queries."""
    newest = {
        escalation.need_id: escalation
        for escalation in Escalation.objects.filter(need_id__in=list(need_ids)).order_by("id")
    }
    names = names_of(escalation.taken_by_id for escalation in newest.values())
    return {
        need_id: Raised(
            cause=str(EscalationCause(one.cause).label),
            raised_at=one.raised_at,
            taken_by=names.get(one.taken_by_id or 0, ""),
            taken_at=one.taken_at,
        )
        for need_id, one in newest.items()
    }


def names_of(people: Iterable[int | None]) -> dict[int, str]:
    """Return the full names of people by id, for staff; one query."""
    wanted = {person for person in people if person}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))
