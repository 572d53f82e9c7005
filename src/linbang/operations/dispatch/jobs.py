"""What dispatch does by itself."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.operations.dispatch import actions


@app.task(name="dispatch.find_helpers", queue="dispatch", retry=3)
def find_helpers(*, need_id: int, cell: str) -> None:
    actions.find_helpers(need_id=need_id, by=Actor.system(cell), now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="dispatch.sweep", queue="dispatch", queueing_lock="dispatch.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.sweep(now=clock.now())
