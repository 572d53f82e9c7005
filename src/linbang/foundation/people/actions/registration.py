"""Registering people, confirming them, and closing their records."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access import actions as access
from linbang.foundation.access import queries as access_queries
from linbang.foundation.access.choices import DirectoryKind, Permission
from linbang.foundation.access.errors import AlreadyClaimed
from linbang.foundation.access.models import Account
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, refusing
from linbang.foundation.events import announce
from linbang.foundation.people import queries, rules
from linbang.foundation.people.actions import guards
from linbang.foundation.people.actions.consents import store_consent, withdraw_all
from linbang.foundation.people.choices import (
    ConsentKind,
    ConsentMethod,
    DocumentType,
    RegistrationChannel,
    Sex,
)
from linbang.foundation.people.errors import (
    AccountElsewhere,
    AlreadyRegistered,
    DocumentDiffers,
    DuplicateIdentity,
    GuardianNeeded,
)
from linbang.foundation.people.events import PersonClosed, PersonConfirmed, PersonRegistered
from linbang.foundation.people.models import (
    Kinship,
    Person,
    VolunteerProfile,
    document_digest,
    phone_digest,
    phone_tail_digest,
)


@dataclass(frozen=True)
class Identity:
    """Who somebody is, read off the document."""

    name: str
    document: rules.Document
    birth_date: date
    sex: Sex
    phone: str


@transaction.atomic
def register_person(
    *,
    details: rules.Registration,
    guardian: rules.Guardian | None = None,
    signed_form: bool = False,
    by: Actor,
    now: datetime,
) -> Person:
    """Register oneself under a phone just proven, one's child as guardian, or others as staff.

    Others stay unconfirmed (rule 4) unless ``signed_form`` says that their signature is on file.
    Raises DuplicateIdentity, GuardianNeeded, AlreadyRegistered, PhoneTaken, NotAllowed,
    RegionUnknown, and what reading the document refuses.
    """
    today = clock.local_date(now)
    identity = read_identity(details, today=today)
    region = guards.require_home(details.region_code)
    _require_may_register(details, guardian, by=by)
    if guardian is None and rules.needs_guardian(identity.birth_date, today=today):
        raise GuardianNeeded(field="document_number")
    is_own = details.channel == RegistrationChannel.SELF and guardian is None
    account = _own_account(identity.phone, region.cell, by=by, now=now) if is_own else None
    person = store_person(
        identity, details, cell=account.cell if account else region.cell, account=account,
        by=by, now=now,
    )  # fmt: skip
    if guardian is not None:
        _store_guardian(person, guardian, by=by, now=now)
    actor = _owner(person, by) if is_own else guards.acting_for(by, person)
    record(by=actor, action="people.register_person", subject=person, now=now)
    announce(PersonRegistered(person_id=person.pk, cell=person.cell, at=now))
    if signed_form:
        return confirm_person(person_id=person.pk, method=ConsentMethod.SIGNED_FORM, by=by, now=now)
    if is_own or (guardian is not None and guardian.person_id == by.person_id):
        return confirm_person(person_id=person.pk, method=ConsentMethod.OWN, by=actor, now=now)
    return person


def read_identity(details: rules.Registration, *, today: date) -> Identity:
    """Read who somebody is. Raises what reading the document refuses."""
    document = rules.read_document(details.document_type, details.document_number, today=today)
    birth_date, sex = rules.require_matching(
        document, birth_date=details.birth_date, sex=details.sex, today=today
    )
    return Identity(
        name=rules.normal_name(details.name),
        document=document,
        birth_date=birth_date,
        sex=sex,
        phone=rules.normal_phone(details.phone),
    )


def _require_may_register(
    details: rules.Registration, guardian: rules.Guardian | None, *, by: Actor
) -> None:
    if details.channel == RegistrationChannel.SELF:
        if guardian is None and by.person_id is not None:
            raise AlreadyRegistered
        is_allowed = guardian is None or guardian.person_id == by.person_id
    elif details.channel == RegistrationChannel.ORGANISATION:
        is_allowed = bool(by.organisations_for(Permission.SEE_PEOPLE))
    else:
        is_allowed = by.may(Permission.EDIT_PEOPLE, region=details.region_code)
    if not is_allowed:
        raise NotAllowed


def _own_account(phone: str, cell: str, *, by: Actor, now: datetime) -> Account:
    # Somebody who closed the record before still has the account, without a person.
    if by.account_id is not None:
        return access_queries.lock_account(by.account_id)
    return access.open_account(phone=phone, cell=cell, by=by, now=now)


def _owner(person: Person, by: Actor) -> Actor:
    return Actor(person.account_id, person.pk, person.cell, address=by.address)


def store_person(
    identity: Identity,
    details: rules.Registration,
    *,
    cell: str,
    account: Account | None,
    by: Actor,
    now: datetime,
) -> Person:
    """Store a person under an identity that nobody in the country has yet.

    Raises DuplicateIdentity.
    """
    spelt = rules.pinyin_name(identity.name)
    document = identity.document
    digest = document_digest(document.type, document.number)
    with refusing({"person_document_once": DuplicateIdentity}), transaction.atomic():
        person = Person.objects.create(
            cell=cell,
            account=account,
            name=identity.name,
            pinyin=spelt.pinyin,
            initials=spelt.initials,
            sex=identity.sex,
            birth_date=identity.birth_date,
            document_type=document.type,
            document_number=document.number,
            document_digest=digest,
            phone=identity.phone,
            phone_digest=phone_digest(identity.phone),
            phone_tail_digest=phone_tail_digest(identity.phone),
            region_id=details.region_code,
            address=details.address.strip(),
            channel=details.channel,
            registered_by_id=by.person_id,
            registered_at=now,
        )
    try:
        access.claim_unique(
            kind=DirectoryKind.IDENTITY, digest=digest, cell=cell, owner_id=person.pk
        )
    except AlreadyClaimed as error:
        # Another county has this identity: our index could not know.
        raise DuplicateIdentity(field="document_number") from error
    return person


def _store_guardian(person: Person, guardian: rules.Guardian, *, by: Actor, now: datetime) -> None:
    # Staff saw the papers; a guardian's own word is taken with the child's document (rule 7).
    adult = queries.adult_with_id(guardian.person_id, today=clock.local_date(now))
    Kinship.objects.create(
        cell=person.cell,
        person=person,
        relative=adult,
        relation=guardian.relation,
        is_guardian=True,
        declared_at=now,
        declared_by_id=by.person_id or adult.pk,
        confirmed_at=now,
        confirmed_by_id=by.person_id,
    )


@transaction.atomic
def confirm_person(*, person_id: int, method: ConsentMethod, by: Actor, now: datetime) -> Person:
    """Store the consent that makes a registration count (rules 4 and 7); safe to repeat.

    The person consents, for a minor the guardian; staff may store a signed form.
    Raises GuardianNeeded, NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    if person.is_confirmed:
        return person
    giver = _consent_giver(person, method, by=by, now=now)
    kind = ConsentKind.REGISTRATION if giver == person.pk else ConsentKind.GUARDIAN
    store_consent(person, kind, method=method, given_by_id=giver, now=now)
    person.confirmed_at = now
    person.save(update_fields=["confirmed_at"])
    detail = {"method": method}
    record(
        by=guards.acting_for(by, person), action="people.confirm_person", subject=person,
        detail=detail, now=now,
    )  # fmt: skip
    announce(PersonConfirmed(person_id=person.pk, cell=person.cell, at=now))
    return person


