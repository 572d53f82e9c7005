"""A place adopts a scheme: with a reason, within bounds, after a look at what it changes."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.places.factories import BUILDING
from linbang.foundation.places.models import Region
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.factories import make_listing
from linbang.outcomes.time_bank import actions, errors, queries, rules
from linbang.outcomes.time_bank.factories import make_adoption, make_posting
from linbang.outcomes.time_bank.models import SchemeAdoption

NOW = clock.now()
STREET = BUILDING[:9]
REASON = "街道办公会议纪要"


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        ({"earn_day_minutes_max": 240, "redeem_age_min": 65}, None),
        ({"earn_day_minutes_max": 30}, errors.LimitOutOfBounds),
        ({"earn_day_minutes_max": 245}, errors.LimitOutOfBounds),
        ({"balance_minutes_max": 600_000}, errors.LimitOutOfBounds),
        # Rule 74 is fixed: no place lets minors save for themselves.
        ({"earn_age_min": 16}, errors.LimitOutOfBounds),
        ({"minors_earn_to_pool": 0}, errors.LimitNotAdjustable),
        # Rule 67: nothing that would be a rate of exchange.
        ({"minutes_per_unit": 30}, errors.LimitNotAdjustable),
    ],
)
def test_limits_keep_within_bounds(limits, refusal):
    if refusal is None:
        rules.require_limits(limits)
    else:
        with pytest.raises(refusal) as raised:
            rules.require_limits(limits)
        assert raised.value.field in limits


def test_only_what_differs_is_the_place_s_own():
    limits = {"earn_day_minutes_max": 480, "redeem_age_min": 65, "dispute_days": None}

    assert rules.own_limits(rules.XINZHU, limits) == {"redeem_age_min": 65}


def test_unknown_preset_is_refused():
    with pytest.raises(errors.SchemeUnknown):
        rules.preset("shenzhen")


@pytest.fixture
def officer(db):
    return make_actor(make_person("陆街道"), Role.STREET_OFFICER, region=STREET)


def adopt(by, **more):
    return actions.adopt_scheme(
        **{"region_code": STREET, "scheme": "nanjing", "reason": REASON, "by": by, "now": NOW}
        | more
    )


def test_adoption_counts_at_once_and_leaves_a_trail(officer):
    adoption = adopt(officer, unit=" 互助时 ", limits={"redeem_age_min": 65})

    scheme = queries.scheme_of(BUILDING, at=NOW)
    assert (scheme.code, scheme.unit, scheme.redeem_age_min) == ("nanjing", "互助时", 65)
    assert (adoption.limits, adoption.adopted_by_id) == (
        {"redeem_age_min": 65},
        officer.person_id,
    )
    event = AuditEvent.objects.get(action="time_bank.adopt_scheme")
    assert (event.region_code, event.detail["scheme"]) == (STREET, "nanjing")


def test_only_officers_of_the_place_adopt(officer):
    worker = make_actor(make_person("陈静"), Role.STATION_WORKER)

    for by, region in ((worker, STREET), (officer, BUILDING[:6])):
        with pytest.raises(NotAllowed):
            adopt(by, region_code=region)
    assert not SchemeAdoption.objects.exists()


def test_same_scheme_is_not_adopted_again(officer):
    adopt(officer)

    with pytest.raises(errors.SchemeUnchanged):
        adopt(officer, now=NOW + timedelta(days=1))


def test_adoption_promises(officer):
    adoption = adopt(officer)
    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        SchemeAdoption.objects.update(reason="改")
    adoption.pk, adoption.public_id = None, "00000000-0000-4000-8000-000000000001"
    with pytest.raises(IntegrityError, match="adoption_once_a_moment"), transaction.atomic():
        adoption.save(force_insert=True)
    adoption.reason = ""
    with pytest.raises(IntegrityError, match="adoption_has_a_reason"):
        adoption.save(force_insert=True)


def test_preview_counts_what_would_change(officer):
    # 66 years, 500 minutes on one day; 16, all to the pool; 40, above nothing.
    make_posting(make_volunteer("王建国", birth_date=date(1960, 1, 1)).person, minutes=500)
    make_posting(make_volunteer("小明", birth_date=date(2010, 6, 1)).person, minutes=60)
    make_posting(make_volunteer("赵敏", birth_date=date(1986, 1, 1)).person, minutes=60)
    elder = make_person("黄秀兰", birth_date=date(1940, 5, 1))
    make_listing(elder, category=CareCategory.DIBAO)
    make_listing(elder, category=CareCategory.EMPTY_NEST)
    scheme = rules.adopted(
        rules.CHANGNING,
        region_code=STREET,
        limits={"balance_minutes_max": 400, "grant_minutes": 300},
    )

    found = queries.adoption_preview(Region.objects.get(pk=STREET), scheme, now=NOW)

    assert asdict(found) == {
        # The minor has a book with nothing in it and is no saver.
        "savers": 2,
        "above_limit": 1,
        "outside_earning_age": 1,
        "below_redeem_age": 1,
        "below_redeem_age_now": 1,
        "days_above_limit": 1,
        "elders": 1,
        "grant_minutes": 300,
        "has_own_pool": True,
    }


def page(**query):
    return reverse("time_bank:scheme", query=query or None)


NEW = reverse("time_bank:adoption_new", args=[STREET])


def test_officer_looks_first_and_decides_then(officer):
    client = client_of(officer)
    typed = {
        "scheme": "changning",
        "unit": "时光币",
        "reason": REASON,
        "earn_day_minutes_max": "1.5",
        "redeem_age_min": "70",
    }

    shown = client.post(NEW, typed)

    assert not SchemeAdoption.objects.exists()
    assert ("每天最多存入", "1.5 小时") in [
        (row.label, row.cells[1].text) for row in shown.context["changes"]
    ]
    again = client.post(NEW, typed | {"confirmed": "on", "again": "on"})
    assert (again.status_code, again.context["form"]["unit"].value()) == (200, "时光币")
    assert not SchemeAdoption.objects.exists()

    decided = client.post(NEW, typed | {"confirmed": "on"}, follow=True)

    adoption = SchemeAdoption.objects.get()
    assert adoption.limits == {"earn_day_minutes_max": 90, "redeem_age_min": 70}
    text = decided.content.decode()
    assert "从现在起生效" in text
    assert REASON in text
    assert "资料未载，按默认" in text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"scheme": "nanjing"}, "必填"),
        ({"scheme": "xinzhu", "reason": REASON, "redeem_age_min": "20"}, "50"),
        ({"scheme": "xinzhu", "reason": REASON, "earn_day_minutes_max": "1.25"}, "递增"),
    ],
)
def test_form_says_what_to_mend(officer, typed, words):
    response = client_of(officer).post(NEW, typed)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_deciding_the_same_again_is_refused_on_the_page(officer):
    make_adoption(STREET, rules.BEIJING, at=NOW - timedelta(days=1))

    response = client_of(officer).post(NEW, {"scheme": "beijing", "reason": REASON})

    assert response.status_code == 422
    assert "与现行办法相同" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_scheme_page_asks_the_same_however_long_the_history(
    officer, count, django_assert_num_queries
):
    for day in range(count):
        make_adoption(STREET, rules.BEIJING, at=NOW - timedelta(days=day + 1))

    with django_assert_num_queries(2):
        lines = queries.adoptions_for(STREET)

    assert [line.is_in_force for line in lines] == [True] + [False] * (count - 1)


def test_worker_reads_the_scheme_and_outsiders_do_not(officer):
    worker = make_actor(make_person("陈静"), Role.STATION_WORKER)
    head = make_actor(make_person("周楼长"), Role.BUILDING_HEAD, region=BUILDING)

    text = client_of(worker).get(page()).content.decode()
    assert "还没有采用过办法" in text
    assert "采用办法" not in text
    assert client_of(worker).get(NEW).status_code == 404
    assert client_of(worker).get(page(region="110101")).status_code == 404
    assert client_of(head).get(page()).status_code == 404
