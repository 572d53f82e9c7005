from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.foundation.messaging import actions, queries


@app.task(name="messaging.send_waiting")
def send_waiting(*, cell: str) -> None:
    actions.send_waiting(cell=cell, now=clock.now())


# What failed is tried again by the minute; what just came in has a job of its own.
@app.periodic(cron="* * * * *")
@app.task(name="messaging.send_due", queueing_lock="messaging.send_due", pass_context=False)
def send_due(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    for cell in queries.waiting_cells(now=clock.now()):
        actions.send_waiting(cell=cell, now=clock.now())
