"""What the clock does in the savings."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.outcomes.time_bank import actions


# Ten past midnight in China, and every day: who is listed during a month is not forgotten. The
# scheduler counts in UTC.
@app.periodic(cron="10 16 * * *")
@app.task(name="time_bank.renew_grants", queueing_lock="time_bank.renew_grants")
def renew_grants(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.renew_grants(now=clock.now())


# Half past three in the morning in China, when the day's corrections are in.
@app.periodic(cron="30 19 * * *")
@app.task(name="time_bank.prove_books", queueing_lock="time_bank.prove_books")
def prove_books(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.prove_books(now=clock.now())


# Gifts nobody took, and what ended needs left promised.
@app.periodic(cron="*/10 * * * *")
@app.task(name="time_bank.sweep_spending", queueing_lock="time_bank.sweep_spending")
def sweep_spending(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.sweep_spending(now=clock.now())
