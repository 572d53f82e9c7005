"""What the trail does by the clock."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.foundation.audit import actions


@app.periodic(cron="* * * * *")
@app.task(name="audit.seal_events", queueing_lock="audit.seal_events")
def seal_events(timestamp: int) -> None:  # noqa: ARG001 - procrastinate tells when it was due
    actions.seal_events(now=clock.now())


@app.periodic(cron="41 2 * * *")
@app.task(name="audit.seal_stragglers", queueing_lock="audit.seal_stragglers")
def seal_stragglers(timestamp: int) -> None:  # noqa: ARG001 - procrastinate tells when it was due
    actions.seal_events(now=clock.now(), look_back=None)
