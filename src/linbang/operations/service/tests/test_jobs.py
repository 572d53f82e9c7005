"""What the clock does, through the jobs themselves."""

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.foundation.messaging.models import Notice
from linbang.intake.activities.factories import make_activity
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Absence
from linbang.operations.service.tests.cast import after, lead, placed
from linbang.operations.service.tests.test_incidents import report

pytestmark = pytest.mark.django_db


def run(name: str, at: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: after(at))
    job: Any = app.tasks[f"service.{name}"]
    for _ in range(2):
        job(timestamp=0)


def templates() -> list[str]:
    return sorted(Notice.objects.values_list("template", flat=True))


def test_jobs_are_safe_to_run_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    activity = make_activity()
    leader = lead(activity)
    shift = make_open_shift(activity=activity)
    forgot, _missed = placed(shift), placed(shift)
    make_attendance(forgot)
    report(leader, activity)
    Notice.objects.all().delete()

    run("remind_check_outs", 150, monkeypatch)
    assert templates() == ["shift_forgotten"]
    run("remind_leaders", 240, monkeypatch)
    assert templates() == ["roll_to_close", "shift_forgotten"]
    run("record_absences", 120 + 24 * 60, monkeypatch)
    assert Absence.objects.count() == 1
    run("remind_leaders", 30 + timedelta(hours=40).total_seconds() / 60, monkeypatch)
    assert templates() == ["absence_counted", "incident_due", "roll_to_close", "shift_forgotten"]
