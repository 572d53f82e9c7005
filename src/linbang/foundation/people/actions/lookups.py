"""Asking whether one is registered, and saying that it was not oneself (rule 5)."""

from datetime import datetime, timedelta

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import Refused, refusing
from linbang.foundation.events import announce
from linbang.foundation.people import queries, rules
from linbang.foundation.people.actions import guards
from linbang.foundation.people.actions.registration import close_person
from linbang.foundation.people.choices import DisputeOutcome, DocumentType
from linbang.foundation.people.errors import (
    DisputeAnswered,
    DisputeOpen,
    PhoneMalformed,
    QuestionExpired,
    ReplyMissing,
)
from linbang.foundation.people.events import RegistrationDisputeAnswered
from linbang.foundation.people.models import (
    Person,
    RegistrationDispute,
    RegistrationLookup,
    document_digest,
    phone_digest,
)

_KEPT_FOR = timedelta(days=2)


def look_up(
    *,
    name: str,
    document_type: DocumentType,
    document_number: str,
    token: str,
    answer: str,
    by: Actor,
    now: datetime,
) -> queries.Registered | None:
    """Tell whether exactly this name is registered under this document; None for anything else.

    Call outside a transaction: a try counts even when it is refused. Raises AnswerWrong,
    QuestionExpired, LookupsUsedUp, and what reading name or document refuses.
    """
    document = rules.read_document(document_type, document_number, today=clock.local_date(now))
    wanted = rules.normal_name(name)
    digest = document_digest(document.type, document.number)
    question, asked_at, spent = queries.question_in(token)
    with transaction.atomic():
        refusal = _try(digest, spent, question, answer, asked_at=asked_at, by=by, now=now)
        found = None if refusal else _person(wanted, digest)
        _note(found, refusal, by=by, now=now)
    if refusal:
        raise refusal
    return queries.registration_of(found, now=now) if found else None


def _try(
    digest: str,
    spent: str,
    question: rules.Question,
    answer: str,
    *,
    asked_at: datetime,
    by: Actor,
    now: datetime,
) -> Refused | None:
    """Count one try, unless there are none left; return why it is refused."""
    queries.lock_lookups(by.address, digest)
    by_address, by_number = queries.lookups_since(by.address, digest, now=now)
    try:
        rules.require_tries_left(by_address=by_address, by_number=by_number, now=now)
        with (
            refusing({"lookup_question_answered_once": QuestionExpired}),
            transaction.atomic(),
        ):
            tried = RegistrationLookup.objects.create(
                question=spent, document_digest="", address=by.address, at=now
            )
        rules.require_answer(question, answer, asked_at=asked_at, now=now)
    except Refused as refusal:
        return refusal
    # Only who can count uses up the tries of a number: a machine cannot lock somebody out.
    tried.document_digest = digest
    tried.save(update_fields=["document_digest"])
    return None


def _person(name: str, digest: str) -> Person | None:
    person = queries.person_with_document(digest)
    return person if person and not person.is_closed and person.name == name else None


def _note(found: Person | None, refusal: Refused | None, *, by: Actor, now: datetime) -> None:
    detail = {"refused": refusal.code} if refusal else {"found": found is not None}
    record(by=by, action="people.look_up", subject=found, detail=detail, now=now)


@transaction.atomic
def dispute_registration(
    *, ticket: str, phone: str, text: str = "", by: Actor, now: datetime
) -> RegistrationDispute:
    """Say that a registration one has just found was not made by oneself.

    Raises QuestionExpired, NotFound, PhoneMalformed, DisputeOpen.
    """
    person = queries.person_with_ticket(ticket, now=now)
    reached = rules.normal_phone(phone)
    if not reached:
        raise PhoneMalformed(field="phone")
    with refusing({"registration_dispute_open_once": DisputeOpen}), transaction.atomic():
        dispute = RegistrationDispute.objects.create(
            cell=person.cell,
            person=person,
            phone=reached,
            phone_digest=phone_digest(reached),
            text=text.strip(),
            opened_at=now,
        )
    record(
        by=by, action="people.dispute_registration", subject=dispute,
        region_code=person.region_id, now=now,
    )  # fmt: skip
    return dispute


@transaction.atomic
def answer_dispute(
    *, dispute_id: int, outcome: DisputeOutcome, reply: str, by: Actor, now: datetime
) -> RegistrationDispute:
    """Answer a dispute after looking at the papers; ending the registration closes the record.

    The reply goes to the phone that was left, if it takes messages.
    Raises DisputeAnswered, ReplyMissing, NotAllowed, PersonClosed.
    """
    dispute = queries.lock_dispute(dispute_id)
    person = dispute.person
    guards.require_staff(by, person, Permission.EDIT_PEOPLE)
    if dispute.answered_at is not None:
        raise DisputeAnswered
    if not reply.strip():
        raise ReplyMissing(field="reply")
    dispute.outcome, dispute.reply = outcome, reply.strip()
    dispute.answered_by_id, dispute.answered_at = by.person_id, now
    dispute.save(update_fields=["outcome", "reply", "answered_by_id", "answered_at"])
    record(
        by=guards.acting_for(by, person), action="people.answer_dispute", subject=dispute,
        region_code=person.region_id, detail={"outcome": outcome}, now=now,
    )  # fmt: skip
    if outcome == DisputeOutcome.ENDED and not person.is_closed:
        close_person(person_id=person.pk, by=by, now=now)
    if rules.is_mobile(dispute.phone):
        announce(
            RegistrationDisputeAnswered(
                dispute_id=dispute.pk,
                phone=dispute.phone,
                was_ended=outcome == DisputeOutcome.ENDED,
                cell=dispute.cell,
                at=now,
            )
        )
    return dispute


def forget_lookups(*, now: datetime) -> int:
    """Forget the tries that no limit asks for any more."""
    forgotten, _ = RegistrationLookup.objects.filter(at__lt=now - _KEPT_FOR).delete()
    return forgotten
