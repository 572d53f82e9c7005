"""Credentials, trainings, consents, lists and pauses for tests, past the rules of the actions."""

from datetime import date, datetime, timedelta

from linbang.foundation.organisations.factories import make_unit
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.choices import Relation
from linbang.foundation.people.factories import make_kinship, make_person
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import COMMUNITY, make_region_tree
from linbang.intake.activities.choices.catalogue import QUALIFICATIONS
from linbang.intake.activities.factories import BEFORE, SATURDAY
from linbang.intake.activities.models import Activity, InsurancePolicy, Qualification, Shift
from linbang.operations.clearance.choices import (
    AcceptanceKind,
    CredentialSource,
    SuspensionCause,
    TrainingKind,
    TrainingMode,
)
from linbang.operations.clearance.models import (
    Acceptance,
    ConsentRequest,
    Credential,
    Enrolment,
    GuardianConsent,
    InsuredList,
    InsuredListEntry,
    InsuredPerson,
    Suspension,
    Training,
    TrainingSession,
)


def make_qualifications() -> None:
    """Make the qualifications of the catalogue where the migration's are gone."""
    Qualification.objects.bulk_create(
        [
            Qualification(**entry._asdict(), position=position)
            for position, entry in enumerate(QUALIFICATIONS, 1)
        ],
        ignore_conflicts=True,
    )


def make_credential(
    person: Person,
    qualification: str = "first-aid",
    *,
    valid_from: date = date(2026, 1, 1),
    valid_until: date | None = None,
    **columns: object,
) -> Credential:
    """Make a verified credential that holds."""
    make_qualifications()
    return Credential.objects.create(
        **{
            "cell": person.cell,
            "person": person,
            "qualification_id": qualification,
            "source": CredentialSource.DOCUMENT,
            "number": "G45-2026-0001",
            "issued_by": "南宁市红十字会",
            "valid_from": valid_from,
            "valid_until": valid_until,
            "verified_at": BEFORE,
            **columns,
        }
    )


def make_training(
    name: str = "应急救护培训",
    *,
    organiser: Organisation | None = None,
    region: str = COMMUNITY,
    qualification: str | None = "first-aid",
    **columns: object,
) -> Training:
    """Make a training of half a day that leads to a qualification."""
    make_region_tree()
    make_qualifications()
    return Training.objects.create(
        **{
            "cell": region[:6],
            "organiser": organiser or make_unit(),
            "region_id": region,
            "qualification_id": qualification,
            "name": name,
            "content": "心肺复苏、包扎、异物梗阻。",
            "kind": TrainingKind.PROFESSIONAL,
            "mode": TrainingMode.FACE_TO_FACE,
            "learning_minutes": 180,
            "created_at": BEFORE,
            **columns,
        }
    )


def make_session(
    training: Training | None = None,
    *,
    starts_at: datetime = SATURDAY,
    minutes: int = 180,
    places: int = 20,
    **columns: object,
) -> TrainingSession:
    """Make a sitting, with a training of its own unless given."""
    training = training or make_training()
    return TrainingSession.objects.create(
        **{
            "cell": training.cell,
            "training": training,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=minutes),
            "place": "社区会议室",
            "trainer": "陈医生",
            "places": places,
            **columns,
        }
    )


def make_enrolment(
    session: TrainingSession, person: Person | None = None, **columns: object
) -> Enrolment:
    """Make a running enrolment."""
    return Enrolment.objects.create(
        **{
            "cell": session.cell,
            "session": session,
            "person": person or make_person(),
            "enrolled_at": BEFORE,
            **columns,
        }
    )


def make_acceptance(
    activity: Activity,
    person: Person,
    kind: AcceptanceKind = AcceptanceKind.RISK,
    **columns: object,
) -> Acceptance:
    """Make an acceptance of the version of the moment."""
    return Acceptance.objects.create(
        **{
            "cell": activity.cell,
            "activity": activity,
            "person": person,
            "kind": kind,
            "version": activity.risk_version,
            "text_digest": "0" * 64,
            "accepted_at": BEFORE,
            "given_by_id": person.pk,
            **columns,
        }
    )


def make_child(
    name: str = "小明", *, birth_date: date = date(2013, 6, 1), guardian: Person | None = None
) -> tuple[Person, Person]:
    """Make a child and the confirmed guardian."""
    child = make_person(name, birth_date=birth_date)
    guardian = guardian or make_person("李妈妈", birth_date=date(1985, 4, 2))
    make_kinship(child, guardian, relation=Relation.PARENT, is_guardian=True)
    return child, guardian


def make_guardian_consent(
    activity: Activity, child: Person, guardian: Person, **columns: object
) -> GuardianConsent:
    """Make a consent in force."""
    return GuardianConsent.objects.create(
        **{
            "cell": activity.cell,
            "activity": activity,
            "person": child,
            "guardian": guardian,
            "given_at": BEFORE,
            **columns,
        }
    )


def make_consent_request(activity: Activity, child: Person, **columns: object) -> ConsentRequest:
    """Make a question to the guardians that nobody has answered."""
    return ConsentRequest.objects.create(
        **{
            "cell": activity.cell,
            "activity": activity,
            "person": child,
            "asked_at": BEFORE,
            "asked_by_id": child.pk,
            **columns,
        }
    )


def make_insured(policy: InsurancePolicy, person: Person, **columns: object) -> InsuredPerson:
    """Put a person on a policy's list."""
    return InsuredPerson.objects.create(
        **{
            "cell": policy.cell,
            "policy": policy,
            "person": person,
            "added_at": BEFORE,
            **columns,
        }
    )


def make_frozen_list(shift: Shift, policy: InsurancePolicy, *people: Person) -> InsuredList:
    """Freeze a shift's list with these people."""
    frozen = InsuredList.objects.create(
        cell=shift.cell, shift=shift, policy=policy, frozen_at=shift.starts_at
    )
    InsuredListEntry.objects.bulk_create(
        [InsuredListEntry(cell=shift.cell, insured_list=frozen, person=one) for one in people]
    )
    return frozen


def make_suspension(
    person: Person, *, starts_at: datetime = BEFORE, days: int = 30, **columns: object
) -> Suspension:
    """Pause a person's sign-ups."""
    return Suspension.objects.create(
        **{
            "cell": person.cell,
            "person": person,
            "cause": SuspensionCause.NO_SHOWS,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(days=days),
            **columns,
        }
    )
