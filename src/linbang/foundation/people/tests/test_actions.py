from datetime import date, timedelta

import pytest

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import make_account
from linbang.foundation.access.models import Account, PassRevocation
from linbang.foundation.access.queries import actor_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people import actions, errors, queries, rules
from linbang.foundation.people.choices import (
    ClaimState,
    ConsentKind,
    ConsentMethod,
    DocumentType,
    RegistrationChannel,
    Relation,
    Sex,
)
from linbang.foundation.people.factories import (
    make_actor,
    make_consent,
    make_kinship,
    make_person,
    make_resident_id,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Consent, Kinship
from linbang.foundation.places.factories import (
    BUILDING,
    NEIGHBOUR_COMMUNITY,
    make_region_tree,
)

pytestmark = pytest.mark.django_db
NOW = clock.now()
STRANGER = Actor(address="10.0.0.7")
ADULT, CHILD = date(1980, 5, 5), date(2016, 5, 5)
OFFER = rules.VolunteerDetails(skills=("19", "03"), categories=("0001",), availability=0b10010)


def details(name="李秀英", *, born=ADULT, **more):
    make_region_tree()
    number = make_resident_id(born, Sex.FEMALE)
    return rules.Registration(
        **{"name": name, "document_number": number, "region_code": BUILDING, **more}
    )


def register_self(phone="13800138000", **more):
    return actions.register_person(details=details(phone=phone, **more), by=STRANGER, now=NOW)


def register_by_station(worker=None, **more):
    return actions.register_person(
        details=details(channel=RegistrationChannel.STATION, **more),
        by=worker or make_worker(),
        now=NOW,
    )


def audited(person, action):
    return AuditEvent.objects.filter(about_id=person.pk, action=action)


def test_registering_oneself_opens_account_and_confirms():
    person = register_self(name="单雄信")

    person.refresh_from_db()
    assert (person.pinyin, person.pinyin_key, person.birth_date) == (
        "shan xiong xin", "shanxiongxin", ADULT,
    )  # fmt: skip
    assert person.account.cell == person.cell == "450103"
    assert actor_of(person.account_id).person_id == person.pk
    assert [c.text.kind for c in queries.consents_of(person)] == [ConsentKind.REGISTRATION]
    assert person.is_confirmed
    assert audited(person, "people.register_person").get().person_id == person.pk


def test_registering_twice_is_refused():
    person = register_self()

    with pytest.raises(errors.AlreadyRegistered):
        actions.register_person(details=details(), by=make_actor(person), now=NOW)


def test_station_registration_stays_unconfirmed():
    worker = make_worker()

    person = register_by_station(worker, phone="13800138000")

    assert (person.is_confirmed, person.account_id) == (False, None)
    event = audited(person, "people.register_person").get()
    assert (event.person_id, event.on_behalf_of_id) == (worker.person_id, person.pk)


def test_signed_form_confirms_at_once():
    person = actions.register_person(
        details=details(channel=RegistrationChannel.STATION),
        signed_form=True,
        by=make_worker(),
        now=NOW,
    )

    (consent,) = queries.consents_of(person)
    assert person.is_confirmed
    assert (consent.method, consent.given_by_id) == (ConsentMethod.SIGNED_FORM, person.pk)


def test_station_registers_in_its_own_region_only():
    with pytest.raises(NotAllowed):
        register_by_station(region_code=NEIGHBOUR_COMMUNITY)


def test_team_leader_registers_for_the_organisation():
    leader = make_actor(make_person(), Role.TEAM_LEADER, organisation_path="0000000001")
    told = details(channel=RegistrationChannel.ORGANISATION)

    person = actions.register_person(details=told, by=leader, now=NOW)

    assert not person.is_confirmed
    with pytest.raises(NotAllowed):
        actions.register_person(
            details=details(channel=RegistrationChannel.ORGANISATION),
            by=make_actor(make_person()),
            now=NOW,
        )


def test_same_identity_is_refused_and_leads_to_claiming():
    first = register_self()

    with pytest.raises(errors.DuplicateIdentity):
        register_by_station(document_number=first.document_number.lower())


def test_same_identity_of_another_county_is_refused():
    first = make_person(cell="110105", has_account=False)

    with pytest.raises(errors.DuplicateIdentity):
        register_by_station(document_number=first.document_number)


def test_region_must_be_a_current_home():
    with pytest.raises(errors.RegionUnknown):
        register_self(region_code="450103")


def test_minor_needs_a_guardian():
    with pytest.raises(errors.GuardianNeeded):
        register_self(born=CHILD)
    with pytest.raises(errors.GuardianNeeded):
        register_by_station(born=CHILD)


def test_guardian_registers_a_child_and_consents():
    mother = make_person()
    guardian = rules.Guardian(person_id=mother.pk, relation=Relation.PARENT)

    child = actions.register_person(
        details=details("小明", born=CHILD), guardian=guardian, by=make_actor(mother), now=NOW
    )

    (consent,) = queries.consents_of(child)
    assert (consent.text.kind, consent.given_by_id) == (ConsentKind.GUARDIAN, mother.pk)
    assert child.is_confirmed
    assert queries.may_speak_for(make_actor(mother), child.pk)


def test_guardian_is_a_confirmed_adult():
    teenager = make_person(birth_date=date(2012, 1, 1))
    guardian = rules.Guardian(person_id=teenager.pk)

    with pytest.raises(errors.GuardianNeeded):
        actions.register_person(
            details=details(born=CHILD), guardian=guardian, by=make_actor(teenager), now=NOW
        )


def test_nobody_registers_a_child_for_another_guardian():
    guardian = rules.Guardian(person_id=make_person().pk)

    with pytest.raises(NotAllowed):
        actions.register_person(
            details=details(born=CHILD), guardian=guardian, by=make_actor(make_person()), now=NOW
        )


def test_child_of_a_station_registration_waits_for_the_guardian():
    mother, worker = make_person(), make_worker()
    child = actions.register_person(
        details=details("小明", born=CHILD, channel=RegistrationChannel.STATION),
        guardian=rules.Guardian(person_id=mother.pk),
        by=worker,
        now=NOW,
    )
    assert not child.is_confirmed

    actions.confirm_person(
        person_id=child.pk, method=ConsentMethod.OWN, by=make_actor(mother), now=NOW
    )

    child.refresh_from_db()
    assert child.is_confirmed


def test_confirmation_is_the_persons_own():
    person = register_by_station()

    with pytest.raises(NotAllowed):
        actions.confirm_person(
            person_id=person.pk, method=ConsentMethod.OWN, by=make_worker(), now=NOW
        )
    with pytest.raises(NotAllowed):
        actions.confirm_person(
            person_id=person.pk,
            method=ConsentMethod.SIGNED_FORM,
            by=make_worker(region=NEIGHBOUR_COMMUNITY),
            now=NOW,
        )


def test_minor_without_guardian_is_not_confirmed():
    child = make_person(birth_date=CHILD, confirmed=False)

    with pytest.raises(errors.GuardianNeeded):
        actions.confirm_person(
            person_id=child.pk, method=ConsentMethod.SIGNED_FORM, by=make_worker(), now=NOW
        )


def test_other_adult_does_not_confirm_a_child():
    child = make_person(birth_date=CHILD, confirmed=False)
    make_kinship(child, make_person(), is_guardian=True)

    with pytest.raises(NotAllowed):
        actions.confirm_person(
            person_id=child.pk, method=ConsentMethod.OWN, by=make_actor(make_person()), now=NOW
        )


def test_confirming_again_changes_nothing():
    person = make_person()

    again = actions.confirm_person(
        person_id=person.pk, method=ConsentMethod.OWN, by=make_actor(person), now=NOW
    )

    assert again.confirmed_at == person.confirmed_at
    assert not Consent.objects.filter(person=person).exists()


def test_owner_of_the_phone_adopts_the_record():
    person = register_by_station(phone="13800138000")

    adopted = actions.adopt_record(
        person_id=person.pk,
        phone="138 0013 8000",
        document_number=person.document_number,
        by=STRANGER,
        now=NOW,
    )

    assert adopted.is_confirmed
    assert actor_of(adopted.account_id).person_id == person.pk
    assert queries.consents_of(adopted)[0].method == ConsentMethod.SMS


def test_adopting_needs_phone_and_document():
    person = register_by_station(phone="13800138000")

    with pytest.raises(errors.DocumentDiffers):
        actions.adopt_record(
            person_id=person.pk, phone="13800138000", document_number=make_resident_id(ADULT),
            by=STRANGER, now=NOW,
        )  # fmt: skip
    with pytest.raises(NotFound):
        actions.adopt_record(
            person_id=person.pk, phone="13700137000", document_number=person.document_number,
            by=STRANGER, now=NOW,
        )  # fmt: skip
    with pytest.raises(errors.AlreadyRegistered):
        actions.adopt_record(
            person_id=person.pk, phone="13800138000", document_number=person.document_number,
            by=make_actor(make_person()), now=NOW,
        )  # fmt: skip


def test_account_of_another_county_does_not_adopt():
    person = register_by_station(phone="13800138000")
    account = make_account(cell="110105")

    with pytest.raises(errors.AccountElsewhere):
        actions.adopt_record(
            person_id=person.pk, phone="13800138000", document_number=person.document_number,
            by=actor_of(account.pk), now=NOW,
        )  # fmt: skip


def claim(person, phone="13900139000"):
    return actions.claim_identity(
        document_type=DocumentType(person.document_type),
        document_number=person.document_number,
        phone=phone,
        by=STRANGER,
        now=NOW,
    )


def test_granted_claim_hands_the_record_over():
    person = make_person(confirmed=False)
    waiting = claim(person)

    actions.decide_claim(claim_id=waiting.pk, granted=True, by=make_worker(), now=NOW)

    person.refresh_from_db()
    assert (person.phone, person.is_confirmed) == ("13900139000", True)
    assert Account.objects.get(pk=person.account_id).phone == "13900139000"


def test_passes_name_nobody_who_handed_the_record_over():
    person, worker = make_person(), make_worker()
    before = person.account_id

    actions.decide_claim(claim_id=claim(person).pk, granted=True, by=worker, now=NOW)
    actions.decide_claim(claim_id=claim(person).pk, granted=True, by=worker, now=NOW)

    # The second claim found the record where it was: nothing to revoke.
    assert [gone.account_id for gone in PassRevocation.objects.all()] == [before]


def test_passes_name_nobody_who_was_closed():
    person = make_person()
    account_id = person.account_id
    make_consent(person, ConsentKind.REGISTRATION)

    actions.close_person(person_id=person.pk, by=make_actor(person), now=NOW + timedelta(days=1))

    revoked = PassRevocation.objects.get()
    assert (revoked.account_id, revoked.device_id) == (account_id, None)


def test_refused_claim_keeps_its_reason():
    waiting, worker = claim(make_person()), make_worker()
    with pytest.raises(errors.ReasonMissing):
        actions.decide_claim(claim_id=waiting.pk, granted=False, by=worker, now=NOW)

    decided = actions.decide_claim(
        claim_id=waiting.pk, granted=False, reason="证件与本人不符", by=worker, now=NOW
    )

    assert (decided.state, decided.reason) == (ClaimState.REFUSED, "证件与本人不符")
    with pytest.raises(errors.ClaimDecided):
        actions.decide_claim(claim_id=waiting.pk, granted=True, by=worker, now=NOW)


def test_claim_is_refused_for_unknown_identity_and_bad_phone():
    person = make_person()
    with pytest.raises(errors.PhoneMalformed):
        claim(person, phone="0771-5551234")
    with pytest.raises(errors.IdentityUnknown):
        actions.claim_identity(
            document_type=DocumentType.RESIDENT_ID, document_number=make_resident_id(ADULT),
            phone="13900139000", by=STRANGER, now=NOW,
        )  # fmt: skip


def test_claim_waits_only_once():
    person = make_person()
    claim(person)

    with pytest.raises(errors.ClaimOpen):
        claim(person)


def test_claim_is_decided_by_staff_of_the_region():
    waiting = claim(make_person())

    with pytest.raises(NotAllowed):
        actions.decide_claim(
            claim_id=waiting.pk, granted=True, by=make_worker(region=NEIGHBOUR_COMMUNITY), now=NOW
        )


def test_claim_with_the_phone_of_another_person_is_refused():
    other = make_person(phone="13900139000")
    waiting = claim(make_person(), phone=other.phone)

    with pytest.raises(errors.AccountElsewhere):
        actions.decide_claim(claim_id=waiting.pk, granted=True, by=make_worker(), now=NOW)


def test_closing_hides_at_once_and_a_claim_reopens():
    volunteer = make_volunteer()
    person, worker = volunteer.person, make_worker()
    make_consent(person, ConsentKind.REGISTRATION)

    actions.close_person(person_id=person.pk, by=make_actor(person), now=NOW + timedelta(days=1))

    assert person not in queries.people_visible_to(worker)
    assert not queries.is_volunteer(person.pk)
    assert not Consent.objects.filter(person=person, withdrawn_at=None).exists()
    with pytest.raises(errors.PersonClosed):
        actions.close_person(person_id=person.pk, by=worker, now=NOW)
    actions.decide_claim(claim_id=claim(person).pk, granted=True, by=worker, now=NOW)
    assert person in queries.people_visible_to(worker)


def test_withdrawing_registration_closes_the_record():
    person = make_person()
    make_consent(person, ConsentKind.REGISTRATION)

    actions.withdraw_consent(
        person_id=person.pk,
        kind=ConsentKind.REGISTRATION,
        by=make_actor(person),
        now=NOW + timedelta(days=1),
    )

    person.refresh_from_db()
    assert person.is_closed


def test_withdrawing_volunteer_consent_ends_the_profile():
    volunteer = make_volunteer()
    make_consent(volunteer.person, ConsentKind.VOLUNTEER)
    by = make_actor(volunteer.person)

    actions.withdraw_consent(
        person_id=volunteer.person_id, kind=ConsentKind.VOLUNTEER, by=by, now=NOW
    )

    assert not queries.is_volunteer(volunteer.person_id)
    with pytest.raises(errors.ConsentMissing):
        actions.withdraw_consent(
            person_id=volunteer.person_id, kind=ConsentKind.VOLUNTEER, by=by, now=NOW
        )


def test_giving_the_same_consent_twice_is_one_row():
    person = make_person()
    by = make_actor(person)
    for _ in range(2):
        actions.give_consent(
            person_id=person.pk, kind=ConsentKind.SENSITIVE, method=ConsentMethod.OWN, by=by,
            now=NOW,
        )  # fmt: skip

    assert Consent.objects.filter(person=person).count() == 1


def test_daughter_waits_for_her_mothers_word():
    mother, daughter = make_person("李秀英"), make_person("王芳")
    asked = actions.ask_to_speak_for(
        name=" 李秀英",
        phone=mother.phone,
        relation=Relation.CHILD,
        by=make_actor(daughter),
        now=NOW,
    )
    assert not queries.may_speak_for(make_actor(daughter), mother.pk)
    with pytest.raises(NotAllowed):
        actions.confirm_kinship(kinship_id=asked.pk, by=make_actor(daughter), now=NOW)

    actions.confirm_kinship(kinship_id=asked.pk, by=make_actor(mother), now=NOW)

    assert queries.may_speak_for(make_actor(daughter), mother.pk)


def test_station_or_the_person_declares_kin_at_once():
    mother, daughter, son = make_person("李秀英"), make_person("王芳"), make_person("王强")
    for relative, by in [(daughter, make_actor(mother)), (son, make_worker())]:
        actions.declare_kinship(
            person_id=mother.pk, relative_id=relative.pk, relation=Relation.CHILD, by=by, now=NOW
        )

    assert [row.is_confirmed for row in queries.kin_of(mother)] == [True, True]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"relation": "friend"}, errors.RelationMissing),
        ({"relative_id": None}, errors.KinshipWithOneself),
        ({"by": None}, NotAllowed),
    ],
)
def test_kinship_refusals(changes, refusal):
    mother, daughter = make_person("李秀英"), make_person("王芳")
    asked = {"relative_id": daughter.pk, "relation": Relation.CHILD, "by": make_actor(mother)}
    if "relative_id" in changes:
        changes = {"relative_id": mother.pk}
    if "by" in changes:
        changes = {"by": make_actor(make_person("赵六"))}

    with pytest.raises(refusal):
        actions.declare_kinship(person_id=mother.pk, now=NOW, **{**asked, **changes})


