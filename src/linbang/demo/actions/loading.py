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
from linbang.demo.actions import happenings
from linbang.demo.actions.agenda import Agenda
from linbang.demo.actions.crowd import write_crowd
from linbang.demo.actions.district import write_district, write_duty
from linbang.demo.actions.doubts import enter_kitchen_hours, write_doubts
from linbang.demo.actions.gatherings import Gatherings
from linbang.demo.actions.history import History
from linbang.demo.actions.pairings import write_pairings
from linbang.demo.actions.plans import write_plan
from linbang.demo.actions.present import open_present_needs
from linbang.demo.actions.programme import Programme, write_programme
from linbang.demo.actions.recognition import write_recognition
from linbang.demo.actions.savings import write_savings
from linbang.demo.actions.school import write_certificate, write_school
from linbang.demo.actions.teams import write_teams
from linbang.demo.actions.trainings import Trainings
from linbang.demo.choices import CAST
from linbang.demo.rules import figures
from linbang.demo.rules.agenda import AGENDA
from linbang.demo.rules.crowd import Crowd
from linbang.demo.rules.population import Inventor, invent_population
from linbang.demo.rules.programme import invent_year
from linbang.demo.rules.year import Giver, Item, Receiver, Year
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.people.models import Person
from linbang.intake.needs.models import ServiceItem

Cast = dict[str, Person]
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
        _write_teams(community, cast, now=now)
    with _step(say, "the care register"):
        building.write_care(community, always={cast["elder"].pk: casting.CAST_CARE})
    with _step(say, "a year of requests, visits and love savings"):
        year = _write_year(community, cast, now=now)
    crowd = Crowd(rng, now)
    crowd.promise(year.busy)
    with _step(say, f"{figures.ACTIVITIES} activities, {figures.PERSON_TIMES} person-times"):
        programme = _write_activities(community, cast, crowd, now=now)
    with _step(say, f"{len(AGENDA)} activities to come"):
        _write_agenda(community, programme, cast, crowd, now=now)
    with _step(say, "today's requests"):
        open_present_needs(cast, community, now=now)
        write_pairings(community, cast, now=now)
    with _step(say, "stars, ratings and honours"):
        enter_kitchen_hours(community, cast, now=now)
        write_recognition(community, cast, now=now)
    with _step(
        say, f"Huli: {figures.DISTRICT_TEAMS} teams, {figures.DISTRICT_VOLUNTEERS} volunteers"
    ):
        huli = write_district(community, now=now)
    with _step(say, "Huli: crossings, points, fire posts and a key period"):
        write_duty(huli, Crowd(huli.rng, now), now=now)
    with _step(say, "hours doubted and certified, savings spent and given"):
        write_savings(community, cast, now=now)
        write_doubts(community, cast, now=now)
    with _step(say, "a plan of next week's visits"):
        write_plan(cast, community, now=now)
        write_school(community, cast, now=now)
        write_certificate(cast["volunteer"], now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write_teams(community: building.Community, cast: Cast, *, now: datetime) -> None:
    building.write_volunteers(
        community,
        ready=[cast["volunteer"], cast["building_head"]],
        also=[cast["leader"], cast["teacher"], cast["parent"], cast["child"]],
    )
    write_teams(
        community,
        leaders={
            "助老服务队": cast["leader"],
            "五点半课堂队": cast["teacher"],
            "邻里帮帮队": cast["volunteer"],
        },
    )
    for player in CAST:
        if player.team in community.teams:
            team = community.teams[player.team].organisation
            casting.grant_team(cast[player.key], player, team, now=now)


def _write_activities(
    community: building.Community, cast: Cast, crowd: Crowd, *, now: datetime
) -> Programme:
    worker_id = cast["worker"].pk
    programme = write_programme(community, worker_id=worker_id)
    Trainings(community, worker_id=worker_id, always=[cast["teacher"], cast["volunteer"]]).write()
    gatherings = Gatherings(community, programme, crowd, worker_id=worker_id)
    for number, held in enumerate(invent_year(community.rng, programme.last_day), start=1):
        gatherings.hold(held, number)
    gatherings.plan.write()
    write_crowd(gatherings.seats, now=now)
    happenings.pause_absentee(community, gatherings.missed)
    fair = gatherings.desks[0].activity
    happenings.count_at_desks(
        gatherings.desks, by_id=fair.leader_id or worker_id,
        first_at=fair.state_since - timedelta(hours=5),
        last_at=fair.state_since - timedelta(hours=2),
    )  # fmt: skip
    drill = gatherings.activities["邻里应急演练"]
    happenings.report_incident(
        drill, happened_at=drill.state_since - timedelta(hours=3), by_id=worker_id
    )
    return programme


def _write_agenda(
    community: building.Community, programme: Programme, cast: Cast, crowd: Crowd, *, now: datetime
) -> None:
    agenda = Agenda(community, programme, crowd, cast)
    agenda.collect()
    happenings.add_seats(agenda)
    agenda.plan.write()
    happenings.keep_places(agenda)
    happenings.let_child_take_part(agenda)
    write_crowd(agenda.seats, now=now)
    happenings.seek_stand_ins(agenda)
    opened_at = agenda.activities["学雷锋月月行·便民咨询集市"].shifts[0].starts_at
    happenings.count_at_desks(
        agenda.desks, by_id=cast["worker"].pk, first_at=opened_at, last_at=now
    )


def _write_year(community: building.Community, cast: Cast, *, now: datetime) -> Year:
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
    return year


@contextmanager
def _step(say: Say, what: str) -> Iterator[None]:
    started = monotonic()
    yield
    say(f"  {what} … {monotonic() - started:.1f} s")


class _Silent:
    def write(self, text: str) -> None:
        """Drop the nested command's report: the step has its own line."""
