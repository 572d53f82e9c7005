from datetime import timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_worker,
)
from linbang.foundation.places.factories import (
    BUILDING,
    COMMUNITY,
    NEIGHBOUR_BUILDING,
    NEIGHBOUR_COMMUNITY,
)
from linbang.foundation.places.models import Station
from linbang.intake.care.models import CareListing
from linbang.intake.needs import actions, queries
from linbang.intake.needs.choices import NeedState, Urgency
from linbang.intake.needs.factories import MONDAY, make_catalogue, make_item, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def elder():
    return make_person("李秀英")


def test_those_concerned_see_a_need_and_outsiders_do_not(elder):
    daughter, stranger = make_person("王芳"), make_person("赵强")
    make_kinship(elder, daughter)
    need = make_need(elder)

    seen = {
        name: list(queries.needs_visible_to(actor))
        for name, actor in {
            "elder": make_actor(elder),
            "daughter": make_actor(daughter),
            "worker": make_worker("张敏"),
            "system": Actor.system(),
            "stranger": make_actor(stranger),
            "next community": make_worker("何平", region=NEIGHBOUR_COMMUNITY),
            "auditor": make_actor(make_person("周瑜"), Role.AUDITOR, region=COMMUNITY),
            "nobody": Actor(),
        }.items()
    }

    assert seen == {
        "elder": [need], "daughter": [need], "worker": [need], "system": [need],
        "stranger": [], "next community": [], "auditor": [], "nobody": [],
    }  # fmt: skip


def test_building_head_sees_her_own_building_only(elder):
    other = make_need(make_person("周桂兰", region=NEIGHBOUR_BUILDING))
    own = make_need(elder)
    head = make_actor(make_person("黄伟"), Role.BUILDING_HEAD, region=BUILDING)

    assert list(queries.needs_visible_to(head)) == [own]
    assert other not in queries.needs_listed(head, now=MONDAY)


def test_awaiting_verification_is_ordered_by_term(elder):
    late = make_need(elder, opened_at=MONDAY)
    early = make_need(elder, item=make_item("meal"), opened_at=MONDAY - timedelta(days=3))
    make_need(elder, item=make_item("bulb"), state=NeedState.VERIFIED)

    assert list(queries.needs_awaiting_verification(make_worker("张敏"))) == [early, late]


@pytest.mark.parametrize(
    ("narrowing", "found"),
    [
        ({}, {"opened", "urgent", "old", "fulfilled"}),
        ({"state": "fulfilled"}, {"fulfilled"}),
        ({"urgency": "urgent"}, {"urgent"}),
        ({"item": "meal"}, {"urgent"}),
        ({"is_overdue": True}, {"old"}),
    ],
)
def test_console_list_is_narrowed(elder, narrowing, found):
    needs = {
        "opened": make_need(elder),
        "urgent": make_need(elder, item=make_item("meal"), urgency=Urgency.URGENT),
        "old": make_need(elder, item=make_item("bulb"), opened_at=MONDAY - timedelta(days=9)),
        "fulfilled": make_need(elder, item=make_item("legal"), state=NeedState.FULFILLED),
    }

    listed = queries.needs_listed(make_worker("张敏"), now=MONDAY, **narrowing)

    assert set(listed) == {needs[name] for name in found}


def test_rows_show_surname_and_building(elder):
    make_need(elder, opened_at=MONDAY - timedelta(days=9))

    listed = queries.needs_listed(make_worker("张敏"), now=MONDAY)
    (row,) = queries.rows_of(listed, now=MONDAY)

    assert (row.who, row.place, row.is_overdue) == ("李**", "1栋", True)


def test_items_asked_for_most_come_first(elder):
    make_catalogue()
    for days in (1, 2):
        make_need(elder, item=make_item("haircut"), starts_at=MONDAY + timedelta(days=days))
    make_item("legal", is_offered=False)

    codes = [item.code for item in queries.items_by_use(elder.pk, cell=elder.cell)]

    assert codes[:3] == ["haircut", "shopping", "clinic"]
    assert "legal" not in codes


def test_one_asks_for_oneself_first_then_confirmed_kin(elder):
    daughter = make_person("王芳")
    make_kinship(elder, daughter)
    make_kinship(make_person("王五"), daughter, confirmed=False)

    assert queries.people_to_ask_for(make_actor(daughter)) == [daughter, elder]


