"""What the clock does about records."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.operations.service_records import actions


@app.task(name="service_records.draft_shift_records", pass_context=False)
def draft_shift_records(cell: str, shift_ids: list[int] | None = None) -> None:  # noqa: ARG001 - every event tells its facts
    actions.draft_shift_records(cell=cell, now=clock.now())


# Nine in the morning in China; the scheduler counts in UTC.
@app.periodic(cron="0 1 * * *")
@app.task(
    name="service_records.remind_confirmations",
    queueing_lock="service_records.remind_confirmations",
)
def remind_confirmations(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.remind_confirmations(now=clock.now())


# Once a day suffices: whoever was told is not told again.
@app.periodic(cron="30 0 * * *")
@app.task(
    name="service_records.remind_records",
    queueing_lock="service_records.remind_records",
    pass_context=False,
)
def remind_records(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.remind_records(now=clock.now())


# Half past two in the morning in China.
@app.periodic(cron="30 18 * * *")
@app.task(
    name="service_records.look_back", queueing_lock="service_records.look_back", pass_context=False
)
def look_back(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.look_back(now=clock.now())
