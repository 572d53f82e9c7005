"""Somebody walks up to a desk."""

from datetime import date, timedelta
from typing import Any

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound, Refused
from linbang.foundation.messaging.models import OutboxMessage
from linbang.foundation.people.choices import ConsentKind, ConsentMethod
from linbang.foundation.people.factories import (
    make_consent_texts,
    make_person,
    make_resident_id,
    make_volunteer,
)
from linbang.foundation.people.models import Consent, Person, VolunteerProfile
from linbang.foundation.places.factories import COMMUNITY
from linbang.intake.activities.choices import SignUpMode
from linbang.intake.activities.factories import BEFORE, make_activity, make_policy
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch.choices import SignUpChannel, SignUpState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import actions, errors, queries
from linbang.operations.service.actions import Visitor, WalkIn
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.models import Attendance
from linbang.operations.service.tests.cast import actor, after, lead

pytestmark = pytest.mark.django_db

ADULT = date(1990, 5, 1)


@pytest.fixture(autouse=True)
def _texts() -> None:
    make_consent_texts()


def stranger(**told: Any) -> Visitor:
    """Type in somebody nobody knows."""
    return Visitor(
        **{
            "who": make_resident_id(ADULT),
            "name": "农晓梅",
            "phone": "13877112233",
            "region_code": COMMUNITY,
            "agreed": True,
            **told,
        }
    )


def walk_in(
    shift: Shift, visitor: Visitor, *, by: Actor | None = None, at: float = 10, key: str = ""
) -> WalkIn:
    return actions.walk_in(
        activity_id=shift.activity_id,
        shift=shift.public_id,
        visitor=visitor,
        key=key,
        by=by or lead(shift.activity),
        now=after(at),
    )


def test_stranger_is_registered_enrolled_signed_up_and_in() -> None:
    shift = make_open_shift(activity=make_activity(categories=["0017"]))
    leader = lead(shift.activity)

    done = walk_in(shift, stranger(), by=leader, key="k")

    person = Person.objects.get(name="农晓梅")
    assert (done.person, done.is_new) == (person, True)
    assert (person.confirmed_at, person.registered_by_id) == (after(10), leader.person_id)
    consents = Consent.objects.filter(person=person).values_list(
        "text__kind", "method", "given_by_id"
    )
    assert set(consents) == {
        (kind, ConsentMethod.ON_SITE, person.pk)
        for kind in (ConsentKind.REGISTRATION, ConsentKind.VOLUNTEER)
    }
    profile = VolunteerProfile.objects.get(person=person)
    # Saturday morning, and what the event is about: nothing the visitor did not show.
    assert (profile.categories, profile.availability) == (["0017"], 1 << 15)
    sign_up = SignUp.objects.get(person=person)
    assert (sign_up.channel, sign_up.key) == (SignUpChannel.WALK_IN, "k")
    row = Attendance.objects.get()
    assert (row, row.in_method, row.in_at) == (done.attendance, AttendanceMethod.ROLL, after(10))
    assert OutboxMessage.objects.get().template == "registered_on_site"


def test_walking_in_twice_is_once() -> None:
    shift, visitor = make_open_shift(), stranger()
    leader = lead(shift.activity)

    first = walk_in(shift, visitor, by=leader, key="k")
    again = walk_in(shift, visitor, by=leader, key="k", at=12)

    assert (first.is_new, again.is_new) == (True, False)
    assert first.attendance == again.attendance
    assert OutboxMessage.objects.count() == 1


def test_who_is_known_needs_one_field() -> None:
    shift = make_open_shift()
    leader = lead(shift.activity)
    for field in ("document_number", "phone"):
        person = make_volunteer("韦建国", phone=None).person

        done = walk_in(shift, Visitor(who=getattr(person, field)), by=leader)

        assert (done.person, done.is_new) == (person, False)
    profile = make_volunteer("黄志愿")
    assert walk_in(shift, Visitor(who=profile.number.lower()), by=leader).person == profile.person


def test_resident_who_is_no_volunteer_ticks_and_becomes_one() -> None:
    shift = make_open_shift()
    leader = lead(shift.activity)
    person = make_person("李秀英")

    with pytest.raises(errors.ConsentNeeded):
        walk_in(shift, Visitor(who=person.phone), by=leader)
    walk_in(shift, Visitor(who=person.phone, agreed=True), by=leader)

    assert queries.is_serving(person)
    assert Consent.objects.get(person=person).text.kind == ConsentKind.VOLUNTEER


def test_unconfirmed_record_is_confirmed_by_its_person() -> None:
    shift = make_open_shift()
    person = make_person("李秀英", confirmed=False)

    walk_in(shift, Visitor(who=person.document_number, agreed=True))

    person.refresh_from_db()
    assert person.confirmed_at == after(10)


def test_family_on_one_phone_is_asked_who_it_is() -> None:
    shift = make_open_shift()
    leader = lead(shift.activity)
    first = make_volunteer("陈大", phone="13900001111", has_account=False).person
    second = make_volunteer("陈二", phone="13900001111", has_account=False).person

    with pytest.raises(errors.SeveralAtPhone):
        walk_in(shift, Visitor(who="13900001111"), by=leader)
    done = walk_in(shift, Visitor(who="13900001111", person=second.public_id), by=leader)

    assert done.person == second
    assert not SignUp.objects.filter(person=first).exists()


