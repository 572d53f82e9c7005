"""What the clock does about visits and shifts."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.operations.service import actions


@app.periodic(cron="*/15 * * * *")
@app.task(
    name="service.remind_check_outs", queueing_lock="service.remind_check_outs", pass_context=False
)
def remind_check_outs(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.remind_check_outs(now=clock.now())


@app.periodic(cron="20 * * * *")
@app.task(
    name="service.record_absences", queueing_lock="service.record_absences", pass_context=False
)
def record_absences(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.record_absences(now=clock.now())


@app.periodic(cron="40 * * * *")
@app.task(name="service.remind_leaders", queueing_lock="service.remind_leaders", pass_context=False)
def remind_leaders(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    now = clock.now()
    actions.remind_rolls(now=now)
    actions.remind_incidents(now=now)


@app.periodic(cron="50 19 * * *")
@app.task(name="service.forget_devices", queueing_lock="service.forget_devices", pass_context=False)
def forget_devices(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.forget_devices(now=clock.now())
