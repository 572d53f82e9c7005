"""The dispatch board, and one need on the dispatcher's desk."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.people.queries import (
    found_people,
    people_visible_to,
    volunteers_visible_to,
)
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.intake.needs.choices import STATE_TONES, NeedState, Urgency
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import (
    ANSWER_TONES,
    AWAITED,
    SECTION_STATES,
    Answer,
    BoardSection,
    EscalationCause,
    Unfit,
)
from linbang.operations.dispatch.models import Assignment, Candidacy, Escalation, Offer, Ranking
from linbang.operations.dispatch.queries.offers import helpers_of, latest_ranking

_ROWS_A_SECTION = 40
FOUND_MAX = 12


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


@dataclass(frozen=True)
class Proposal:
    """A candidate of the newest ranking, with the reasons; ``answer`` if asked already.

    ``may_be_opened``: the worker may see the record, and unmask the phone there.
    """

    person_id: UUID
    may_be_opened: bool
    name: str
    number: str
    rank: int
    metres: int | None
    why: tuple[str, ...]
    answer: str
    tone: str
    may_be_asked: bool


@dataclass(frozen=True)
class OfferLine:
    """One offer of a need's history."""

    public_id: UUID
    person_id: UUID
    may_be_opened: bool
    name: str
    number: str
    offered_at: datetime
    expires_at: datetime
    why: tuple[str, ...]
    is_open: bool
    answer: str
    tone: str
    answered_at: datetime | None
    answered_by: str
    reason: str


@dataclass(frozen=True)
class Going:
    """A helper who accepted."""

    public_id: UUID
    person_id: UUID
    may_be_opened: bool
    name: str
    number: str
    accepted_at: datetime


@dataclass(frozen=True)
class Desk:
    """All a dispatcher needs to know of one need."""

    ranked_at: datetime | None
    area: str
    considered: int
    proposals: tuple[Proposal, ...]
    causes: tuple[tuple[Unfit, int], ...]
    offers: tuple[OfferLine, ...]
    going: tuple[Going, ...]
    raised: Raised | None
    may_ask: bool
    may_take: bool

    @property
    def people(self) -> list[tuple[str, str]]:
        """Everybody on the desk once, by public id: whom one may want to keep away."""
        everybody: tuple[Going | OfferLine | Proposal, ...] = (
            *self.going,
            *self.offers,
            *self.proposals,
        )
        named = {str(one.person_id): f"{one.name} {one.number}" for one in everybody}
        return list(named.items())


@dataclass(frozen=True)
class Summary:
    """What a dispatcher reads of a need before ringing up."""

    who: str
    place: str
    tone: str
    risks: tuple[str, ...]
    helpers_reasons: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A volunteer found by a worker's words."""

    person_id: UUID
    name: str
    number: str
    place: str


def needs_to_dispatch(actor: Actor) -> QuerySet[Need]:
    """Return the needs of the regions where the actor dispatches; sealed columns left shut."""
    return (
        Need.objects.filter(within_any("region_id", actor.regions_for(Permission.DISPATCH)))
        .select_related("item", "region", "beneficiary")
        .defer("address", "phone", "note", "risk_note")
    )


def summary_of(need: Need) -> Summary:
    """Return a need in a few words; address and phone stay with the needs' own page."""
    return Summary(
        who=mask_name(need.beneficiary.name),
        place=need.region.name,
        tone=STATE_TONES[need.state],
        risks=tuple(str(risk.label) for risk in need.risks),
        helpers_reasons=tuple(str(reason.label) for reason in need.helpers_reasons),
    )


def board(actor: Actor, *, item: str = "", urgency: str = "", now: datetime) -> list[Section]:
    """Return the sections of the board, the earliest visit first; nine queries.

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
    raised = _raised(ids)
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
        )
        for need in needs
    }


def _raised(need_ids: Iterable[int]) -> dict[int, Raised]:
    """Return the newest escalation of each need; two queries."""
    newest = {
        escalation.need_id: escalation
        for escalation in Escalation.objects.filter(need_id__in=list(need_ids)).order_by("id")
    }
    names = _names(escalation.taken_by_id for escalation in newest.values())
    return {
        need_id: Raised(
            cause=str(EscalationCause(one.cause).label),
            raised_at=one.raised_at,
            taken_by=names.get(one.taken_by_id or 0, ""),
            taken_at=one.taken_at,
        )
        for need_id, one in newest.items()
    }


def _names(people: Iterable[int | None]) -> dict[int, str]:
    wanted = {person for person in people if person}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))


def desk_of(need: Need, *, viewer: Actor, now: datetime) -> Desk:
    """Return one need as its dispatcher sees it; eleven queries, whatever the number of rows."""
    ranking = latest_ranking(need)
    offers = list(
        Offer.objects.filter(cell=need.cell, need_id=need.pk)
        .select_related("volunteer__volunteer", "answer")
        .order_by("-id")
    )
    candidacies = list(ranking.candidacies.all()) if ranking else []
    helpers = list(helpers_of(need))
    shown: tuple[Candidacy | Offer | Assignment, ...] = (*candidacies, *offers, *helpers)
    visible = _visible(viewer, [one.volunteer_id for one in shown])
    going = tuple(_going(assignment, visible) for assignment in helpers)
    raised = _raised([need.pk]).get(need.pk)
    may_ask = (
        rules.is_dispatchable(NeedState(need.state))
        and len(going) < need.helpers
        and need.ends_at > now
    )
    return Desk(
        ranked_at=ranking.at if ranking else None,
        area=_area_name(ranking) if ranking else "",
        considered=ranking.considered if ranking else 0,
        proposals=_proposals(candidacies, offers, visible, may_ask=may_ask, now=now),
        causes=rules.cause_words(ranking.rejected) if ranking else (),
        offers=_lines(offers, visible, now=now),
        going=going,
        raised=raised if need.state == NeedState.ESCALATED else None,
        may_ask=may_ask,
        may_take=need.state == NeedState.ESCALATED and raised is not None and not raised.taken_at,
    )


def _area_name(ranking: Ranking) -> str:
    return Region.objects.filter(pk=ranking.area).values_list("name", flat=True).first() or ""


def _visible(viewer: Actor, people: list[int]) -> frozenset[int]:
    """Return who of these people the viewer may look up: one may borrow beyond one's community."""
    seen = people_visible_to(viewer).filter(pk__in=people)
    return frozenset(seen.values_list("pk", flat=True))


