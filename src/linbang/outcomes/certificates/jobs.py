"""What the clock does about certificates."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.outcomes.certificates import actions


# Twenty past three in the night in China; the scheduler counts in UTC.
@app.periodic(cron="20 19 * * *")
@app.task(name="certificates.forget_checks", queueing_lock="certificates.forget_checks")
def forget_checks(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.forget_checks(now=clock.now())
