"""One need on the dispatcher's desk: who is proposed and why, who was asked, who goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.people.models import VolunteerProfile
from linbang.foundation.people.queries import (
    found_people,
    people_visible_to,
    volunteers_visible_to,
)
from linbang.foundation.places.models import Region
from linbang.intake.needs.choices import STATE_TONES, NeedState
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import ANSWER_TONES, AWAITED, Answer, Unfit
from linbang.operations.dispatch.models import Assignment, Candidacy, Offer, Ranking
from linbang.operations.dispatch.queries.board import Raised, names_of, raised_of
from linbang.operations.dispatch.queries.offers import helpers_of, latest_ranking

FOUND_MAX = 12


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
    wishes: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A volunteer found by a worker's words."""

    person_id: UUID
    name: str
    number: str
    place: str


def summary_of(need: Need) -> Summary:
    """Return a need in a few words; address and phone stay with the needs' own page."""
    return Summary(
        who=mask_name(need.beneficiary.name),
        place=need.region.name,
        tone=STATE_TONES[need.state],
        risks=tuple(str(risk.label) for risk in need.risks),
        helpers_reasons=tuple(str(reason.label) for reason in need.helpers_reasons),
        wishes=need.wishes,
    )


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
    raised = raised_of([need.pk]).get(need.pk)
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
    names = names_of(by.values())
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
