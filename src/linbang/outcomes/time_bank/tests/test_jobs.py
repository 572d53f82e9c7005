import pytest
from procrastinate.contrib.django import app

from linbang.foundation.audit.models import AuditEvent
from linbang.outcomes.time_bank import jobs


def test_grants_and_proof_are_nightly():
    periodic = app.periodic_registry.periodic_tasks

    # Ten past midnight and half past three in China.
    assert {
        task.task.name: task.cron
        for task in periodic.values()
        if task.task.name.startswith("time_bank.")
    }.items() >= {
        "time_bank.renew_grants": "10 16 * * *",
        "time_bank.prove_books": "30 19 * * *",
    }.items()


@pytest.mark.django_db
def test_jobs_run_on_an_empty_bank():
    jobs.renew_grants(timestamp=0)
    jobs.prove_books(timestamp=0)

    assert AuditEvent.objects.get(action="time_bank.check_books").detail["faults"] == 0
