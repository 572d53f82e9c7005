"""What the clock does about visits."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.operations.service import actions


@app.periodic(cron="*/15 * * * *")
@app.task(
    name="service.remind_check_outs", queueing_lock="service.remind_check_outs", pass_context=False
)
def remind_check_outs(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.remind_check_outs(now=clock.now())