@pytest.mark.parametrize(
    ("told", "code", "field"),
    [
        ({"name": ""}, "visitor_unknown", "name"),
        ({"phone": " "}, "visitor_unknown", "phone"),
        ({"who": "13877110000"}, "document_malformed", None),
        ({"who": "110105194912310021"}, "check_digit_wrong", None),
        ({"agreed": False}, "consent_needed", "agreed"),
        ({"region_code": "999999999999"}, "region_unknown", None),
        ({"who": make_resident_id(date(2012, 5, 1))}, "guardian_needed", "document_number"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_kept(
    told: dict[str, Any], code: str, field: str | None
) -> None:
    shift = make_open_shift()
    leader = lead(shift.activity)
    before = Person.objects.count()

    with pytest.raises(Refused) as refusal:
        walk_in(shift, stranger(**told), by=leader)

    assert refusal.value.code == code
    assert field is None or refusal.value.field == field
    assert Person.objects.count() == before


def test_record_that_was_closed_stays_closed() -> None:
    shift = make_open_shift()
    person = make_person("李秀英", now=BEFORE, closed_at=after(0))

    with pytest.raises(Refused) as refusal:
        walk_in(shift, Visitor(who=person.document_number, agreed=True))

    assert refusal.value.code == "person_closed"


def test_only_shifts_of_the_hour_can_be_walked_into() -> None:
    activity = make_activity()
    leader = lead(activity)
    later = make_open_shift(activity=activity, starts_at=after(71))
    other = make_open_shift()

    for shift, at in ((later, 10), (later, 71 + 120)):
        with pytest.raises(errors.NoShiftNow):
            walk_in(shift, stranger(), by=leader, at=at)
    with pytest.raises(errors.NoShiftNow):
        actions.walk_in(
            activity_id=activity.pk,
            shift=other.public_id,
            visitor=stranger(),
            by=leader,
            now=after(10),
        )
    assert walk_in(later, stranger(), by=leader, at=11).is_new


def test_nobody_else_registers_at_a_desk() -> None:
    shift = make_open_shift()

    with pytest.raises(NotFound):
        walk_in(shift, stranger(), by=actor(make_volunteer("路人甲").person))


def test_leader_walks_in_nobody_but_others() -> None:
    shift = make_open_shift()
    leader = lead(shift.activity)
    own = Person.objects.get(pk=leader.person_id)

    with pytest.raises(errors.NotForOneself):
        walk_in(shift, Visitor(who=own.phone), by=leader)


def test_full_shift_stays_full() -> None:
    shift = make_open_shift(places=1)
    make_sign_up(shift, make_volunteer().person)

    with pytest.raises(Refused) as refusal:
        walk_in(shift, stranger())

    assert refusal.value.code == "shift_full"
    assert not Person.objects.filter(name="农晓梅").exists()


def test_who_waits_is_told_that_it_is_full() -> None:
    shift = make_open_shift(places=1)
    make_sign_up(shift, make_volunteer().person)
    waiting = make_volunteer("候补人").person
    make_sign_up(shift, waiting, waits=True)

    with pytest.raises(Refused) as refusal:
        walk_in(shift, Visitor(who=waiting.phone))

    assert refusal.value.code == "shift_full"


def test_who_is_kept_a_place_says_yes_herself() -> None:
    shift = make_open_shift()
    person = make_volunteer("候补人").person
    sign_up = make_sign_up(shift, person)
    SignUp.objects.filter(pk=sign_up.pk).update(
        state=SignUpState.HELD, held_until=after(30), confirmed_at=None
    )

    with pytest.raises(errors.PlaceIsHeld):
        walk_in(shift, Visitor(who=person.phone))


def test_request_becomes_a_place_before_the_leader() -> None:
    shift = make_open_shift(activity=make_activity(mode=SignUpMode.APPROVAL))
    person = make_volunteer("申请人").person
    make_sign_up(shift, person)

    walk_in(shift, Visitor(who=person.phone))

    states = SignUp.objects.filter(person=person).order_by("id").values_list("state", flat=True)
    assert list(states) == [SignUpState.WITHDRAWN, SignUpState.CONFIRMED]


def test_danger_is_accepted_before_the_place() -> None:
    activity = make_activity(hazards=["traffic"])
    activity.policy = make_policy(activity.organiser)
    activity.save(update_fields=["policy"])
    shift = make_open_shift(activity=activity)
    leader = lead(activity)
    visitor = stranger()

    with pytest.raises(Refused) as refusal:
        walk_in(shift, visitor, by=leader)
    accepted = Visitor(**{**vars(visitor), "accepts_risk": True})

    assert refusal.value.code == "not_cleared"
    assert walk_in(shift, accepted, by=leader).is_new


def test_homes_are_the_communities_around_the_event() -> None:
    street = make_activity(region=COMMUNITY[:9])

    assert [home.code for home in queries.homes_near(street)] == [COMMUNITY, "450103001006"]
    building = make_activity(region=f"{COMMUNITY}001001")
    assert [home.code for home in queries.homes_near(building)] == [COMMUNITY]


def test_running_shifts_are_offered_first() -> None:
    activity = make_activity()
    running = make_open_shift(activity=activity)
    soon = make_open_shift(activity=activity, starts_at=after(60))
    make_open_shift(activity=activity, starts_at=after(60) + timedelta(hours=2))

    assert queries.shifts_to_walk_into(activity, after(10)) == [running, soon]
