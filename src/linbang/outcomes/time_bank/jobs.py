"""What the savings do by themselves."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.outcomes.time_bank import actions


@app.periodic(cron="*/10 * * * *")
@app.task(name="time_bank.sweep_spending", queueing_lock="time_bank.sweep_spending")
def sweep_spending(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.sweep_spending(now=clock.now())
