"""The counters of shifts go with drafts that are deleted, never with what somebody asked for."""

import pytest

from linbang.intake.activities.factories import make_shift
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import ShiftPlaces
from linbang.operations.dispatch.tests.crowd import someone

pytestmark = pytest.mark.django_db


def test_counters_of_deleted_drafts_go() -> None:
    kept, dropped = make_open_shift(), make_open_shift()

    assert actions.drop_places(shift_ids=[dropped.pk]) == 1
    assert list(ShiftPlaces.objects.values_list("shift_id", flat=True)) == [kept.pk]


def test_counter_of_an_asked_shift_stays() -> None:
    shift = make_open_shift()
    make_sign_up(shift, someone())

    assert actions.drop_places(shift_ids=[shift.pk, make_shift().pk]) == 0
    assert ShiftPlaces.objects.get(shift=shift).taken == 1