def test_closed_person_asks_for_nobody(elder):
    by = make_actor(elder)
    elder.closed_at = elder.registered_at
    elder.save(update_fields=["closed_at"])

    with pytest.raises(NotFound):
        queries.people_to_ask_for(by)


def test_callers_are_found_by_number_name_and_initials(elder):
    worker = make_worker("张敏")
    make_person("陈静")

    for words in (elder.phone, "李秀英", "lxy", elder.phone[-4:]):
        assert queries.callers(worker, words) == [elder]
    assert queries.callers(worker, "") == []
    assert queries.callers(worker, "", public_id=str(elder.public_id)) == [elder]
    assert queries.callers(make_worker("何平", region=NEIGHBOUR_COMMUNITY), elder.phone) == []


def test_caller_s_care_flag_is_for_those_who_may_know(elder):
    CareListing.objects.create(
        cell=elder.cell, person=elder, region_id=elder.region_id, category="aged",
        category_digest="x", listed_on=MONDAY.date(),
    )  # fmt: skip
    head = make_actor(make_person("黄伟"), Role.BUILDING_HEAD, region=BUILDING)
    need = make_need(elder)

    caller = queries.caller_of(make_worker("张敏"), elder, now=MONDAY)

    assert (caller.is_on_care_register, caller.last, caller.age) == (True, [need], 70)
    assert caller.phone == f"{elder.phone[:3]}****{elder.phone[-4:]}"
    assert not queries.caller_of(head, elder, now=MONDAY).is_on_care_register


def test_story_tells_surnames_to_residents_and_names_to_staff(elder):
    worker, by_elder = make_worker("张敏"), make_actor(elder)
    need = make_need(elder)
    actions.decline_need(need_id=need.pk, reason="请找燃气公司", by=worker, now=MONDAY)
    need.refresh_from_db()

    told = [
        [(line.state, line.note) for line in queries.story_of(need, viewer=viewer)]
        for viewer in (by_elder, worker)
    ]

    assert told == [
        [("done", "我"), ("stop", "张*：请找燃气公司")],
        [("done", "李秀英"), ("stop", "我：请找燃气公司")],
    ]


def test_story_marks_the_present_and_what_lies_ahead(elder):
    story = queries.story_of(make_need(elder), viewer=make_actor(elder))

    assert [line.state for line in story] == ["now", "todo", "todo", "todo", "todo"]


def test_story_names_whom_a_worker_acted_for(elder):
    worker = make_worker("张敏")
    need = actions.take_down_need(
        caller_id=elder.pk, beneficiary_id=elder.pk, item_code=make_item().code, minutes=60,
        starts_at=MONDAY + timedelta(days=1), channel="phone", key="call", by=worker, now=MONDAY,
    )  # fmt: skip

    assert queries.story_of(need, viewer=make_actor(elder))[0].note == "张*（代我）"


def test_sheet_hides_note_and_names_from_a_building_head(elder):
    head = make_actor(make_person("黄伟"), Role.BUILDING_HEAD, region=BUILDING)
    need = make_need(elder, note="有传染病", known_risks="infectious", risk_note="戴口罩")

    sheets = [
        queries.sheet_of(need, viewer=viewer, now=MONDAY) for viewer in (head, make_actor(elder))
    ]

    assert [(one.who, one.note, one.risks, one.risk_note) for one in sheets] == [
        ("李**", "", (), ""),
        ("李秀英", "有传染病", ("有传染性疾病",), "戴口罩"),
    ]
    assert (sheets[0].may_see_contact, sheets[0].may_verify) == (False, False)


def test_station_is_the_nearest_above(elder):
    def make_station(region, name):
        return Station.objects.create(
            cell="450103", region_id=region, name=name, address="新竹路", phone="0771-1234567",
            longitude=108.3, latitude=22.8,
        )  # fmt: skip

    make_station("450103001", "街道")
    near = make_station(COMMUNITY, "社区")
    make_station(NEIGHBOUR_COMMUNITY, "邻居")

    assert queries.station_for(BUILDING) == near


def test_visible_needs_cost_two_queries_whatever_their_number(elder, django_assert_num_queries):
    worker = make_worker("张敏")
    for count, days in ((1, [1]), (3, [2, 3])):
        for day in days:
            make_need(elder, starts_at=MONDAY + timedelta(days=day))
        with django_assert_num_queries(2):
            assert len(queries.needs_visible_to(worker)) == count