def _consent_giver(person: Person, method: ConsentMethod, *, by: Actor, now: datetime) -> int:
    is_staff = method == ConsentMethod.SIGNED_FORM
    if is_staff:
        guards.require_staff(by, person, Permission.EDIT_PEOPLE)
    if rules.needs_guardian(person.birth_date, today=clock.local_date(now)):
        guardians = queries.guardians_of(person.pk)
        if not guardians:
            raise GuardianNeeded
        if not is_staff and by.person_id not in guardians:
            raise NotAllowed
        return guardians[0] if is_staff else by.person_id or guardians[0]
    if not is_staff and by.person_id != person.pk:
        raise NotAllowed
    return person.pk


@transaction.atomic
def adopt_record(
    *, person_id: int, phone: str, document_number: str, by: Actor, now: datetime
) -> Person:
    """Join an account to the record that others made under a phone, and confirm it (rule 4).

    The phone was just proven by its owner; the document number proves the rest.
    Raises AlreadyRegistered, DocumentDiffers, AccountElsewhere, NotFound and what reading refuses.
    """
    if by.person_id is not None:
        raise AlreadyRegistered
    person = queries.lock_record_waiting_for(rules.normal_phone(phone), person_id)
    document = rules.read_document(
        DocumentType(person.document_type), document_number, today=clock.local_date(now)
    )
    if document_digest(document.type, document.number) != person.document_digest:
        raise DocumentDiffers(field="document_number")
    person.account = _own_account(person.phone, person.cell, by=by, now=now)
    if person.account.cell != person.cell:
        raise AccountElsewhere
    person.save(update_fields=["account"])
    confirmed = confirm_person(
        person_id=person.pk, method=ConsentMethod.SMS, by=_owner(person, by), now=now
    )
    record(by=_owner(person, by), action="people.adopt_record", subject=person, now=now)
    return confirmed


@transaction.atomic
def close_person(*, person_id: int, by: Actor, now: datetime) -> None:
    """Close one's record: hidden from every list at once, stored only (rule 9).

    Raises NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_may_edit(by, person)
    withdraw_all(person, now=now)
    VolunteerProfile.objects.filter(cell=person.cell, person=person, ended_at=None).update(
        ended_at=now
    )
    # The account stays, without a person: signing in again leads to a new registration or a claim.
    access.revoke_passes(account_id=person.account_id, cell=person.cell, now=now)
    person.closed_at, person.account_id = now, None
    person.save(update_fields=["closed_at", "account"])
    record(by=guards.acting_for(by, person), action="people.close_person", subject=person, now=now)
    announce(PersonClosed(person_id=person.pk, cell=person.cell, at=now))
