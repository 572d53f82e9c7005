import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor, Grant
from linbang.web import rules

HERE = "450103001005"


def actor_with(*roles: Role) -> Actor:
    return Actor(person_id=1, grants=tuple(Grant(role, HERE) for role in roles))


def rooms_of(*roles: Role) -> list[str]:
    return [room.url_name for room in rules.console_rooms(actor_with(*roles))]


def test_resident_has_no_console_rooms():
    assert rooms_of() == []


def test_worker_sees_service_rooms_but_no_security():
    rooms = rooms_of(Role.STATION_WORKER)

    assert {"needs:intake", "dispatch:board", "service_records:console"} <= set(rooms)
    assert "access:roles" not in rooms
    assert "audit:trail" not in rooms


def test_auditor_sees_trail_and_figures_only():
    assert rooms_of(Role.AUDITOR) == [
        "web:console",
        "time_bank:branches",
        "dispatch:recruiting",
        "statistics:overview",
        "briefs:list",
        "audit:trail",
    ]


def test_volunteers_find_activities_among_their_tabs():
    volunteer = [room.url_name for room in rules.tab_rooms(is_volunteer=True)]
    resident = [room.url_name for room in rules.tab_rooms(is_volunteer=False)]

    assert "dispatch:activities" in volunteer
    assert "dispatch:activities" not in resident
    assert len(volunteer) == len(resident) == 5


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/console/needs/7/", "/console/needs/"),
        ("/console/", "/console/"),
        ("/elsewhere/", ""),
    ],
)
def test_current_room_is_the_longest_beginning(path, room):
    assert rules.current_room(path, ["/console/", "/console/needs/"]) == room


@pytest.mark.parametrize(
    ("role", "desk"),
    [
        (Role.STATION_WORKER, True),
        (Role.STREET_OFFICER, True),
        (Role.BUILDING_HEAD, False),
        (Role.TEAM_LEADER, False),
    ],
)
def test_building_heads_are_residents_first(role, desk):
    assert rules.works_at_a_desk(actor_with(role)) is desk


@pytest.mark.parametrize(
    ("name", "sex", "age", "surname", "title"),
    [
        ("李秀英", "f", 82, "李", "grandma"),
        ("黄建国", "m", 64, "黄", "uncle"),
        ("欧阳建国", "m", 76, "欧阳", "grandpa"),
        ("覃桂芳", "f", 60, "覃", "auntie"),
        ("陈晓燕", "f", 51, "陈", ""),
    ],
)
def test_greeting_respects_the_old(name, sex, age, surname, title):
    greeting = rules.greeting(name, sex, age=age, hour=9)

    assert (greeting.surname, greeting.title) == (surname, title)


@pytest.mark.parametrize(
    ("hour", "part"),
    [(4, "night"), (5, "morning"), (11, "noon"), (13, "afternoon"), (18, "evening"), (22, "night")],
)
def test_greeting_knows_the_part_of_day(hour, part):
    assert rules.greeting("李秀英", "f", age=82, hour=hour).part_of_day == part
