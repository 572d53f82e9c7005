"""What the clock does about clearance."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.operations.clearance import actions

_BATCH = 500


# Nine in the morning in China; the scheduler counts in UTC.
@app.periodic(cron="0 1 * * *")
@app.task(name="clearance.remind_expiring", queueing_lock="clearance.remind_expiring")
def remind_expiring(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    now = clock.now()
    while actions.remind_expiring(now=now, batch=_BATCH) == _BATCH:
        pass
