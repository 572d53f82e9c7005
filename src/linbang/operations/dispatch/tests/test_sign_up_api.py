"""Everything of sign-up under /api/v1/, with the same refusals as the pages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.organisations.factories import make_membership, make_team
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
)
from linbang.intake.activities.choices import SignUpMode
from linbang.intake.activities.factories import make_activity, make_policy, make_post
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.clearance.models import Acceptance, GuardianConsent
from linbang.operations.clearance.queries import document_of
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import SignUp, StandIn
from linbang.operations.dispatch.tests.crowd import LONG_AGO, actor, someone

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
API = "/api/v1"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def shift(now):
    return make_open_shift(starts_at=now + 3 * DAY, places=2)


@pytest.fixture
def worker() -> Client:
    clerk = make_person("张敏", region="450103001005", now=LONG_AGO)
    make_actor(clerk, Role.STATION_WORKER)
    return client_of(clerk)


def call(client: Client, path: str, body: object = None, **headers: str):
    answer = client.post(
        f"{API}{path}", body or {}, content_type="application/json", headers=headers
    )
    return answer.status_code, answer.json() if answer.content else None


def get(client: Client, path: str):
    answer = client.get(f"{API}{path}")
    return answer.status_code, answer.json()


def test_open_activities_are_public_and_per_region(shift):
    status, told = get(Client(), "/activities/open?region=450103001005")

    assert (status, [one["name"] for one in told]) == (200, ["清洁家园"])
    for region in ("45", "abc", ""):
        status, refused = get(Client(), f"/activities/open?region={region}")
        assert (status, refused["code"]) == (422, "region_too_wide")


def test_open_shifts_say_what_one_may_do(shift, now):
    client = client_of(someone())

    _, told = get(client, "/shifts/open")
    _, of_activity = get(client, f"/shifts/open?activity={shift.activity.public_id}&page_size=1")

    [one] = told["items"]
    assert (one["id"], one["chance"], one["free"]) == (str(shift.public_id), "take", 2)
    assert of_activity["items"] == told["items"]
    assert get(client, "/shifts/open?category=0001")[1]["count"] == 0
    assert get(client, "/shifts/open?region=450104")[1]["items"] == []
    assert get(client, f"/shifts/open?activity={uuid4()}")[0] == 404
    assert get(Client(), "/shifts/open")[0] == 401


def test_signing_up_repeats_under_its_key(shift):
    client = client_of(someone())
    path = f"/shifts/{shift.public_id}/sign-ups"

    first = call(client, path, **{"Idempotency-Key": "k1"})
    again = call(client, path, **{"Idempotency-Key": "k1"})

    assert first == again
    assert (first[0], first[1]["state"], first[1]["position"]) == (201, "confirmed", None)
    assert SignUp.objects.get().key == "k1"
    other = make_open_shift(starts_at=shift.starts_at + DAY)
    status, refused = call(
        client, f"/shifts/{other.public_id}/sign-ups", **{"Idempotency-Key": "k1"}
    )
    assert (status, refused["code"]) == (409, "sign_up_key_reused")
    status, _ = call(client, path, **{"Idempotency-Key": "k" * 65})
    assert status == 422


def test_every_cause_comes_with_words_and_a_way(now):
    post = make_post(make_activity(), qualifications=["first-aid"], age_min=99)
    shift = make_open_shift(post=post, starts_at=now + 3 * DAY)

    status, refused = call(client_of(someone()), f"/shifts/{shift.public_id}/sign-ups")

    assert (status, refused["code"]) == (422, "not_cleared")
    assert [one["code"] for one in refused["causes"]] == [
        "too_young",
        "qualification_missing:first-aid",
    ]
    assert refused["causes"][0]["detail"].startswith("未到岗位年龄。换一个岗位")
    assert refused["causes"][0]["url"] == f"/activities/{shift.activity.public_id}/"


@pytest.mark.parametrize(
    ("columns", "code", "status"),
    [
        ({"activity": {"state": "cancelled"}}, "shift_cancelled", 409),
        ({"activity": {"state": "draft"}}, "shift_not_found", 404),
        ({"activity": {"has_waiting_list": False}, "taken": 2}, "shift_full", 409),
        ({"activity": {"sign_up_closes_at": LONG_AGO}}, "sign_up_closed", 409),
    ],
)
def test_refusals_are_those_of_the_pages(columns, code, status, now):
    made = make_open_shift(
        activity=make_activity(**columns["activity"]), starts_at=now + 3 * DAY, places=2
    )
    for _ in range(columns.get("taken", 0)):
        make_sign_up(made, someone("甲一"), now=now)

    told = call(client_of(someone()), f"/shifts/{made.public_id}/sign-ups", {"waits": True})

    assert (told[0], told[1]["code"]) == (status, code)


def test_risk_is_accepted_in_the_same_call(now):
    activity = make_activity(hazards=["traffic"])
    activity.policy = make_policy(activity.organiser, starts_at=now - DAY, ends_at=now + 30 * DAY)
    activity.save(update_fields=["policy"])
    shift, person = make_open_shift(activity=activity, starts_at=now + 3 * DAY), someone()
    client, path = client_of(person), f"/shifts/{shift.public_id}/sign-ups"
    refused = call(client, path)
    assert [one["code"] for one in refused[1]["causes"]] == ["risk_not_accepted"]

    stale = call(client, path, {"accepted": [{"kind": "risk", "digest": "0" * 64}]})
    digest = document_of(activity, AcceptanceKind.RISK).digest
    status, _ = call(client, path, {"accepted": [{"kind": "risk", "digest": digest}]})

    assert stale[1]["code"] == "text_changed"
    assert (status, Acceptance.objects.get().text_digest) == (201, digest)


def test_guardian_signs_a_child_up_and_nobody_else(shift, now):
    guardian = someone()
    child = make_volunteer("小明", birth_date=(now - 12 * 366 * DAY).date(), now=LONG_AGO).person
    make_kinship(child, guardian, is_guardian=True)
    GuardianConsent.objects.create(
        cell=shift.cell, activity=shift.activity, person=child, guardian=guardian, given_at=now
    )
    path, body = f"/shifts/{shift.public_id}/sign-ups", {"person_id": str(child.public_id)}

    assert call(client_of(someone("外人")), path, body)[0] == 404
    status, made = call(client_of(guardian), path, body)

    assert (status, made["person"]) == (201, "小明")
    assert get(client_of(guardian), "/sign-ups")[1]["count"] == 1


@pytest.mark.parametrize("sign_ups", [1, 3])
def test_own_sign_ups_take_constant_queries(sign_ups, now, django_assert_num_queries):
    person = someone()
    for n in range(sign_ups):
        full = make_open_shift(starts_at=now + (n + 1) * DAY, places=1)
        make_sign_up(full, someone("甲一"), now=now)
        make_sign_up(full, person, now=now, waits=True)
    client = client_of(person)
    client.get(f"{API}/sign-ups")

    with django_assert_num_queries(7):
        _, told = get(client, "/sign-ups?is_live=true")

    assert [one["position"] for one in told["items"]] == [1] * sign_ups
    assert get(client, "/sign-ups?is_live=false")[1]["count"] == 0


def test_place_is_given_back_and_others_cannot(shift, now):
    person = someone()
    made = make_sign_up(shift, person, now=now)
    path = f"/sign-ups/{made.public_id}"

    assert get(client_of(someone("外人")), path)[0] == 404
    assert call(client_of(someone("外人")), f"{path}/withdrawal")[0] == 404
    status, told = call(client_of(person), f"{path}/withdrawal", {"reason": "有事"})

    assert (status, told["state"], told["end_reason"]) == (200, "withdrawn", "有事")
    assert get(client_of(person), path)[1]["state"] == "withdrawn"


def test_held_place_is_taken_or_declined(now, worker):
    shift = make_open_shift(starts_at=now + 3 * DAY, places=2)
    holders = [make_sign_up(shift, someone("甲一"), now=now) for _ in range(2)]
    waiting = [make_sign_up(shift, someone(), now=now, waits=True) for _ in range(2)]
    for one in holders:
        actions.withdraw_sign_up(sign_up_id=one.pk, by=actor(one.person), now=now)
    actions.fill_places(shift_ids=[shift.pk], now=now)
    first, second = waiting

    taken = call(client_of(first.person), f"/sign-ups/{first.public_id}/taking")
    declined = call(client_of(second.person), f"/sign-ups/{second.public_id}/declining")
    nothing = call(worker, f"/sign-ups/{holders[0].public_id}/taking")

    assert (taken[1]["state"], declined[1]["state"]) == ("confirmed", "withdrawn")
    assert (nothing[0], nothing[1]["code"]) == (409, "nothing_held")


def test_stand_ins_and_swaps(now):
    activity = make_activity()
    mine, theirs = (
        make_sign_up(
            make_open_shift(activity=activity, starts_at=now + (n + 2) * DAY, places=1),
            someone(name),
            now=now,
        )
        for n, name in enumerate(("甲一", "乙二"))
    )
    asker, other = client_of(mine.person), client_of(theirs.person)
    path = f"/sign-ups/{mine.public_id}"
    [choice] = get(asker, f"{path}/swap-choices")[1]
    status, asked = call(asker, f"{path}/swap", {"sign_up_id": choice["sign_up_id"]})
    assert (status, asked["state"]) == (201, "open")
    assert call(asker, f"{path}/swap", {"sign_up_id": str(uuid4())})[0] == 404

    declined = call(other, f"/stand-ins/{asked['id']}/refusal")
    call(asker, f"{path}/swap", {"sign_up_id": choice["sign_up_id"]})
    again = StandIn.objects.latest("id")
    agreed = call(other, f"/stand-ins/{again.public_id}/agreement")

    assert declined[1]["state"] == "declined"
    assert (agreed[0], agreed[1]["shift_id"]) == (200, str(mine.shift.public_id))


def test_stand_in_is_sought_listed_stopped_and_taken(shift, now):
    seeker, helper = someone("甲一"), someone("乙二")
    made = make_sign_up(shift, seeker, now=now)
    path = f"/sign-ups/{made.public_id}/stand-in"
    _, first = call(client_of(seeker), path, {"note": "出差"})
    stopped = call(client_of(seeker), f"/stand-ins/{first['id']}/ending")
    _, search = call(client_of(seeker), path)

    [listed] = get(client_of(helper), "/stand-ins")[1]
    taken = call(client_of(helper), f"/stand-ins/{search['id']}/taking")
    late = call(client_of(someone("丙三")), f"/stand-ins/{search['id']}/taking")

    assert stopped[1]["state"] == "withdrawn"
    assert (listed["id"], listed["who"]) == (search["id"], "甲*")
    assert (taken[0], taken[1]["state"]) == (200, "confirmed")
    assert (late[0], late[1]["code"]) == (409, "stand_in_closed")
    assert call(client_of(someone("外人")), path)[0] == 404


def test_leader_decides_alone_and_in_bulk(now, worker):
    shift = make_open_shift(
        activity=make_activity(mode=SignUpMode.APPROVAL), starts_at=now + 3 * DAY, places=2
    )
    asked = [make_sign_up(shift, someone(name), now=now) for name in ("甲一", "乙二", "丙三")]
    ids = [str(one.public_id) for one in asked]

    approved = call(worker, f"/sign-ups/{ids[0]}/approval")
    _, decisions = call(worker, "/sign-ups/approvals", {"sign_up_ids": ids[1:]})
    declined = call(worker, f"/sign-ups/{ids[2]}/refusal", {"reason": "人够了"})
    released = call(worker, f"/sign-ups/{ids[0]}/release", {"reason": "改期"})
    _, listed = get(worker, f"/shifts/{shift.public_id}/people")

    assert approved[1]["state"] == "confirmed"
    assert [one["code"] for one in decisions] == ["", "shift_full"]
    assert (declined[1]["state"], released[1]["state"]) == ("declined", "released")
    assert [one["state"] for one in listed["items"]] == ["released", "confirmed", "declined"]
    stranger = client_of(someone("外人"))
    assert call(stranger, f"/sign-ups/{ids[1]}/approval")[0] == 404
    assert call(stranger, "/sign-ups/approvals", {"sign_up_ids": ids})[0] == 404
    assert get(stranger, f"/shifts/{shift.public_id}/people")[1]["count"] == 0


def test_worker_signs_somebody_up(shift, worker):
    person = someone()

    status, made = call(
        worker, f"/shifts/{shift.public_id}/people", {"person_id": str(person.public_id)}
    )

    assert (status, made["channel"], made["person"]) == (201, "worker", person.name)
    nobody = {"person_id": str(uuid4())}
    assert call(worker, f"/shifts/{shift.public_id}/people", nobody)[0] == 404


def test_team_and_unit_put_their_people_there(shift, worker):
    team, leader = make_team("红袖章队"), make_person("韦队长", now=LONG_AGO)
    make_actor(leader, Role.TEAM_LEADER, organisation_path=team.path)
    first, second = someone("队员甲"), someone("队员乙")
    for one in (first, second):
        make_membership(team, one)
    client = client_of(leader)
    body = {"organisation_id": str(team.public_id), "person_ids": [str(first.public_id)]}

    _, [report] = call(client, f"/shifts/{shift.public_id}/team", body)
    _, kept = call(
        worker,
        f"/shifts/{shift.public_id}/reservations",
        {"organisation_id": str(team.public_id), "places": 1},
    )
    _, [named] = call(
        client, f"/reservations/{kept['id']}/people", {"person_ids": [str(second.public_id)]}
    )

    assert (report["name"], report["verdict"]) == ("队员甲", "confirmed")
    assert (kept["places"], named["verdict"]) == (1, "confirmed")
    outsiders = {**body, "person_ids": [str(someone("外人").public_id)]}
    assert call(client, f"/shifts/{shift.public_id}/team", outsiders)[0] == 404
    assert call(client_of(first), f"/shifts/{shift.public_id}/team", body)[0] == 404


def test_leader_writes_to_everybody(shift, worker, now):
    make_sign_up(shift, someone(), now=now)
    path = f"/activities/{shift.activity.public_id}/messages"

    told = [
        call(worker, path, {"text": "带雨伞", **to})[1]
        for to in (
            {},
            {"shift_ids": [str(shift.public_id)]},
            {"day": "2020-01-01"},
        )
    ]

    assert [one["people"] for one in told] == [1, 1, 0]
    assert call(worker, path, {"text": "x", "shift_ids": [str(uuid4())]})[0] == 404
    status, refused = call(worker, path, {"text": " "})
    assert (status, refused["code"]) == (422, "message_missing")


def test_roster_is_proposed_changed_and_confirmed(now, worker):
    shift = make_open_shift(starts_at=now + DAY, places=2)
    person, other = someone("甲一"), someone("乙二")
    day = str((now + DAY).astimezone(timezone.get_default_timezone()).date())
    _, board = get(worker, f"/activities/{shift.activity.public_id}/staffing?week={day}")
    path = f"/activities/{shift.activity.public_id}/roster-proposals"
    span = {"starts_on": day, "ends_on": day}
    status, made = call(worker, path, span)
    base = f"/roster-proposals/{made['id']}"
    assert (status, made["people"], made["missing"], board["missing"]) == (201, 1, 0, 1)
    assert (made["more_at_most"], made["most_minutes_bound"]) == (0, made["most_minutes"])

    [pair] = get(worker, f"{base}/days/{day}")[1]["shifts"][0]["pairs"]
    call(
        worker,
        f"{base}/pairs/{pair['id']}/replacement",
        {"person_id": str(other.public_id)},
    )
    call(
        worker,
        f"{base}/pairs",
        {"shift_id": str(shift.public_id), "person_id": str(person.public_id)},
    )
    twice = call(
        worker,
        f"{base}/pairs",
        {"shift_id": str(shift.public_id), "person_id": str(person.public_id)},
    )
    worker.delete(f"{API}{base}/pairs/{pair['id']}")
    confirmed = call(worker, f"{base}/confirmation")

    assert (twice[0], twice[1]["code"]) == (409, "roster_pair_twice")
    assert (confirmed[0], get(worker, base)[1]["state"]) == (200, "confirmed")
    assert SignUp.objects.get().person_id == person.pk
    assert call(worker, f"{base}/discarding")[1]["code"] == "roster_decided"
    assert call(worker, f"{base}/confirmation")[1]["code"] == "roster_decided"
    later = str((now + 40 * DAY).date())
    status, empty = call(worker, path, {"starts_on": later, "ends_on": later})
    assert (status, empty["code"]) == (422, "roster_empty")


def test_proposal_is_discarded_and_hidden_from_others(now, worker):
    shift = make_open_shift(starts_at=now + DAY)
    someone()
    day = str((now + DAY).astimezone(timezone.get_default_timezone()).date())
    path = f"/activities/{shift.activity.public_id}/roster-proposals"
    made = call(worker, path, {"starts_on": str(now.date()), "ends_on": day})[1]
    stranger = client_of(someone("外人"))

    assert get(stranger, f"/roster-proposals/{made['id']}")[0] == 404
    assert call(stranger, path, {"starts_on": day, "ends_on": day})[0] == 404
    discarded = call(worker, f"/roster-proposals/{made['id']}/discarding")

    assert discarded[1]["state"] == "discarded"
    assert SignUp.objects.filter(state=SignUpState.CONFIRMED).count() == 0
