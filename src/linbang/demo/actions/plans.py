"""Requests of the coming week that nobody was asked for yet, and a plan that awaits the station."""

from datetime import datetime, time, timedelta
from random import Random

from linbang.demo.actions.community import Community
from linbang.foundation.access.queries import actor_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.people.models import Person
from linbang.intake.needs.actions import open_need, verify_need
from linbang.intake.needs.choices import NeedChannel, Urgency
from linbang.intake.needs.models import Need, ServiceItem
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.actions import ask_plan, make_plan

_SEED = 20_261_126
_REQUESTS = 18
# One morning many want what few can do: there a plan is worth more than the nearest
# volunteer, and somebody goes without.
_SATURDAY = 5
_NINE = time(9)
_ITEMS = ("counselling", "phone-lesson", "counselling", "counselling", "bulb", "counselling",
          "repair", "counselling")  # fmt: skip


def write_plan(cast: dict[str, Person], community: Community, *, now: datetime) -> None:
    """Open requests for the days after tomorrow and plan them; the plan is not published."""
    worker = actor_of(cast["worker"].account_id)
    random = Random(_SEED)  # noqa: S311 - an invented week, not a secret
    items = ServiceItem.objects.in_bulk(_ITEMS)
    ahead = Need.objects.filter(ends_at__gt=now)
    asked = set(ahead.values_list("beneficiary_id", flat=True))
    elders = [one for one in community.listed if one.phone and one.pk not in asked]
    day = local_date(now) + timedelta(days=2)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    for nth, person in enumerate(random.sample(elders, _REQUESTS)):
        starts_at = datetime.combine(day, _NINE, CHINA)
        _open(person, items[_ITEMS[nth % len(_ITEMS)]], starts_at, nth=nth, worker=worker, now=now)
    starts_on, ends_on = rules.plan_days(now)
    run = ask_plan(
        region_code=community.station.region_id if community.station else "",
        starts_on=starts_on,
        ends_on=ends_on,
        by=worker,
        now=now - timedelta(minutes=3),
    )
    make_plan(run_id=run.pk, by=Actor.system(run.cell), now=now - timedelta(minutes=3))


def _open(
    person: Person,
    item: ServiceItem,
    starts_at: datetime,
    *,
    nth: int,
    worker: Actor,
    now: datetime,
) -> None:
    need = open_need(
        beneficiary_id=person.pk,
        requested_by_id=person.pk,
        channel=NeedChannel.PHONE,
        item_code=item.code,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=item.usual_minutes),
        urgency=Urgency.URGENT if nth == 1 else Urgency.NORMAL,
        key=f"demo:plan:{nth}",
        by=worker,
        now=now - timedelta(minutes=60 - nth),
    )
    helpers = 2 if item.code == "counselling" else None
    verify_need(need_id=need.pk, by=worker, now=now - timedelta(minutes=30 - nth), helpers=helpers)
