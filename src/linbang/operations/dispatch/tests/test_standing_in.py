"""Stand-ins and swaps: the place has a holder at every moment, and the seeker until then."""

from datetime import timedelta

import pytest

from linbang.foundation.errors import NotFound
from linbang.foundation.messaging.models import Notice
from linbang.intake.activities.choices import SignUpMode
from linbang.intake.activities.factories import make_activity
from linbang.operations.clearance.models import Suspension
from linbang.operations.dispatch import actions, errors
from linbang.operations.dispatch.choices import CommitmentSource, SignUpState, StandInState
from linbang.operations.dispatch.factories import make_commitment, make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Commitment, SignUp, StandIn
from linbang.operations.dispatch.tests.crowd import (
    BEFORE,
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


def seek(sign_up: SignUp, **columns: object) -> StandIn:
    return actions.seek_stand_in(
        sign_up_id=sign_up.pk, by=actor(sign_up.person), now=BEFORE, **columns
    )


def take(search: StandIn, person, now=BEFORE) -> SignUp:
    return actions.take_stand_in(
        stand_in_id=search.pk, person_id=person.pk, by=actor(person), now=now
    )


def suspend(person):
    Suspension.objects.create(
        cell=person.cell,
        person=person,
        cause="no_shows",
        starts_at=BEFORE,
        ends_at=SATURDAY + timedelta(days=9),
    )


@pytest.fixture
def sought():
    """A full shift, whose only holder seeks a stand-in, and the leader."""
    activity, leader = led()
    shift = make_open_shift(activity=activity, places=1)
    sign_up = make_sign_up(shift, someone("甲一"))
    return seek(sign_up, note=" 要带孩子 "), sign_up, leader


def test_seeker_stays_responsible_until_somebody_stands_in(sought):
    search, old, leader = sought
    assert (search.note, old.state) == ("要带孩子", SignUpState.CONFIRMED)
    assert told(leader.person_id) == ["stand_in_sought"]
    helper = someone("乙二")

    for _ in range(2):
        new = take(search, helper)

    old.refresh_from_db()
    search.refresh_from_db()
    assert (old.state, new.state, new.channel) == ("replaced", "confirmed", "stand_in")
    assert (search.state, search.taken_by_id) == (StandInState.TAKEN, new.pk)
    assert Commitment.objects.get(released_at=None).person_id == helper.pk
    assert (told(old.person_id), told(helper.pk)) == (["stand_in_taken"], ["stand_in_yours"])
    assert told(leader.person_id) == ["stand_in_sought", "stand_in_done"]
    recount()


def test_second_helper_comes_too_late(sought):
    search, _, _ = sought
    take(search, someone("乙二"))

    with pytest.raises(errors.StandInClosed):
        take(search, someone("丙三"))
    recount()


def test_helper_must_be_cleared_and_free(sought):
    search, old, _ = sought
    barred, busy = someone("乙二"), someone("丙三")
    suspend(barred)
    make_commitment(busy, starts_at=SATURDAY, source=CommitmentSource.ASSIGNMENT)

    with pytest.raises(errors.NotCleared):
        take(search, barred)
    with pytest.raises(errors.ShiftWindowTaken):
        take(search, busy)
    with pytest.raises(errors.AlreadySignedUp):
        take(search, old.person)
    with pytest.raises(errors.ShiftBegun):
        take(search, someone("丁四"), now=SATURDAY)
    old.refresh_from_db()
    assert old.state == SignUpState.CONFIRMED
    recount()


def test_who_waits_goes_on_with_her_own_sign_up(sought):
    search, old, _ = sought
    waiting = make_sign_up(old.shift, someone("乙二"), waits=True)

    new = take(search, waiting.person)

    assert new.pk == waiting.pk
    recount()


def test_nobody_takes_a_place_for_somebody_else(sought):
    search, _, leader = sought
    helper = someone("乙二")
    facts = {"stand_in_id": search.pk, "person_id": helper.pk, "now": BEFORE}

    with pytest.raises(NotFound):
        actions.take_stand_in(by=actor(someone("外人")), **facts)
    assert actions.take_stand_in(by=leader, **facts).person_id == helper.pk


def test_search_is_open_once_and_may_be_stopped(sought):
    search, old, _ = sought

    with pytest.raises(errors.AlreadySeeking):
        seek(old)
    with pytest.raises(NotFound):
        actions.stop_seeking(stand_in_id=search.pk, by=actor(someone("外人")), now=BEFORE)
    for _ in range(2):
        stopped = actions.stop_seeking(stand_in_id=search.pk, by=actor(old.person), now=BEFORE)

    assert (stopped.state, stopped.ended_at) == (StandInState.WITHDRAWN, BEFORE)
    with pytest.raises(errors.StandInClosed):
        take(search, someone("乙二"))
    assert seek(old).pk != search.pk


def test_only_a_place_ahead_can_be_sought_for():
    shift = make_open_shift(places=1)
    holder = make_sign_up(shift, someone("甲一"))
    waiting = make_sign_up(shift, someone("乙二"), waits=True)

    with pytest.raises(errors.SignUpOver):
        seek(waiting)
    with pytest.raises(errors.ShiftBegun):
        actions.seek_stand_in(sign_up_id=holder.pk, by=actor(holder.person), now=SATURDAY)
    with pytest.raises(NotFound):
        actions.seek_stand_in(sign_up_id=holder.pk, by=actor(waiting.person), now=BEFORE)
    with pytest.raises(NotFound):
        actions.stop_seeking(stand_in_id=0, by=actor(holder.person), now=BEFORE)


def test_search_ends_with_the_place_or_the_start(sought):
    search, old, _ = sought
    other = seek(make_sign_up(make_open_shift(), someone("乙二")))
    actions.withdraw_sign_up(sign_up_id=old.pk, by=actor(old.person), now=BEFORE)

    actions.sweep_shifts(now=SATURDAY)

    search.refresh_from_db()
    other.refresh_from_db()
    assert (search.state, other.state) == (StandInState.WITHDRAWN, StandInState.LAPSED)
    with pytest.raises(errors.StandInClosed):
        take(search, someone("丙三"))


@pytest.fixture
def pair():
    """Two people with a place each, at different times."""
    activity = make_activity(mode=SignUpMode.INSTANT)
    return [
        make_sign_up(
            make_open_shift(activity=activity, starts_at=SATURDAY + timedelta(days=day), places=1),
            someone(name),
        )
        for day, name in enumerate(("甲一", "乙二"))
    ]


def ask(mine: SignUp, theirs: SignUp) -> StandIn:
    return actions.ask_swap(
        sign_up_id=mine.pk,
        other_id=theirs.pk,
        by=actor(mine.person),
        now=BEFORE,
        note="周六有事",
    )


def accept(search: StandIn, theirs: SignUp, now=BEFORE):
    return actions.accept_swap(stand_in_id=search.pk, by=actor(theirs.person), now=now)


def test_swap_changes_both_places_in_one_moment(pair):
    mine, theirs = pair
    search = ask(mine, theirs)
    assert told(theirs.person_id) == ["swap_asked"]

    asker, other = accept(search, theirs)

    assert (asker.shift_id, asker.person_id) == (theirs.shift_id, mine.person_id)
    assert (other.shift_id, other.person_id) == (mine.shift_id, theirs.person_id)
    assert set(SignUp.objects.filter(pk__in=[mine.pk, theirs.pk]).values_list("state")) == {
        ("replaced",)
    }
    assert told(mine.person_id) == ["swap_done"]
    search.refresh_from_db()
    assert search.state == StandInState.TAKEN
    recount()
    with pytest.raises(errors.StandInClosed):
        accept(search, theirs)


def test_swap_is_all_or_nothing(pair):
    mine, theirs = pair
    search = ask(mine, theirs)
    # Whoever asks has an errand in the hours that the swap would bring.
    make_commitment(
        mine.person, starts_at=theirs.shift.starts_at, source=CommitmentSource.ASSIGNMENT
    )

    with pytest.raises(errors.ShiftWindowTaken):
        accept(search, theirs)

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, theirs.state) == ("confirmed", "confirmed")
    recount()


