"""Two real connections at once; each race is run several times."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection

from linbang.foundation.errors import Refused
from linbang.foundation.organisations.factories import make_unit
from linbang.foundation.people.factories import make_worker
from linbang.intake.activities import actions, queries
from linbang.intake.activities.models import Activity, Shift
from linbang.intake.activities.rules import Rhythm, Window
from linbang.intake.activities.tests.cast import (
    HOUR,
    MORNING,
    NOW,
    WEEK,
    later,
    make_draft,
    make_officer,
    make_published,
)

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 4


def race(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same moment; return "done" or the refusal's code of each."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_people_publish_at_once() -> None:
    first, second = make_worker(), make_worker("李敏")
    for turn in range(TURNS):
        draft = make_draft(first, key=f"turn{turn}")

        def publish(by, draft=draft):
            return lambda: actions.publish_activity(activity_id=draft.pk, by=by, now=NOW)

        outcomes = race(publish(first), publish(second))

        assert sorted(outcomes) == ["activity_state_not_next", "done"]
        assert draft.steps.count() == 1


def test_two_people_save_the_same_page_at_once() -> None:
    first, second = make_worker(), make_worker("李敏")
    for turn in range(TURNS):
        draft = make_draft(first, key=f"turn{turn}")
        details = queries.details_of(draft)

        def save(by, text, draft=draft, details=details):
            return lambda: actions.update_activity(
                activity_id=draft.pk, details=replace(details, content=text), version=1, by=by,
                now=NOW,
            )  # fmt: skip

        outcomes = race(save(first, "甲"), save(second, "乙"))

        assert sorted(outcomes) == ["activity_edited_meanwhile", "done"]
        stored = Activity.objects.get(pk=draft.pk)
        assert (stored.version, stored.content in {"甲", "乙"}) == (2, True)


def test_one_tap_that_comes_in_twice_makes_one_draft() -> None:
    worker, organiser = make_worker(), make_unit()
    for turn in range(TURNS):

        def tap(turn=turn):
            make_draft(worker, organiser=organiser, key=f"tap{turn}")

        def other(turn=turn):
            make_draft(worker, organiser=organiser, key=f"tap{turn}", name="别的")

        assert race(tap, tap, tap) == ["done"] * 3
        assert Activity.objects.filter(key=f"tap{turn}").count() == 1
        assert race(other, other) == ["idempotency_key_reused"] * 2


def test_two_approvals_and_an_edit_at_once() -> None:
    worker, officer, other = make_worker(), make_officer(), make_officer("李静")
    for turn in range(TURNS):
        draft = make_draft(worker, key=f"turn{turn}", name="防诈骗讲座")
        actions.publish_activity(activity_id=draft.pk, by=worker, now=NOW)
        details = queries.details_of(draft)

        def approve(by, draft=draft):
            return lambda: actions.review_activity(
                activity_id=draft.pk, approves=True, version=1, by=by, now=NOW
            )

        def edit(draft=draft, details=details):
            actions.update_activity(
                activity_id=draft.pk, details=replace(details, content="改"), by=worker, now=NOW
            )

        *approvals, edited = race(approve(officer), approve(other), edit)

        draft.refresh_from_db()
        assert edited == "done"
        if draft.state == "published":
            assert sorted(approvals) == ["activity_state_not_next", "done"]
        else:
            assert approvals == ["activity_edited_meanwhile"] * 2


def test_the_same_series_added_twice_at_once() -> None:
    worker = make_worker()
    for turn in range(TURNS):
        activity = make_published(worker, key=f"turn{turn}")
        rhythm = Rhythm(
            "FREQ=WEEKLY;BYDAY=SA;COUNT=5", MORNING.starts_at.date(),
            (MORNING.starts_at + 20 * WEEK).date(), MORNING.starts_at.time(), 120,
        )  # fmt: skip

        def add(activity=activity, rhythm=rhythm):
            actions.add_series(activity_id=activity.pk, rhythm=rhythm, by=worker, now=NOW)

        assert race(add, add) == ["done", "done"]
        assert activity.series.count() == 1
        assert activity.shifts.count() == 5


def test_moving_races_with_cancelling() -> None:
    worker = make_worker()
    for turn in range(TURNS):
        activity = make_published(worker, key=f"turn{turn}")
        (shift,) = activity.shifts.all()
        there = later(Window(shift.starts_at, shift.ends_at), HOUR)

        def move(activity=activity, shift=shift, there=there):
            actions.move_shifts(
                activity_id=activity.pk, moves={shift.pk: there}, by=worker, now=NOW
            )

        def cancel(activity=activity):
            actions.cancel_activity(activity_id=activity.pk, reason="台风", by=worker, now=NOW)

        moved, cancelled = race(move, cancel)

        assert cancelled == "done"
        assert moved in {"done", "activity_state_not_next"}
        assert Shift.objects.get(pk=shift.pk).cancel_reason == "台风"
