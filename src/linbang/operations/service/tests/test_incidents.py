"""Something went wrong on duty: told at once, complete within 48 hours, seen by few."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import KeyReused, NotFound, Refused
from linbang.foundation.messaging.models import Notice, OutboxMessage
from linbang.foundation.organisations.factories import make_team
from linbang.foundation.people.factories import make_actor, make_person, make_worker
from linbang.intake.activities.factories import make_activity
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service import actions, queries, rules
from linbang.operations.service.choices import IncidentKind
from linbang.operations.service.models import Incident, IncidentPhoto
from linbang.operations.service.rules import IncidentDetails
from linbang.operations.service.tests.cast import actor, after, lead, placed

pytestmark = pytest.mark.django_db

TOLD = {
    "who": "黄建国",
    "what": "搬桌子时扭了腰",
    "place": "小区广场东侧",
    "first_aid": "冰敷，原地休息",
}
REST = {"hospital": "无需送医", "witnesses": "覃桂芳"}
JPEG, PNG = b"\xff\xd8\xff\xe0 picture", b"\x89PNG\r\n\x1a\n picture"


def report(
    by: Actor, activity: Activity, *, key: str = "k", at: float = 30, **told: str
) -> Incident:
    return actions.report_incident(
        activity_id=activity.pk,
        kind=IncidentKind.INJURY,
        details=IncidentDetails(**{**TOLD, **told}),
        happened_at=after(at),
        key=key,
        by=by,
        now=after(30),
    )


def test_first_report_is_sealed_due_and_told_at_once() -> None:
    team = make_team()
    activity = make_activity(organiser=team)
    leader = lead(activity)
    captain = make_actor(make_person("韦队长"), Role.TEAM_LEADER, organisation_path=team.path)
    worker = make_worker("张敏")
    volunteer = placed(make_open_shift(activity=activity)).person

    incident = report(actor(volunteer), activity, who=" 黄建国 ")

    assert (incident.who, incident.due_at) == ("黄建国", after(30) + timedelta(hours=48))
    told = {leader.person_id, captain.person_id, worker.person_id}
    alarms = Notice.objects.filter(template="incident_alarm")
    assert set(alarms.values_list("person_id", flat=True)) == told
    assert set(alarms.values_list("url", flat=True)) == {f"/incidents/{incident.public_id}/"}
    assert OutboxMessage.objects.filter(template="incident_alarm").count() == 3
    assert "黄建国" not in str(list(OutboxMessage.objects.values_list("params", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT who, what, first_aid FROM service_incident")
        assert all("黄建国".encode() not in bytes(column) for column in cursor.fetchone())


def test_report_that_is_sent_again_is_one() -> None:
    activity = make_activity()
    leader = lead(activity)

    assert report(leader, activity) == report(leader, activity, what="又写了一遍")
    assert Incident.objects.get().what == TOLD["what"]
    assert Notice.objects.filter(template="incident_alarm").count() == 1
    with pytest.raises(KeyReused):
        report(lead(activity, "另一位"), activity)


@pytest.mark.parametrize(
    ("told", "code", "field"),
    [
        *(({part: " "}, "incident_part_missing", part) for part in TOLD),
        ({"at": 31}, "incident_in_future", "happened_at"),
    ],
)
def test_short_form_asks_for_four_things(told: dict[str, Any], code: str, field: str) -> None:
    activity = make_activity()

    with pytest.raises(Refused) as refusal:
        report(lead(activity), activity, **told)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not Incident.objects.exists()


def test_who_was_not_there_reports_nothing() -> None:
    activity = make_activity()

    for who in (actor(make_person("路人甲")), Actor()):
        with pytest.raises(NotFound):
            report(who, activity)


def amend(by: Actor, incident: Incident, *, complete: bool = False, **told: str) -> Incident:
    return actions.amend_incident(
        incident=incident.public_id,
        details=IncidentDetails(**{**TOLD, **told}),
        complete=complete,
        by=by,
        now=after(600),
    )


def test_report_is_completed_within_its_time() -> None:
    activity = make_activity()
    leader = lead(activity)
    incident = report(leader, activity)

    amend(leader, incident, hospital="社区卫生中心")
    for part in REST:
        with pytest.raises(Refused) as refusal:
            amend(leader, incident, complete=True, **{**REST, part: ""})
        assert (refusal.value.code, refusal.value.field) == ("incident_part_missing", part)
    done = amend(leader, incident, complete=True, **REST)

    assert (done.completed_at, done.completed_by_id) == (after(600), leader.person_id)
    assert done.hospital == "无需送医"
    with pytest.raises(Refused) as refusal:
        amend(leader, incident)
    assert refusal.value.code == "incident_complete"


@pytest.mark.parametrize(
    ("hours", "completed", "overdue"), [(48, False, False), (48.1, False, True), (60, True, False)]
)
def test_clock_turns_red_after_48_hours(hours: float, completed: bool, overdue: bool) -> None:
    due_at = after(0) + rules.INCIDENT_DUE
    now = after(0) + timedelta(hours=hours)

    assert rules.is_overdue(due_at, completed=completed, now=now) is overdue


def test_leader_is_reminded_before_and_after_the_deadline() -> None:
    activity = make_activity()
    leader = lead(activity)
    report(leader, activity)
    done = report(leader, activity, key="done")
    amend(leader, done, complete=True, **REST)

    for hours, told in ((35, 0), (36, 1), (47, 1), (48, 1), (60, 1)):
        assert actions.remind_incidents(now=after(30) + timedelta(hours=hours)) == told

    templates = Notice.objects.filter(template__in=["incident_due", "incident_overdue"])
    assert set(templates.values_list("template", flat=True)) == {"incident_due", "incident_overdue"}
    assert templates.count() == 2


@pytest.mark.parametrize("who", ["leader", "reporter", "worker"])
def test_who_may_see_sees_and_leaves_a_trail(who: str) -> None:
    activity = make_activity()
    reporter = actor(placed(make_open_shift(activity=activity)).person)
    incident = report(reporter, activity)
    photo = actions.add_photo(incident=incident.public_id, content=PNG, by=reporter, now=after(31))
    by = {"leader": lambda: lead(activity), "reporter": lambda: reporter, "worker": make_worker}[
        who
    ]()

    seen = actions.see_incident(incident=incident.public_id, by=by, now=after(40))
    picture = actions.see_photo(
        incident=incident.public_id, photo=photo.public_id, by=by, now=after(41)
    )

    assert (seen.who, picture) == ("黄建国", ("image/png", PNG))
    for action in ("service.see_incident", "service.see_photo"):
        assert AuditEvent.objects.get(action=action).person_id == by.person_id


@pytest.mark.parametrize("who", ["outsider", "colleague", "elsewhere"])
def test_nobody_else_sees_an_incident(who: str) -> None:
    activity = make_activity()
    shift = make_open_shift(activity=activity)
    incident = report(actor(placed(shift).person), activity)
    photo = actions.add_photo(
        incident=incident.public_id, content=JPEG, by=lead(activity), now=after(31)
    )
    by = {
        "outsider": lambda: actor(make_person("路人甲")),
        "colleague": lambda: actor(placed(shift).person),
        "elsewhere": lambda: make_worker(region="450103001006"),
    }[who]()

    with pytest.raises(NotFound):
        actions.see_incident(incident=incident.public_id, by=by, now=after(40))
    with pytest.raises(NotFound):
        actions.see_photo(incident=incident.public_id, photo=photo.public_id, by=by, now=after(40))
    with pytest.raises(NotFound):
        actions.add_photo(incident=incident.public_id, content=PNG, by=by, now=after(40))
    with pytest.raises(NotFound):
        amend(by, incident)
    assert not AuditEvent.objects.filter(action__startswith="service.see").exists()


def test_photo_belongs_to_its_incident() -> None:
    activity = make_activity()
    leader = lead(activity)
    first, second = report(leader, activity, key="1"), report(leader, activity, key="2")
    photo = actions.add_photo(incident=first.public_id, content=PNG, by=leader, now=after(31))

    with pytest.raises(NotFound):
        actions.see_photo(
            incident=second.public_id, photo=photo.public_id, by=leader, now=after(40)
        )


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
def test_pictures_are_known_by_their_first_bytes(content: bytes, media_type: str) -> None:
    assert rules.require_picture(content) == media_type


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'>", "photo_not_a_picture"),
        (b"GIF89a", "photo_not_a_picture"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "photo_not_a_picture"),
        (JPEG + b"0" * rules.PHOTO_BYTES_MAX, "photo_too_large"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(content: bytes, code: str) -> None:
    activity = make_activity()
    leader = lead(activity)
    incident = report(leader, activity)

    with pytest.raises(Refused) as refusal:
        actions.add_photo(incident=incident.public_id, content=content, by=leader, now=after(31))

    assert refusal.value.code == code
    assert str(refusal.value)


def test_five_photos_and_no_more() -> None:
    activity = make_activity()
    leader = lead(activity)
    incident = report(leader, activity)
    for _ in range(5):
        actions.add_photo(incident=incident.public_id, content=PNG, by=leader, now=after(31))

    with pytest.raises(Refused) as refusal:
        actions.add_photo(incident=incident.public_id, content=PNG, by=leader, now=after(31))

    assert refusal.value.code == "photos_full"
    assert [photo.position for photo in queries.photos_of(incident)] == [1, 2, 3, 4, 5]


def test_incomplete_ones_come_first_the_one_due_next_on_top() -> None:
    activity = make_activity()
    leader = lead(activity)
    first, done, last = (report(leader, activity, key=key) for key in "abc")
    Incident.objects.filter(pk=last.pk).update(due_at=after(0))
    amend(leader, done, complete=True, **REST)

    incidents = queries.incidents_visible_to(leader)

    assert list(incidents) == [last, first, done]
    assert list(queries.incomplete(incidents)) == [last, first]


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("incident_is_told_after_it_happened", {"happened_at": after(31)}),
        ("incident_completed_says_by_whom", {"completed_at": after(40)}),
    ],
)
def test_database_keeps_what_an_incident_says(constraint: str, columns: dict[str, Any]) -> None:
    activity = make_activity()
    incident = report(lead(activity), activity)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(**columns)


def test_database_keeps_a_key_once() -> None:
    activity = make_activity()
    leader = lead(activity)
    report(leader, activity)
    other = report(leader, activity, key="other")

    with pytest.raises(IntegrityError, match="incident_key_once"), transaction.atomic():
        Incident.objects.filter(pk=other.pk).update(key="k")


@pytest.mark.parametrize(
    ("constraint", "position"),
    [("incident_photos_up_to_five", 6), ("incident_photo_position_once", 1)],
)
def test_database_counts_the_photos(constraint: str, position: int) -> None:
    activity = make_activity()
    leader = lead(activity)
    incident = report(leader, activity)
    actions.add_photo(incident=incident.public_id, content=PNG, by=leader, now=after(31))

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        IncidentPhoto.objects.create(
            cell=incident.cell,
            incident=incident,
            position=position,
            media_type="image/png",
            image="",
            added_at=after(31),
            added_by_id=1,
        )