def test_kinship_is_declared_once():
    mother, daughter = make_person("李秀英"), make_person("王芳")
    make_kinship(mother, daughter, confirmed=False)

    with pytest.raises(errors.KinshipKnown):
        actions.ask_to_speak_for(
            name=mother.name, phone=mother.phone, relation=Relation.CHILD,
            by=make_actor(daughter), now=NOW,
        )  # fmt: skip


def test_relative_is_found_by_name_and_phone_together():
    make_person("李秀英", phone="13800138000")

    with pytest.raises(errors.RelativeNotFound):
        actions.ask_to_speak_for(
            name="李秀", phone="13800138000", relation=Relation.CHILD,
            by=make_actor(make_person("王芳")), now=NOW,
        )  # fmt: skip


def test_either_side_ends_kinship_but_a_guardian_only_the_station():
    mother, daughter = make_person("李秀英"), make_person("王芳")
    plain = make_kinship(mother, daughter)
    guarded = make_kinship(make_person(birth_date=CHILD), daughter, is_guardian=True)

    actions.end_kinship(kinship_id=plain.pk, by=make_actor(daughter), now=NOW)

    with pytest.raises(NotFound):
        actions.end_kinship(kinship_id=plain.pk, by=make_actor(mother), now=NOW)
    with pytest.raises(NotAllowed):
        actions.end_kinship(kinship_id=guarded.pk, by=make_actor(daughter), now=NOW)
    actions.end_kinship(kinship_id=guarded.pk, by=make_worker(), now=NOW)
    assert not Kinship.objects.filter(ended_at=None).exists()
