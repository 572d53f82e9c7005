"""The whole load, step by step, in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from random import Random
from time import monotonic

from django.core.management import call_command
from django.db import connection, transaction

from linbang.demo.actions import cast as casting
from linbang.demo.actions import community as building
from linbang.demo.actions.history import History
from linbang.demo.actions.present import open_present_needs
from linbang.demo.rules import figures
from linbang.demo.rules.population import Inventor, invent_population
from linbang.demo.rules.year import Giver, Item, Receiver, Year
from linbang.foundation.clock import CHINA, local_date
from linbang.intake.needs.models import ServiceItem

Say = Callable[[str], object]


@transaction.atomic
def load_demo(*, now: datetime, seed: int, say: Say) -> None:
    """Load Xinzhu: the same people and the same year for the same seed and day."""
    rng = Random(seed)  # noqa: S311 - an invented community, not a secret
    today = local_date(now)
    inventor = Inventor(rng, today)
    with _step(say, "regions"):
        call_command("import_regions", verbosity=0, stdout=_Silent())
    with _step(say, f"{figures.RESIDENTS} residents in {figures.HOUSEHOLDS} households"):
        community = building.Community(today, rng, inventor, invent_population(rng, inventor))
        casting.cast_residents(community)
        building.write_places(community)
        building.write_people(community)
    with _step(say, "the cast"):
        cast = casting.write_cast(community, now=now)
    with _step(say, f"{figures.VOLUNTEERS} volunteers in {len(figures.TEAMS)} teams"):
        building.write_volunteers(community, ready=[cast["volunteer"], cast["building_head"]])
        building.write_teams(community)
    with _step(say, "the care register"):
        building.write_care(community, always={cast["elder"].pk: casting.CAST_CARE})
    with _step(say, "a year of requests, visits and love savings"):
        _write_year(community, cast, now=now)
    with _step(say, "today's requests"):
        open_present_needs(cast, community, now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write_year(community: building.Community, cast: dict, *, now: datetime) -> None:  # type: ignore[type-arg]  # people by part
    items = [
        Item(item.code, item.category, frozenset(item.skills), item.usual_minutes, item.helpers)
        for item in ServiceItem.objects.filter(is_offered=True).order_by("position")
    ]
    givers = [
        Giver(
            profile.person_id,
            profile.region_id,
            frozenset(profile.skills),
            frozenset(profile.categories),
            profile.availability,
        )
        for profile in community.volunteers
    ]
    receivers = [Receiver(person.pk, person.region_id, 6) for person in community.listed]
    receivers += [
        Receiver(person.pk, person.region_id, 1)
        for person in community.rng.sample(community.people, 400)
        if person.phone
    ]
    receivers.append(Receiver(cast["elder"].pk, cast["elder"].region_id, 25))
    midnight = datetime.combine(local_date(now), time(), CHINA)
    year = Year(community.rng, givers, receivers, items, last_day=midnight)
    History(
        community,
        worker_id=cast["worker"].pk,
        officer_id=cast["officer"].pk,
        fresh_since=midnight - timedelta(days=10),
    ).write(year.occasions())


@contextmanager
def _step(say: Say, what: str) -> Iterator[None]:
    started = monotonic()
    yield
    say(f"  {what} … {monotonic() - started:.1f} s")


class _Silent:
    def write(self, text: str) -> None:
        """Drop the nested command's report: the step has its own line."""
