"""Spot checks: drawn by an officer, checked by others, published as numbers (Order 67, 21, 22)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed
from linbang.foundation.people.factories import make_actor, make_worker
from linbang.foundation.people.models import Person
from linbang.operations.service_records import actions, errors, queries
from linbang.operations.service_records.choices import RecordKind, SpotMethod, SpotOutcome
from linbang.operations.service_records.models import SpotCheck, SpotRound
from linbang.operations.service_records.tests.doubts import (
    CELL,
    CLOSED,
    ROLL,
    STREET,
    came,
    close,
    make_busy_shift,
    outsider,
    record_of,
    street,
)

pytestmark = pytest.mark.django_db
TODAY = local_date(CLOSED)


@pytest.fixture
def counted():
    """Eight proved and four entered records that count."""
    shift, worker = make_busy_shift(), make_worker()
    proved = [came(shift) for _ in range(8)]
    entered = [came(shift, by=ROLL, by_id=worker.person_id, late=n) for n in range(4)]
    close(shift)
    other = make_worker("梁静")
    for one in entered:
        actions.verify_record(record_id=record_of(one).pk, by=other, now=CLOSED)
    return [*proved, *entered]


def draw(*, by=None, **more) -> SpotRound:
    frame = {
        "region": STREET, "from_date": TODAY, "until_date": TODAY, "count": 6, "seed": 7, **more
    }  # fmt: skip
    return actions.draw_sample(by=by or street(), now=CLOSED, **frame)


def check(one, outcome=SpotOutcome.CONFIRMED, *, by=None, note=""):
    return actions.record_spot_check(
        check=one.public_id, outcome=outcome, method=SpotMethod.PHONE, note=note,
        by=by or street("农街道"), now=CLOSED,
    )  # fmt: skip


def test_sample_is_drawn_by_kind_and_again_from_its_seed(counted):
    first, again, other = draw(), draw(), draw(seed=8)

    drawn = [
        sorted(one.checks.values_list("record_id", flat=True)) for one in (first, again, other)
    ]
    strata = list(first.checks.order_by("stratum").values_list("stratum", flat=True))
    assert drawn[0] == drawn[1] != drawn[2]
    assert strata == [RecordKind.ENTERED] * 2 + [RecordKind.PROVED] * 4
    assert (first.proved, first.entered, first.seed) == (8, 4, 7)
    assert draw(count=None, percent=50).checks.count() == 6


def test_sample_is_an_officer_s_and_has_bounds(counted):
    for by in (make_worker(), outsider()):
        with pytest.raises(NotAllowed):
            draw(by=by)
    with pytest.raises(errors.SampleEmpty):
        draw(from_date=TODAY - timedelta(days=9), until_date=TODAY - timedelta(days=8))


def test_spot_check_has_one_outcome_by_other_hands(counted):
    one = draw(count=12).checks.filter(stratum=RecordKind.ENTERED).first()
    enterer = Person.objects.get(pk=one.record.entered_by_id)

    with pytest.raises(errors.SecondPersonNeeded):
        check(one, by=make_actor(enterer))
    with pytest.raises(NotAllowed):
        check(one, by=outsider())
    with pytest.raises(errors.NoteMissing):
        check(one, SpotOutcome.FALSE)
    check(one, SpotOutcome.FALSE, note="本人说没有去过")
    with pytest.raises(errors.SpotChecked):
        check(one)

    [result] = queries.round_results([one.round])
    assert (result.checked, result.false, result.confirmed, result.is_complete) == (
        1, 1, 0, False,
    )  # fmt: skip


def test_pages_lead_from_drawing_to_published_numbers(counted, django_assert_num_queries):
    officer, worker = (
        client_of(Person.objects.get(pk=by.person_id)) for by in (street(), make_worker("梁静"))
    )
    frame = {
        "region": STREET, "from_date": str(TODAY), "until_date": str(TODAY), "count": "5",
        "percent": "", "seed": "7",
    }  # fmt: skip

    both = officer.post("/console/spot-checks/", {**frame, "percent": "5"})
    back = officer.post(
        "/console/spot-checks/", {**frame, "from_date": str(CLOSED.date().replace(year=2027))}
    )
    drawn = officer.post("/console/spot-checks/", frame)
    url = drawn.url
    lines = worker.get(url).context["lines"]
    mute = worker.post(f"{url}{lines[0].public_id}/", {"outcome": "false", "method": "phone"})
    hidden = Client().get("/spot-checks/").context["rounds"]
    for line in lines:
        told = {"outcome": "confirmed", "method": "phone", "note": "打过电话"}
        worker.post(f"{url}{line.public_id}/", told)
    published = Client().get("/spot-checks/")

    assert [page.status_code for page in (both, back, drawn, mute)] == [422, 422, 302, 422]
    assert hidden == []
    [result] = published.context["rounds"]
    assert (result.checked, result.confirmed_percent) == (5, 100)
    assert "56% 到 100%" in published.content.decode()
    assert lines[0].record.volunteer not in published.content.decode()
    assert officer.get("/console/spot-checks/").status_code == 200
    with django_assert_num_queries(4):
        Client().get("/spot-checks/")
    stranger = client_of(Person.objects.get(pk=outsider().person_id))
    assert {stranger.get(page).status_code for page in (url, "/console/spot-checks/")} == {404}


def test_spot_check_is_kept_whole(counted):
    drawn = draw(count=1)
    [one] = drawn.checks.all()
    row = {"cell": CELL, "round": drawn, "record": one.record, "stratum": one.stratum}

    with pytest.raises(IntegrityError, match="spot_check_once_a_round"), transaction.atomic():
        SpotCheck.objects.create(**row)
    one.outcome = SpotOutcome.CONFIRMED
    with pytest.raises(IntegrityError, match="spot_check_outcome_is_whole"), transaction.atomic():
        one.save(update_fields=["outcome"])
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        SpotRound.objects.update(seed=8)
    with pytest.raises(IntegrityError, match="spot_round_ends_after_start"), transaction.atomic():
        SpotRound.objects.create(
            cell=CELL, region_id=STREET, from_date=TODAY, until_date=TODAY - timedelta(days=1),
            seed=1, proved=1, entered=1, drawn_by_id=1, drawn_at=CLOSED,
        )  # fmt: skip
