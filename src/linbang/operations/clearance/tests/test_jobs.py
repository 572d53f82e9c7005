from datetime import timedelta

import pytest
from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.operations.clearance import jobs
from linbang.operations.clearance.factories import make_credential
from linbang.operations.clearance.tests.cast import make_helper, notices_of

pytestmark = pytest.mark.django_db


def test_reminders_run_until_nothing_is_due(monkeypatch):
    monkeypatch.setattr(jobs, "_BATCH", 2)
    soon = clock.local_date(clock.now()) + timedelta(days=20)
    people = [make_helper() for _ in range(3)]
    for person in people:
        make_credential(person, valid_until=soon)

    for _ in range(2):
        app.tasks["clearance.remind_expiring"](timestamp=0)

    assert [notices_of(one) for one in people] == [["credential_expiring"]] * 3


def test_reminders_come_every_morning_in_china():
    periodic = app.periodic_registry.periodic_tasks

    assert [task.cron for task in periodic.values() if task.task.name.startswith("clearance.")] == [
        "0 1 * * *"
    ]
