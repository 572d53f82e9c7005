"""Every page of a day in the field: every size, both themes, elder mode, three languages."""

from datetime import timedelta

import pytest

from linbang.intake.activities.factories import make_activity
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.service import actions, queries
from linbang.operations.service.choices import IncidentKind
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.rules import IncidentDetails
from linbang.operations.service.tests.cast import actor
from tests.flows.field import NINE, WEEK_BEFORE, make_field
from tests.flows.languages import words_left_in
from tests.flows.stage import DARK, DESK, ELDER, LARGEST, NARROW, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = NINE + timedelta(minutes=15)
# The plain phone is how the volunteer's month and the leader's day are played.
LOOKS = {
    "desk": (DESK, DARK),
    "elder": (NARROW, LARGEST | ELDER),
}
ROLES = ("volunteer", "present", "helper", "leader", "worker")


@pytest.fixture
def pages(clock_set):
    """Put people into every state on the Saturday; return by role who reads which pages."""
    clock_set.now = NINE - timedelta(days=1)
    field = make_field()
    clock_set.now = NOW
    activity = field.activity.public_id
    volunteer, present, helper = (field.sign_ups[at].person for at in (0, 1, -1))
    _mark_the_first(field)
    missed = _miss_a_shift(field)
    incident = _report(field)
    code = queries.activity_code(activity, NOW).digits
    return {
        "volunteer": (
            volunteer,
            [
                "/",
                "/shifts/",
                f"/shifts/{field.sign_ups[0].public_id}/",
                f"/shifts/{missed.public_id}/",
                f"/check-in/{activity}/",
                f"/check-in/{activity}/?code={code}",
                "/card/",
                "/card/print/",
                "/calendar/",
                f"/incidents/new/{activity}/",
            ],
        ),
        "present": (present, [f"/check-in/{activity}/?code={code}", f"/check-in/{activity}/done/"]),
        "helper": (helper, ["/shifts/", f"/desks/{field.desk.public_id}/"]),
        "leader": (
            field.leader,
            [
                "/",
                "/lead/",
                *(f"/lead/{activity}/{page}" for page in _LED),
                f"/incidents/{incident.public_id}/",
            ],
        ),
        "worker": (
            field.worker,
            [
                "/console/attendance/?tab=all",
                f"/console/attendance/{activity}/",
                "/console/absences/",
                "/console/incidents/",
            ],
        ),
    }


_LED = (
    "",
    "screen/",
    "cards/",
    "walk-in/",
    "sheet/",
    "sheet/print/",
    "closure/",
    "desks/",
)


def _mark_the_first(field):
    for sign_up in field.sign_ups[1:4]:
        make_attendance(sign_up, came_at=NINE + timedelta(minutes=2))
    make_attendance(field.sign_ups[4], came_at=NINE, left_at=NINE + timedelta(minutes=10))
    excused = field.sign_ups[5].public_id
    seat = queries.seats_named(field.activity, [excused])[excused]
    actions.mark_absent(seat, "excused", note="家里有急事", by=actor(field.leader), now=NOW)
    actions.tally(
        desk=field.desk.public_id,
        topic="量血压",
        people=12,
        key="t",
        at=None,
        by=actor(field.leader),
        now=NOW,
    )


def _miss_a_shift(field):
    """Let the volunteer miss last Sunday's shift, and wait for a place on the next."""
    ahead = make_activity("周日值勤", leader=field.leader, now=WEEK_BEFORE)
    full = make_open_shift(activity=ahead, starts_at=NINE + timedelta(days=1), places=1)
    make_sign_up(full, field.sign_ups[1].person, now=WEEK_BEFORE)
    make_sign_up(full, field.volunteer, now=WEEK_BEFORE, waits=True)
    gone = make_activity("清洁家园", leader=field.leader, now=WEEK_BEFORE)
    past = make_open_shift(activity=gone, starts_at=NINE - timedelta(days=6))
    missed = make_sign_up(past, field.volunteer, now=WEEK_BEFORE)
    came = make_sign_up(past, field.sign_ups[2].person, now=WEEK_BEFORE)
    make_attendance(came, left_at=past.ends_at)
    actions.record_absences(now=past.ends_at + timedelta(days=1))
    return missed


def _report(field):
    return actions.report_incident(
        activity_id=field.activity.pk,
        kind=IncidentKind.INJURY,
        details=IncidentDetails(
            who="黄建国", what="搬桌子时扭了腰", place="东门", first_aid="冰敷"
        ),
        happened_at=NOW,
        key="k",
        by=actor(field.leader),
        now=NOW,
    )


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_field_fit_every_window(browser, live_server, pages, look):
    size, preferences = LOOKS[look]
    for role in ROLES:
        who, paths = pages[role]
        with visiting(
            browser, live_server.url, who, now=NOW, size=size, preferences=preferences
        ) as visitor:
            for path in paths:
                visitor.open(path)

        assert len(visitor.seen) == len(paths)


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_pages_of_the_field_speak_one_language(pages, language):
    found = {}
    for role in ROLES:
        who, paths = pages[role]
        found |= words_left_in(who, paths, language=language)

    assert {path: words for path, words in found.items() if words} == {}
