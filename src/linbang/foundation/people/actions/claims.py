"""Claiming a record that was registered under one's identity (rule 3)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access import actions as access
from linbang.foundation.access import queries as access_queries
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.errors import PhoneTaken
from linbang.foundation.access.models import Account
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import refusing
from linbang.foundation.events import announce
from linbang.foundation.people import queries, rules
from linbang.foundation.people.actions import guards
from linbang.foundation.people.actions.consents import store_consent
from linbang.foundation.people.choices import (
    ClaimState,
    ConsentKind,
    ConsentMethod,
    DocumentType,
)
from linbang.foundation.people.errors import (
    AccountElsewhere,
    ClaimDecided,
    ClaimOpen,
    IdentityUnknown,
    PhoneMalformed,
    ReasonMissing,
)
from linbang.foundation.people.events import IdentityClaimed
from linbang.foundation.people.models import (
    IdentityClaim,
    Person,
    document_digest,
    phone_digest,
    phone_tail_digest,
)


@transaction.atomic
def claim_identity(
    *,
    document_type: DocumentType,
    document_number: str,
    phone: str,
    by: Actor,
    now: datetime,
) -> IdentityClaim:
    """Ask the station for the record under one's document, to be reached under a new phone.

    Raises IdentityUnknown, ClaimOpen, PhoneMalformed and what reading the document refuses.
    """
    document = rules.read_document(document_type, document_number, today=clock.local_date(now))
    mobile = rules.normal_phone(phone)
    if not rules.is_mobile(mobile):
        raise PhoneMalformed(field="phone")
    person = queries.person_with_document(document_digest(document.type, document.number))
    if person is None:
        raise IdentityUnknown(field="document_number")
    with refusing({"identity_claim_open_once": ClaimOpen}), transaction.atomic():
        claim = IdentityClaim.objects.create(
            cell=person.cell,
            person=person,
            phone=mobile,
            phone_digest=phone_digest(mobile),
            opened_at=now,
        )
    record(
        by=by, action="people.claim_identity", subject=claim, region_code=person.region_id, now=now
    )
    announce(IdentityClaimed(claim_id=claim.pk, cell=claim.cell, at=now))
    return claim


@transaction.atomic
def decide_claim(
    *, claim_id: int, granted: bool, reason: str = "", by: Actor, now: datetime
) -> IdentityClaim:
    """Decide, after seeing the document, whether the record is the claimant's.

    Granting joins the record to the account of the claimed phone, confirms it and opens it again
    if it was closed; refusing needs a reason.
    Raises ClaimDecided, AccountElsewhere, ReasonMissing, NotAllowed.
    """
    claim = queries.lock_claim(claim_id)
    person = claim.person
    guards.require_staff(by, person, Permission.EDIT_PEOPLE)
    if claim.state != ClaimState.OPEN:
        raise ClaimDecided
    if granted:
        _hand_over(person, claim.phone, by=by, now=now)
    elif not reason.strip():
        raise ReasonMissing(field="reason")
    claim.state = ClaimState.GRANTED if granted else ClaimState.REFUSED
    claim.decided_by_id, claim.decided_at, claim.reason = by.person_id, now, reason.strip()
    claim.save(update_fields=["state", "decided_by_id", "decided_at", "reason"])
    record(
        by=guards.acting_for(by, person), action="people.decide_claim", subject=claim,
        region_code=person.region_id, detail={"granted": granted}, now=now,
    )  # fmt: skip
    return claim


def _hand_over(person: Person, phone: str, *, by: Actor, now: datetime) -> None:
    account = _account(phone, person, by=by, now=now)
    if person.account_id != account.pk:
        access.revoke_passes(account_id=person.account_id, cell=person.cell, now=now)
    person.account_id = account.pk
    person.phone, person.phone_digest = phone, phone_digest(phone)
    person.phone_tail_digest = phone_tail_digest(phone)
    person.closed_at, person.confirmed_at = None, person.confirmed_at or now
    person.save(
        update_fields=[
            "account", "phone", "phone_digest", "phone_tail_digest", "closed_at", "confirmed_at",
        ]
    )  # fmt: skip
    store_consent(
        person, ConsentKind.REGISTRATION, method=ConsentMethod.SIGNED_FORM,
        given_by_id=person.pk, now=now,
    )  # fmt: skip


def _account(phone: str, person: Person, *, by: Actor, now: datetime) -> Account:
    account = access_queries.account_with_phone(phone)
    if account is None:
        try:
            return access.open_account(phone=phone, cell=person.cell, by=by, now=now)
        except PhoneTaken as error:
            raise AccountElsewhere(field="phone") from error
    owner = queries.person_with_account(account.pk)
    if account.cell != person.cell or (owner is not None and owner.pk != person.pk):
        raise AccountElsewhere(field="phone")
    return account
