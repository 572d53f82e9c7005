from datetime import timedelta

import pytest
from django.utils import timezone

from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch import jobs
from linbang.operations.dispatch.models import Offer
from linbang.operations.dispatch.tests.cast import make_elder, make_helper, make_verified_need

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
