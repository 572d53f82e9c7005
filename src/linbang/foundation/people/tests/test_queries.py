from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.people import queries
from linbang.foundation.people.choices import ConsentKind
from linbang.foundation.people.factories import (
    make_actor,
    make_consent,
    make_consent_texts,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import (
    BUILDING,
    COMMUNITY,
    NEIGHBOUR_BUILDING,
    NEIGHBOUR_COMMUNITY,
)

pytestmark = pytest.mark.django_db


def names(people):
    return [person.name for person in people]


def make_team(name: str, path: str, *members) -> None:
    # Organisations stand above people: tests reach them as the query does, from the other end.
    membership = Person._meta.get_field("memberships").related_model
    organisation = membership._meta.get_field("organisation").related_model
    now = clock.now()
    team = organisation.objects.create(
        cell="450103", name=name, kind="team", path=path, region_id=COMMUNITY, content="0001",
        membership="mixed", founded_at=now,
    )  # fmt: skip
    for member in members:
        membership.objects.create(
            cell="450103", organisation=team, person=member, asked_at=now, approved_at=now
        )


def test_resident_sees_self_and_confirmed_kin_only():
    mother, daughter, stranger = make_person("李秀英"), make_person("王芳"), make_person("赵六")
    make_kinship(mother, daughter)
    make_kinship(stranger, daughter, confirmed=False)

    seen = queries.people_visible_to(make_actor(daughter)).order_by("id")

    assert names(seen) == ["李秀英", "王芳"]


def test_stranger_and_job_see_nothing_and_everything():
    make_person("李秀英")

    assert names(queries.people_visible_to(Actor())) == []
    assert names(queries.people_visible_to(Actor.system())) == ["李秀英"]


def test_building_head_sees_the_building_only():
    make_person("李秀英"), make_person("赵六", region=NEIGHBOUR_BUILDING)
    head = make_actor(make_person("周立"), Role.BUILDING_HEAD, region=BUILDING)

    assert names(queries.found_people(head, "")) == ["李秀英", "周立"]


def test_worker_sees_the_community_without_the_closed():
    make_person("李秀英"), make_person("赵六", region=NEIGHBOUR_COMMUNITY)
    make_person("孙七", closed_at=clock.now() + timedelta(seconds=1))
    worker = make_worker("张敏")

    assert names(queries.found_people(worker, "")) == ["李秀英", "张敏"]


def test_team_leader_sees_members_of_the_teams_below():
    member, other = make_person("李秀英"), make_person("赵六")
    make_team("一分队", "0000000001", member), make_team("二分队", "0000000002", other)
    leader = make_actor(
        make_person("钱多", region=NEIGHBOUR_COMMUNITY),
        Role.TEAM_LEADER,
        organisation_path="0000000001",
    )

    assert sorted(names(queries.people_visible_to(leader))) == ["李秀英", "钱多"]


@pytest.mark.parametrize(
    "text", ["李秀英", "李秀", "秀英", "lxy", "LX", "li xiu ying", "lixiu", "8000", "138 0013 8000"]
)
def test_people_are_found_by_every_word(text):
    make_person("李秀英", phone="13800138000"), make_person("赵六", phone="13700137000")

    assert names(queries.found_people(make_worker("张敏"), text)) == ["李秀英"]


def test_people_are_found_by_volunteer_number():
    volunteer = make_volunteer("王建国")
    make_volunteer("赵六")

    assert names(queries.found_people(make_worker(), volunteer.number.lower())) == ["王建国"]


@pytest.mark.parametrize("text", ["zzz", "9999", "12345678901", "V0000000000", "--", "·"])
def test_nothing_is_found_by_other_words(text):
    make_person("李秀英", phone="13800138000")

    assert names(queries.found_people(make_worker("张敏"), text)) == []


def test_street_officer_finds_by_the_beginning_of_a_name():
    make_person("李秀英"), make_person("王秀英")
    officer = make_actor(make_person("陈局"), Role.STREET_OFFICER, region="450103001")

    assert names(queries.found_people(officer, "李秀")) == ["李秀英"]
    assert names(queries.found_people(officer, "秀英")) == []


def fill_the_community(person_id: int) -> None:
    columns = [
        field.column
        for field in Person._meta.concrete_fields
        if not field.generated and field.name not in {"id", "account"}
    ]
    own = {
        "public_id": "gen_random_uuid()",
        "document_digest": "'d' || n",
        "pinyin": "'zhang ' || n",
        "initials": "'z' || n",
        "phone_digest": "'p' || n",
        "phone_tail_digest": "'t' || mod(n, 1000)",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO people_person ({", ".join(columns)})
            SELECT {", ".join(own.get(column, column) for column in columns)}
            FROM people_person, generate_series(1, 4000) AS n WHERE id = %s""",
            [person_id],
        )
        cursor.execute("ANALYZE people_person")


def test_found_people_uses_the_pinyin_and_phone_indexes():
    worker = make_worker()
    fill_the_community(worker.person_id)
    plans = [
        queries.found_people(worker, text).explain() for text in ("lixiu", "8000", "13800138000")
    ]

    assert ["person_by_pinyin" in plans[0], "person_by_initials" in plans[0]] == [True, True]
    assert "person_by_phone_tail" in plans[1]
    assert "person_by_phone" in plans[2]


def test_people_with_phone_lists_the_whole_house():
    make_person("李秀英", phone="07715551234", has_account=False)
    make_person("王建国", phone="07715551234", has_account=False)
    worker = make_worker()

    assert names(queries.people_with_phone(worker, "0771-5551234")) == ["李秀英", "王建国"]
    assert names(queries.people_with_phone(worker, "")) == []
    assert names(queries.people_with_phone(worker, "123")) == []


def test_person_of_is_oneself_while_open():
    person = make_person("李秀英")

    assert queries.person_of(make_actor(person)) == person
    with pytest.raises(NotFound):
        queries.person_of(Actor())


def test_who_may_speak_for_whom():
    mother, daughter, stranger = make_person("李秀英"), make_person("王芳"), make_person("赵六")
    make_kinship(mother, daughter)

    assert queries.may_speak_for(make_actor(mother), mother.pk)
    assert queries.may_speak_for(make_actor(daughter), mother.pk)
    assert queries.may_speak_for(Actor.system(), mother.pk)
    assert not queries.may_speak_for(make_actor(mother), daughter.pk)
    assert not queries.may_speak_for(make_actor(stranger), mother.pk)
    assert not queries.may_speak_for(Actor(), mother.pk)


def test_volunteers_are_active_and_confirmed():
    make_volunteer("王建国")
    make_volunteer("赵六", person=make_person("赵六", confirmed=False))
    stopped = make_volunteer("孙七")
    stopped.ended_at = clock.now()
    stopped.save(update_fields=["ended_at"])

    seen = queries.volunteers_visible_to(make_worker())

    assert [volunteer.person.name for volunteer in seen] == ["王建国"]


def test_filters_narrow_the_list():
    make_volunteer("王建国", skills=("19", "03", "23"))
    make_volunteer("赵六", region=NEIGHBOUR_BUILDING), make_person("李秀英", confirmed=False)
    worker = make_worker("张敏")

    def found(**filters):
        return names(queries.filtered_people(worker, **filters))

    assert found(kind="volunteer") == ["王建国", "赵六"]
    assert found(kind="volunteer", region_code=NEIGHBOUR_BUILDING) == ["赵六"]
    assert found(skill="19") == ["王建国"]
    assert found(kind="unconfirmed") == ["李秀英"]


def rows_with(count: int):
    worker = make_worker()
    for _ in range(count):
        make_volunteer("王建国", skills=("19", "03", "23"))
    people = queries.filtered_people(worker, kind="volunteer")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        rows = queries.person_rows(people, now=clock.now(), today=date(2026, 11, 23))
    return rows, len(captured)


@pytest.mark.parametrize("count", [1, 3])
def test_person_rows_cost_three_queries(count):
    rows, cost = rows_with(count)

    assert len(rows) == count
    assert cost == 3


def test_person_row_says_where_and_what():
    (row,), _cost = rows_with(1)

    assert row.place == "新竹社区 · 第1网格 · 1栋"
    assert row.skills == "护理照护、驾驶运输…"
    assert (row.sex, row.age, row.is_volunteer, row.is_paused) == ("男", 70, True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_kin_cost_one_query(count, django_assert_num_queries):
    mother = make_person("李秀英")
    relatives = [make_person("王芳") for _ in range(count)]
    for relative in relatives:
        make_kinship(mother, relative)

    with django_assert_num_queries(1):
        kin = queries.kin_of(mother)
    with django_assert_num_queries(1):
        spoken_for = queries.spoken_for_by(relatives[0])

    assert [row.name for row in kin] == ["王芳"] * count
    assert [row.name for row in spoken_for] == ["李秀英"]


def test_household_lists_the_others_behind_the_door():
    person = make_person("李秀英")

    assert queries.household_of(person) == []


def test_newer_texts_are_due_until_agreed_or_refused():
    person = make_person("李秀英")
    consent = make_consent(person, ConsentKind.VOLUNTEER)
    now = clock.now()
    assert queries.texts_due(person, now=now) == []

    newer = make_consent_texts(version=2)[ConsentKind.VOLUNTEER]
    assert queries.texts_due(person, now=now) == [newer]

    consent.withdrawn_at = now
    consent.save(update_fields=["withdrawn_at"])
    assert queries.texts_due(person, now=now) == []


def test_figures_count_what_the_actor_sees():
    make_volunteer("王建国"), make_person("李秀英", confirmed=False)

    figures = queries.people_figures(make_worker())

    assert (figures.people, figures.volunteers, figures.unconfirmed, figures.claims) == (3, 1, 1, 0)