def test_swap_of_overlapping_shifts_frees_the_own_hours_first():
    activity = make_activity()
    mine = make_sign_up(make_open_shift(activity=activity, places=1), someone("甲一"))
    theirs = make_sign_up(
        make_open_shift(activity=activity, starts_at=SATURDAY + timedelta(hours=1), places=1),
        someone("乙二"),
    )

    accept(ask(mine, theirs), theirs)

    recount()


def test_swap_is_declined_at_no_cost(pair):
    mine, theirs = pair
    search = ask(mine, theirs)

    with pytest.raises(NotFound):
        actions.decline_swap(stand_in_id=search.pk, by=actor(someone("外人")), now=BEFORE)
    for _ in range(2):
        actions.decline_swap(stand_in_id=search.pk, by=actor(theirs.person), now=BEFORE)

    search.refresh_from_db()
    assert search.state == StandInState.DECLINED
    assert told(mine.person_id) == ["swap_off"]
    with pytest.raises(errors.StandInClosed):
        accept(search, theirs)


def test_swap_asks_for_two_different_places(pair):
    mine, theirs = pair
    same_shift = make_open_shift(places=2)
    one, two = make_sign_up(same_shift, someone("丙三")), make_sign_up(same_shift, someone("丁四"))

    for first, second in ((one, two), (mine, mine)):
        with pytest.raises(errors.SwapImpossible):
            ask(first, second)
    actions.withdraw_sign_up(sign_up_id=theirs.pk, by=actor(theirs.person), now=BEFORE)
    with pytest.raises(errors.SwapImpossible):
        ask(mine, theirs)
    assert not StandIn.objects.exists()


def test_swap_is_off_when_the_other_leaves(pair):
    mine, theirs = pair
    search = ask(mine, theirs)

    actions.withdraw_sign_up(sign_up_id=theirs.pk, by=actor(theirs.person), now=BEFORE)

    search.refresh_from_db()
    assert search.state == StandInState.WITHDRAWN
    assert told(mine.person_id) == ["swap_off"]


def test_swap_with_a_shift_that_has_begun_is_too_late(pair):
    mine, theirs = pair
    search = ask(theirs, mine)

    with pytest.raises(errors.StandInClosed):
        accept(search, mine, now=SATURDAY)
    with pytest.raises(NotFound):
        take(search, someone("丙三"))
