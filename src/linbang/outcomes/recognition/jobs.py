"""What the clock and corrected hours do about stars and ratings."""

from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.outcomes.recognition import actions


@app.task(name="recognition.review_star", pass_context=False)
def review_star(record_id: int, cell: str) -> None:  # noqa: ARG001 - every event tells its facts
    actions.review_star(record_id=record_id, now=clock.now())


# Twenty past six in the morning in China, before anybody looks; the scheduler counts in UTC.
@app.periodic(cron="20 22 * * *")
@app.task(name="recognition.grant_stars", queueing_lock="recognition.grant_stars")
def grant_stars(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.grant_stars(now=clock.now())


# Ten past three in the morning in China: ratings whose time is over are shown from midnight on.
@app.periodic(cron="10 19 * * *")
@app.task(name="recognition.pass_on_ratings", queueing_lock="recognition.pass_on_ratings")
def pass_on_ratings(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.pass_on_ratings(now=clock.now())
