"""Approval, and signing others up: by leaders, teams, and units with places kept."""

from datetime import timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.people.factories import make_actor, make_person, make_worker
from linbang.intake.activities.choices import SignUpMode
from linbang.intake.activities.factories import make_activity
from linbang.operations.clearance.models import Suspension
from linbang.operations.dispatch import actions, errors
from linbang.operations.dispatch.choices import (
    CommitmentSource,
    SignUpChannel,
    SignUpState,
    SignUpVerdict,
)
from linbang.operations.dispatch.factories import make_commitment, make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Commitment, Reservation, ShiftPlaces, SignUp
from linbang.operations.dispatch.tests.crowd import (
    BEFORE,
    LONG_AGO,
    SATURDAY,
    actor,
    led,
    recount,
    someone,
)

pytestmark = pytest.mark.django_db


def told(person_id: int) -> list[str]:
    mine = Notice.objects.filter(person_id=person_id).order_by("id")
    return list(mine.values_list("template", flat=True))


@pytest.fixture
def asked():
    """An activity by approval, its leader, a shift of one place, and two who asked."""
    activity, leader = led(mode=SignUpMode.APPROVAL)
    shift = make_open_shift(activity=activity, places=1)
    return shift, leader, [make_sign_up(shift, someone()) for _ in range(2)]


def suspend(person):
    Suspension.objects.create(
        cell=person.cell,
        person=person,
        cause="no_shows",
        starts_at=BEFORE,
        ends_at=SATURDAY + timedelta(days=9),
    )


def test_approval_gives_place_promise_and_word(asked):
    shift, leader, (first, _) = asked

    for _ in range(2):
        approved = actions.approve_sign_up(sign_up_id=first.pk, by=leader, now=BEFORE)

    assert (approved.state, approved.confirmed_at) == (SignUpState.CONFIRMED, BEFORE)
    assert Commitment.objects.get(source_id=first.pk).during.lower == shift.starts_at
    assert told(first.person_id) == ["sign_up_approved"]
    assert AuditEvent.objects.filter(action="dispatch.approve_sign_up").count() == 1
    recount()


def test_approving_many_tells_apart_what_could_not_be(asked):
    _, leader, requests = asked

    decisions = actions.approve_sign_ups(
        sign_up_ids=[one.pk for one in requests], by=leader, now=BEFORE
    )

    assert [one.refusal and one.refusal.code for one in decisions] == [None, "shift_full"]
    recount()


def test_approval_refuses_who_cannot_go_by_now(asked):
    shift, leader, (first, second) = asked
    suspend(first.person)
    make_commitment(second.person, starts_at=SATURDAY, source=CommitmentSource.ASSIGNMENT)

    with pytest.raises(errors.NotCleared) as refusal:
        actions.approve_sign_up(sign_up_id=first.pk, by=leader, now=BEFORE)
    assert refusal.value.causes == ("suspended",)
    with pytest.raises(errors.ShiftWindowTaken):
        actions.approve_sign_up(sign_up_id=second.pk, by=leader, now=BEFORE)
    with pytest.raises(errors.ShiftBegun):
        actions.approve_sign_up(sign_up_id=second.pk, by=leader, now=SATURDAY)
    with pytest.raises(NotFound):
        actions.approve_sign_up(sign_up_id=second.pk, by=actor(first.person), now=BEFORE)
    shift.activity.state = "closed"
    shift.activity.save(update_fields=["state"])
    with pytest.raises(errors.ShiftCancelled):
        actions.approve_sign_up(sign_up_id=second.pk, by=leader, now=BEFORE)
    recount()


