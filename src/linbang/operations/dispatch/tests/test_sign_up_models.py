"""Each named constraint of the sign-up side has a test that breaks it."""

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.organisations.factories import make_unit
from linbang.operations.dispatch.choices import SignUpState, StandInState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Reservation, ShiftPlaces, SignUp, StandIn
from linbang.operations.dispatch.tests.crowd import BEFORE, someone

pytestmark = pytest.mark.django_db


def assert_breaks(constraint: str, write) -> None:
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        write()
    assert broken.value.__cause__.diag.constraint_name == constraint


@pytest.fixture
def sign_up():
    return make_sign_up(make_open_shift(), someone())


def columns(sign_up: SignUp, **changed: object) -> dict[str, object]:
    return {
        "cell": sign_up.cell,
        "shift": sign_up.shift,
        "person": sign_up.person,
        "state": SignUpState.WAITING,
        "channel": "self",
        "asked_at": BEFORE,
        **changed,
    }


def test_places_taken_at_most_all(sign_up):
    load = ShiftPlaces.objects.filter(shift=sign_up.shift)
    assert_breaks("places_taken_at_most_all", lambda: load.update(places=0))


def test_sign_up_once_a_shift(sign_up):
    assert_breaks("sign_up_once_a_shift", lambda: SignUp.objects.create(**columns(sign_up)))
    SignUp.objects.create(**columns(sign_up, state="withdrawn", ended_at=BEFORE))


def test_sign_up_key_once(sign_up):
    ended = {"state": "withdrawn", "ended_at": BEFORE, "key": "k1"}
    SignUp.objects.create(**columns(sign_up, **ended))
    assert_breaks("sign_up_key_once", lambda: SignUp.objects.create(**columns(sign_up, **ended)))


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("sign_up_ended_says_when", {"state": SignUpState.WITHDRAWN}),
        ("sign_up_ended_says_when", {"ended_at": BEFORE}),
        ("sign_up_held_says_until_when", {"state": SignUpState.HELD}),
        ("sign_up_confirmed_says_when", {"confirmed_at": None}),
    ],
)
def test_states_of_a_sign_up_say_what_they_must(sign_up, constraint, changed):
    rows = SignUp.objects.filter(pk=sign_up.pk)
    assert_breaks(constraint, lambda: rows.update(**changed))


def test_reservation_once_a_unit(sign_up):
    unit = make_unit()

    def reserve(**changed: object) -> None:
        Reservation.objects.create(
            cell=sign_up.cell,
            shift=sign_up.shift,
            organisation=unit,
            places=1,
            made_at=BEFORE,
            **changed,
        )

    reserve()
    reserve(released_at=BEFORE)
    assert_breaks("reservation_once_a_unit", reserve)


def test_stand_in_open_once(sign_up):
    def seek(**changed: object) -> None:
        StandIn.objects.create(cell=sign_up.cell, sign_up=sign_up, asked_at=BEFORE, **changed)

    seek()
    seek(state=StandInState.LAPSED, ended_at=BEFORE)
    assert_breaks("stand_in_open_once", seek)


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("stand_in_ended_says_when", {"ended_at": BEFORE}),
        ("stand_in_ended_says_when", {"state": StandInState.WITHDRAWN}),
        ("stand_in_taken_says_by_whom", {"state": StandInState.TAKEN, "ended_at": BEFORE}),
    ],
)
def test_states_of_a_search_say_what_they_must(sign_up, constraint, changed):
    search = StandIn.objects.create(cell=sign_up.cell, sign_up=sign_up, asked_at=BEFORE)
    rows = StandIn.objects.filter(pk=search.pk)
    assert_breaks(constraint, lambda: rows.update(**changed))
