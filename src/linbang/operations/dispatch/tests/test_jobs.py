from datetime import timedelta

import pytest
from django.utils import timezone

from linbang.foundation.messaging.models import Notice
from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch import actions, jobs
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Offer
from linbang.operations.dispatch.tests.cast import make_elder, make_helper, make_verified_need
from linbang.operations.dispatch.tests.crowd import actor, someone

pytestmark = pytest.mark.django_db


def test_jobs_run_twice_and_ask_once() -> None:
    make_helper("甲一")
    make_helper("乙二")
    now = timezone.now()
    need = make_verified_need(make_elder(), starts_at=now + timedelta(days=1), opened_at=now)

    for _turn in range(2):
        jobs.find_helpers(need_id=need.pk, cell=need.cell)
        jobs.sweep(timestamp=0)

    need.refresh_from_db()
    assert need.state == NeedState.OFFERED
    assert Offer.objects.filter(need=need).count() == 1


def test_jobs_of_shifts_run_twice_and_do_it_once() -> None:
    now = timezone.now()
    shift = make_open_shift(starts_at=now + timedelta(hours=20), places=1)
    holder = make_sign_up(shift, someone("甲一"), now=now - timedelta(days=2))
    waiting = make_sign_up(shift, someone("乙二"), now=now - timedelta(days=2), waits=True)
    actions.withdraw_sign_up(sign_up_id=holder.pk, by=actor(holder.person), now=now)

    for _turn in range(2):
        jobs.fill_places(shift_ids=[shift.pk], cell=shift.cell)
        jobs.sweep_shifts(timestamp=0)
        jobs.remind_people(timestamp=0)
        jobs.freeze_lists(timestamp=0)

    waiting.refresh_from_db()
    assert waiting.state == SignUpState.HELD
    told = Notice.objects.filter(person_id=waiting.person_id)
    assert list(told.values_list("template", flat=True)) == ["place_offered"]