def test_declining_says_why(asked):
    _, leader, (first, _) = asked

    with pytest.raises(errors.ReasonMissing):
        actions.decline_sign_up(sign_up_id=first.pk, reason="", by=leader, now=BEFORE)
    with pytest.raises(NotFound):
        actions.decline_sign_up(sign_up_id=first.pk, reason="x", by=actor(first.person), now=BEFORE)
    for _ in range(2):
        actions.decline_sign_up(sign_up_id=first.pk, reason="人够了", by=leader, now=BEFORE)

    first.refresh_from_db()
    assert (first.state, first.end_reason) == (SignUpState.DECLINED, "人够了")
    assert told(first.person_id) == ["sign_up_declined"]
    for act in (
        lambda: actions.approve_sign_up(sign_up_id=first.pk, by=leader, now=BEFORE),
        lambda: actions.decline_sign_up(
            sign_up_id=make_sign_up(make_open_shift(), someone("丁四")).pk,
            reason="x",
            by=make_worker(),
            now=BEFORE,
        ),
    ):
        with pytest.raises(errors.NotRequested):
            act()


def test_leader_hears_of_requests_once_a_day(asked):
    _, leader, _ = asked

    for minutes in (1, 2):
        actions.sweep_shifts(now=BEFORE + timedelta(minutes=minutes))
    actions.sweep_shifts(now=BEFORE + timedelta(hours=20))

    assert told(leader.person_id) == ["sign_ups_to_decide"] * 2


def test_worker_signs_somebody_up_and_she_is_told():
    shift, worker, person = make_open_shift(), make_worker(), someone()

    for _ in range(2):
        made = actions.sign_up_for(
            shift=shift.public_id, person_id=person.pk, by=worker, now=BEFORE
        )

    assert (made.channel, made.by_id) == (SignUpChannel.WORKER, worker.person_id)
    assert told(person.pk) == ["signed_up_for"]
    event = AuditEvent.objects.get(action="dispatch.sign_up")
    assert (event.person_id, event.on_behalf_of_id) == (worker.person_id, person.pk)


def test_nobody_else_signs_others_up():
    shift, person = make_open_shift(), someone()

    with pytest.raises(NotFound):
        actions.sign_up_for(
            shift=shift.public_id, person_id=person.pk, by=actor(someone("外人")), now=BEFORE
        )
    assert not SignUp.objects.exists()


@pytest.fixture
def team():
    """A team with three members and its leader."""
    team = make_team("红袖章队")
    leader = make_actor(
        make_person("韦队长", now=LONG_AGO), Role.TEAM_LEADER, organisation_path=team.path
    )
    members = [someone(f"队员{number}") for number in "一二三"]
    for one in members:
        make_membership(team, one)
    return team, leader, members


def test_team_goes_together_and_each_has_a_report(team):
    squad, leader, (first, second, third) = team
    shift = make_open_shift(places=1)
    suspend(second)

    reports = actions.sign_up_team(
        shift=shift.public_id,
        organisation_id=squad.pk,
        person_ids=[first.pk, second.pk, third.pk, first.pk],
        by=leader,
        now=BEFORE,
        waits=True,
    )

    assert [(one.person_id, one.answer.verdict, one.reasons) for one in reports] == [
        (first.pk, SignUpVerdict.CONFIRMED, ""),
        (second.pk, SignUpVerdict.NOT_CLEARED, "多次未到，报名暂停中"),
        (third.pk, SignUpVerdict.WAITING, ""),
    ]
    assert (told(first.pk), told(second.pk), told(third.pk)) == (
        ["signed_up_for"],
        [],
        ["signed_up_for"],
    )
    recount()


def test_team_asks_where_the_leader_decides(team):
    squad, leader, (first, *_) = team
    shift = make_open_shift(activity=make_activity(mode=SignUpMode.APPROVAL))

    [report] = actions.sign_up_team(
        shift=shift.public_id,
        organisation_id=squad.pk,
        person_ids=[first.pk],
        by=leader,
        now=BEFORE,
    )

    assert report.answer.verdict == SignUpVerdict.REQUESTED


