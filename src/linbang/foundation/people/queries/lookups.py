"""Who asks whether somebody is registered, and who says that it was not them (rule 5)."""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection
from django.db.models import Count, Q, QuerySet

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.crypto import CannotOpen, blind_index, seal, unseal
from linbang.foundation.errors import NotFound
from linbang.foundation.people import rules
from linbang.foundation.people.choices import NUMERALS, SUMS, DisputeOutcome
from linbang.foundation.people.errors import QuestionExpired
from linbang.foundation.people.models import Person, RegistrationDispute, RegistrationLookup
from linbang.foundation.places.queries import within_any
from linbang.foundation.workdays import add_workdays

_QUESTION, _TICKET = "people.lookup_question", "people.lookup_ticket"


@dataclass(frozen=True)
class AskedQuestion:
    """A sum in words, and what the form brings back with its answer."""

    text: str
    token: str


@dataclass(frozen=True)
class Registered:
    """All that a stranger is told of a registration: since when, and in how many organisations.

    ``ticket`` lets the asker dispute it; ``dispute`` is the last that was said against it.
    """

    since: date
    organisations: int
    ticket: str
    dispute: "DisputeLine | None"


@dataclass(frozen=True)
class DisputeLine:
    """Where a dispute stands, as its maker may know it; the reply goes to the phone."""

    opened_at: datetime
    due: date
    outcome: DisputeOutcome | None
    answered_at: datetime | None


def new_question(*, now: datetime) -> AskedQuestion:
    """Return a sum of two small numbers, in words; the token holds it, sealed."""
    question = rules.question_of(
        secrets.randbelow(9) + 1, secrets.randbelow(9) + 1, is_plus=bool(secrets.randbelow(2))
    )
    told = {"first": NUMERALS[question.first], "second": NUMERALS[question.second]}
    facts = (question.first, question.second, int(question.is_plus), now.timestamp())
    return AskedQuestion(
        text=str(SUMS[question.is_plus]) % told,
        token=_sealed(_QUESTION, *facts, secrets.token_hex(8)),
    )


def question_in(token: str) -> tuple[rules.Question, datetime, str]:
    """Return what a token asks, when it was asked, and its hash. Raises QuestionExpired."""
    first, second, is_plus, at, _nonce = _unsealed(_QUESTION, token, 5)
    question = rules.Question(int(first), int(second), bool(int(is_plus)))
    return question, _moment(at), blind_index(token, purpose=_QUESTION)


def ticket_for(person: Person, *, now: datetime) -> str:
    """Return what lets a stranger, who knew name and document, dispute the registration."""
    return _sealed(_TICKET, person.cell, person.pk, now.timestamp())


def person_with_ticket(ticket: str, *, now: datetime) -> Person:
    """Return the person a ticket was issued for. Raises QuestionExpired, NotFound."""
    cell, person_id, at = _unsealed(_TICKET, ticket, 3)
    rules.require_ticket(_moment(at), now=now)
    person = Person.objects.filter(cell=cell, pk=int(person_id), closed_at=None).first()
    if person is None:
        raise NotFound
    return person


def _sealed(context: str, *facts: object) -> str:
    return seal("|".join(map(str, facts)), context=context).hex()


def _unsealed(context: str, token: str, count: int) -> list[str]:
    try:
        facts = unseal(bytes.fromhex(token), context=context).split("|")
    except (ValueError, IndexError, CannotOpen) as error:
        raise QuestionExpired from error
    if len(facts) != count:
        raise QuestionExpired
    return facts


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(float(text), tz=UTC)


def lock_lookups(address: str | None, digest: str) -> None:
    """Let one transaction at a time ask from an address, and about a number, in this order."""
    with connection.cursor() as cursor:
        for key in (f"from:{address or ''}", f"about:{digest}"):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))", [key])


def lookups_since(address: str | None, digest: str, *, now: datetime) -> tuple[list[datetime], ...]:
    """Return when was asked lately: from the address, and about the number."""
    lately = RegistrationLookup.objects.filter(at__gt=now - rules.NUMBER_WINDOW)
    by_number = lately.filter(document_digest=digest).order_by("-at")
    by_address = lately.filter(address=address).order_by("-at") if address else lately.none()
    return (
        list(by_address.values_list("at", flat=True)[: rules.TRIES_PER_ADDRESS]),
        list(by_number.values_list("at", flat=True)[: rules.TRIES_PER_NUMBER]),
    )


def registration_of(person: Person, *, now: datetime) -> Registered:
    """Return what a stranger who knew name and document is told; two queries."""
    organisations: int = Person.objects.filter(cell=person.cell, pk=person.pk).aggregate(
        n=Count(
            "memberships",
            filter=Q(memberships__approved_at__isnull=False, memberships__ended_at=None),
        )
    )["n"]
    last = RegistrationDispute.objects.filter(cell=person.cell, person=person).order_by("-id")
    return Registered(
        since=clock.local_date(person.registered_at),
        organisations=organisations,
        ticket=ticket_for(person, now=now),
        dispute=next((dispute_line(one) for one in last[:1]), None),
    )


def dispute_line(dispute: RegistrationDispute) -> DisputeLine:
    """Return where a dispute stands."""
    return DisputeLine(
        opened_at=dispute.opened_at,
        due=add_workdays(clock.local_date(dispute.opened_at), rules.DISPUTE_WORKDAYS),
        outcome=DisputeOutcome(dispute.outcome) if dispute.outcome else None,
        answered_at=dispute.answered_at,
    )


def disputes_visible_to(actor: Actor) -> QuerySet[RegistrationDispute]:
    """Return the open disputes about people of the actor's regions, oldest first."""
    disputes = RegistrationDispute.objects.filter(answered_at=None).select_related("person")
    if not actor.is_system:
        within = within_any("person__region_id", actor.regions_for(Permission.EDIT_PEOPLE))
        disputes = disputes.filter(within)
    return disputes.order_by("opened_at", "id")


@dataclass(frozen=True)
class DisputeCard:
    """A dispute on the station's desk; phone and document come masked from the template."""

    dispute: RegistrationDispute
    due: date
    is_late: bool


def dispute_cards(disputes: list[RegistrationDispute], *, today: date) -> list[DisputeCard]:
    """Return disputes as the desk shows them."""
    dues = [(one, dispute_line(one).due) for one in disputes]
    return [DisputeCard(dispute=one, due=due, is_late=due < today) for one, due in dues]


def lock_dispute(dispute_id: int) -> RegistrationDispute:
    """Return a dispute and its person with the row locked. Raises NotFound."""
    dispute = (
        RegistrationDispute.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=dispute_id)
        .first()
    )
    if dispute is None:
        raise NotFound
    return dispute
