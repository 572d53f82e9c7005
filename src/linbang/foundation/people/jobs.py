"""What people does by the clock."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.foundation.people import actions


@app.periodic(cron="27 3 * * *")
@app.task(name="people.forget_lookups", queueing_lock="people.forget_lookups")
def forget_lookups(timestamp: int) -> None:  # noqa: ARG001 - procrastinate tells when it was due
    actions.forget_lookups(now=clock.now())