def test_only_own_members_are_signed_up_and_only_by_the_leader(team):
    squad, leader, (first, *_) = team
    shift = make_open_shift()
    facts = {"shift": shift.public_id, "organisation_id": squad.pk, "now": BEFORE}

    with pytest.raises(errors.NotOfTeam):
        actions.sign_up_team(person_ids=[first.pk, someone("外人").pk], by=leader, **facts)
    with pytest.raises(NotFound):
        actions.sign_up_team(person_ids=[first.pk], by=actor(first), **facts)
    assert not SignUp.objects.exists()


def test_reserved_places_are_kept_and_given_back():
    activity, leader = led()
    shift, unit = make_open_shift(activity=activity, places=3), make_unit("税务局")
    facts = {"shift": shift.public_id, "organisation_id": unit.pk, "by": leader, "now": BEFORE}
    make_sign_up(shift, someone())

    kept = actions.reserve_places(places=2, **facts)
    with pytest.raises(errors.ShiftFull):
        actions.reserve_places(places=3, **facts)
    waiting = make_sign_up(shift, someone("乙二"), waits=True)
    actions.reserve_places(places=1, **facts)
    recount()
    actions.fill_places(shift_ids=[shift.pk], now=BEFORE)
    actions.reserve_places(places=0, **facts)

    waiting.refresh_from_db()
    kept.refresh_from_db()
    assert (waiting.state, kept.places, kept.released_at) == (SignUpState.HELD, 0, BEFORE)
    recount()


def test_reserving_is_the_shift_leaders_alone_and_only_ahead():
    activity, leader = led()
    shift, unit = make_open_shift(activity=activity), make_unit("税务局")
    facts = {"shift": shift.public_id, "organisation_id": unit.pk, "places": 1}

    with pytest.raises(NotFound):
        actions.reserve_places(by=actor(someone()), now=BEFORE, **facts)
    with pytest.raises(errors.ShiftCancelled):
        actions.reserve_places(by=leader, now=SATURDAY, **facts)


def test_unit_names_its_people_past_the_waiting_list(team):
    squad, leader, (first, second, third) = team
    shift, worker = make_open_shift(places=2), make_worker()
    kept = actions.reserve_places(
        shift=shift.public_id, organisation_id=squad.pk, places=2, by=worker, now=BEFORE
    )
    assert told(leader.person_id) == ["places_reserved"]
    waiting = make_sign_up(shift, someone("乙二"), waits=True)
    suspend(second)

    reports = actions.name_reserved(
        reservation_id=kept.pk, person_ids=[first.pk, second.pk], by=leader, now=BEFORE
    )

    assert [one.answer.verdict for one in reports] == [
        SignUpVerdict.CONFIRMED,
        SignUpVerdict.NOT_CLEARED,
    ]
    kept.refresh_from_db()
    assert (kept.places, kept.released_at) == (1, None)
    assert ShiftPlaces.objects.get(shift=shift).taken == 2
    recount()
    with pytest.raises(errors.ReservationTooSmall):
        actions.name_reserved(
            reservation_id=kept.pk, person_ids=[second.pk, third.pk], by=leader, now=BEFORE
        )
    actions.name_reserved(reservation_id=kept.pk, person_ids=[third.pk], by=leader, now=BEFORE)
    kept.refresh_from_db()
    waiting.refresh_from_db()
    assert (kept.released_at, waiting.state) == (BEFORE, SignUpState.WAITING)
    recount()
    with pytest.raises(errors.ReservationTooSmall):
        actions.name_reserved(reservation_id=kept.pk, person_ids=[second.pk], by=leader, now=BEFORE)


def test_strangers_name_nobody(team):
    squad, _, (first, *_) = team
    kept = actions.reserve_places(
        shift=make_open_shift().public_id,
        organisation_id=squad.pk,
        places=1,
        by=make_worker(),
        now=BEFORE,
    )

    with pytest.raises(NotFound):
        actions.name_reserved(
            reservation_id=kept.pk, person_ids=[first.pk], by=actor(first), now=BEFORE
        )
    assert Reservation.objects.get().places == 1
