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


@app.task(name="dispatch.fill_places", queue="dispatch", retry=3)
def fill_places(*, shift_ids: list[int], cell: str) -> None:  # noqa: ARG001 - every event names its cell
    actions.fill_places(shift_ids=shift_ids, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="dispatch.sweep_shifts", queue="dispatch", queueing_lock="dispatch.sweep_shifts")
def sweep_shifts(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.sweep_shifts(now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="dispatch.remind_people", queue="dispatch", queueing_lock="dispatch.remind_people")
def remind_people(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.remind_people(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="dispatch.freeze_lists", queue="dispatch", queueing_lock="dispatch.freeze_lists")
def freeze_lists(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.freeze_lists(now=clock.now())


@app.task(name="dispatch.make_plan", queue="dispatch")
def make_plan(*, run_id: int, cell: str) -> None:
    actions.make_plan(run_id=run_id, by=Actor.system(cell), now=clock.now())


@app.task(name="dispatch.offer_planned", queue="dispatch", retry=3)
def offer_planned(*, run_id: int, cell: str) -> None:
    actions.offer_planned(run_id=run_id, by=Actor.system(cell), now=clock.now())


# Two in the morning in China.
@app.periodic(cron="0 18 * * *")
@app.task(name="dispatch.plan_night", queue="dispatch", queueing_lock="dispatch.plan_night")
def plan_night(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.plan_night(now=clock.now())


# Half past nine in the morning in China.
@app.periodic(cron="30 1 * * *")
@app.task(name="dispatch.publish_night", queue="dispatch", queueing_lock="dispatch.publish_night")
def publish_night(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.publish_night(now=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="dispatch.sweep_plans", queue="dispatch", queueing_lock="dispatch.sweep_plans")
def sweep_plans(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    actions.sweep_plans(now=clock.now())