def _going(assignment: Assignment, visible: frozenset[int]) -> Going:
    return Going(
        public_id=assignment.public_id,
        person_id=assignment.volunteer.public_id,
        may_be_opened=assignment.volunteer_id in visible,
        name=assignment.volunteer.name,
        number=assignment.volunteer.volunteer.number,
        accepted_at=assignment.accepted_at,
    )


def _proposals(
    candidacies: Sequence[Candidacy],
    offers: Sequence[Offer],
    visible: frozenset[int],
    *,
    may_ask: bool,
    now: datetime,
) -> tuple[Proposal, ...]:
    # The newest offer of each volunteer decides; ``offers`` come newest first.
    last = {offer.volunteer_id: offer for offer in reversed(offers)}
    proposals = []
    for candidacy in candidacies:
        offer = last.get(candidacy.volunteer_id)
        answer, tone = _answer(offer, now=now) if offer else ("", "grey")
        proposals.append(
            Proposal(
                person_id=candidacy.volunteer.public_id,
                may_be_opened=candidacy.volunteer_id in visible,
                name=candidacy.volunteer.name,
                number=candidacy.volunteer.volunteer.number,
                rank=candidacy.rank,
                metres=candidacy.metres,
                why=rules.reason_words(candidacy.reasons),
                answer=answer,
                tone=tone,
                may_be_asked=may_ask and (offer is None or not _is_open(offer, now=now)),
            )
        )
    return tuple(sorted(proposals, key=lambda proposal: proposal.rank))


def _is_open(offer: Offer, *, now: datetime) -> bool:
    return not hasattr(offer, "answer") and offer.expires_at > now


def _answer(offer: Offer, *, now: datetime) -> tuple[str, str]:
    if _is_open(offer, now=now):
        return str(AWAITED), "blue"
    given = Answer(offer.answer.answer) if hasattr(offer, "answer") else Answer.EXPIRED
    return str(given.label), ANSWER_TONES[given]


def _lines(
    offers: Sequence[Offer], visible: frozenset[int], *, now: datetime
) -> tuple[OfferLine, ...]:
    # Who answered for somebody else is named (代办).
    answers = {offer.pk: offer.answer for offer in offers if hasattr(offer, "answer")}
    by = {
        offer.pk: answers[offer.pk].by_id
        for offer in offers
        if offer.pk in answers and answers[offer.pk].by_id != offer.volunteer_id
    }
    names = _names(by.values())
    lines = []
    for offer in offers:
        answer, (label, tone) = answers.get(offer.pk), _answer(offer, now=now)
        lines.append(
            OfferLine(
                public_id=offer.public_id,
                person_id=offer.volunteer.public_id,
                may_be_opened=offer.volunteer_id in visible,
                name=offer.volunteer.name,
                number=offer.volunteer.volunteer.number,
                offered_at=offer.offered_at,
                expires_at=offer.expires_at,
                why=rules.reason_words(offer.reasons),
                is_open=_is_open(offer, now=now),
                answer=label,
                tone=tone,
                answered_at=answer.at if answer else None,
                answered_by=names.get(by.get(offer.pk) or 0, ""),
                reason=answer.reason if answer else "",
            )
        )
    return tuple(lines)


def found_volunteers(actor: Actor, text: str) -> list[Found]:
    """Return the volunteers a worker's words find among those she may see, a dozen at most."""
    if not text.strip():
        return []
    profiles = (
        volunteers_visible_to(actor)
        .filter(person__in=found_people(actor, text))
        .select_related("region")
        .order_by("person__pinyin", "id")
    )
    return [
        Found(
            person_id=profile.person.public_id,
            name=profile.person.name,
            number=profile.number,
            place=profile.region.name,
        )
        for profile in profiles[:FOUND_MAX]
    ]


def volunteer_with(public_id: UUID) -> int | None:
    """Return the id of the person behind a volunteer's public id; None for anybody else."""
    return (
        VolunteerProfile.objects.filter(person__public_id=public_id, ended_at=None)
        .values_list("person_id", flat=True)
        .first()
    )
