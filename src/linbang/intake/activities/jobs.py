"""What planning does by itself."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.intake.activities import actions


@app.periodic(cron="40 2 * * *")
@app.task(name="activities.close_over", queue="activities", queueing_lock="activities.close_over")
def close_over(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.close_over(by=Actor.system(), now=clock.now())
