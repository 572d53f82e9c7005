"""A crowd signs up, comes and goes: the front door beside pgbench with the same SQL, in turns."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count, islice
from math import ceil
from statistics import median
from typing import Any
from uuid import UUID

from bench import crowd as people
from bench.engine import ROUNDS, pgbench
from bench.serving import Crowd, crowd, front_door, get, passes, post

DATABASE = True
# Even, so that the two sides never meet on one shift (see ``_wishes``).
_VOLUNTEERS, _PRESENT = 150_000, 200_000
# Latencies are counted for longer: once a minute all plans are made anew, which takes 50 ms.
_SECONDS, _PACED_SECONDS = 2.0, 5.0
# What is best for a single statement: few clients on one row, more on many.
_ENGINE_CLIENTS = (2, 8, 16)
_ENGINE_COMES = 80_000
_MOST_A_ROUND, _HOT_A_ROUND, _READS, _LEARNT_FROM = 30_000, 10_000, 200_000, 2_000
# How much of the engine's best is the least that is asked of each.
_SIGN_UP_FLOOR, _CHECK_IN_FLOOR = 0.9, 0.7
# Of the pace asked for, as much must have been kept for its latencies to mean anything.
_KEPT_PACE = 0.95
# A counter is a smallint.
_COUNTER_MAX = 32_767
# Of 163 teams, 53 people each until there are 8,500.
_A_TEAM = 53
_OPEN_ACTIVITIES, _LISTED_SHIFTS = 40, 300

Report = Callable[[str, float, str], None]


def run(report: Report) -> None:
    """Report every figure of sign-up and check-in, and recount everything at the end."""
    people.make_places()
    volunteers = people.make_volunteers(_VOLUNTEERS)
    _report_list(report, volunteers.ids[0])
    with front_door("bench.door:application"):
        _report_reads(report, "activities_json")
    with front_door():
        _report_reads(report, "activities_json_cached")
        _report_spread(report, volunteers)
        serial_per_s = _report_hot(report, volunteers)
        _report_flash_crowd(report, serial_per_s)
        _report_presence(report)
    report("signup_oversold", people.oversold(), "places")
    if faults := people.faults():
        raise RuntimeError("; ".join(faults))
    report("signup_faults", 0, "rows")


def _in_turns(ours: Callable[[], Crowd], engine: Callable[[int], float]) -> tuple[Any, ...]:
    """Return medians of our rate, the engine's best, their ratio and our p99."""
    rounds = []
    for _ in range(ROUNDS):
        seen = ours()
        best = max(engine(clients) for clients in _ENGINE_CLIENTS)
        rounds.append((seen.per_s, best, seen.per_s / best, seen.p99_ms))
    return tuple(median(column) for column in zip(*rounds, strict=True))


def _report_in_turns(
    report: Report, name: str, ours: Callable[[], Crowd], engine: Callable[[int], float]
) -> float:
    mine, best, ratio, p99_ms = _in_turns(ours, engine)
    report(f"{name}_per_s", mine, "1/s")
    report(f"{name}_engine_per_s", best, "1/s")
    report(f"{name}_p99_ms", p99_ms, "ms")
    report(f"{name}_ratio", ratio, "ratio")
    return float(best)


def _report_paced(report: Report, name: str, ours: Callable[..., Crowd], per_s: float) -> None:
    """Report our p99 when so many come as are asked of us: the floor's share of the engine's best.

    In turns everybody asks again the moment she is answered: that p99 tells how long a line of so
    many is, and this one how long somebody waits whom nobody has overrun.
    """
    seen = [ours(per_s=per_s) for _ in range(ROUNDS)]
    if min(each.per_s for each in seen) < _KEPT_PACE * per_s:
        raise RuntimeError(f"{name} did not keep pace with {per_s:.0f} a second")
    report(f"{name}_paced_per_s", per_s, "1/s")
    report(f"{name}_paced_p99_ms", median(each.p99_ms for each in seen), "ms")


def _report_spread(report: Report, volunteers: people.People) -> None:
    shifts = people.make_spread_shifts(volunteers.ids[0])
    for shift in shifts:
        people.widen(shift, places=_COUNTER_MAX)
    # From the two ends of the crowd, and never the same person for the same shift.
    _make_engine("spread", shifts, volunteers.ids)
    wishes = _wishes(shifts, volunteers)
    _learn(partial(_sign_up, wishes, _LEARNT_FROM, connections=64))
    for connections in (64, 256):
        name = f"signup_spread_c{connections}"
        ours = partial(_sign_up, wishes, _MOST_A_ROUND, connections=connections)
        best = _report_in_turns(
            report,
            name,
            ours,
            lambda clients: pgbench("SELECT bench_spread();", clients=clients, seconds=_SECONDS),
        )
        _report_paced(report, name, ours, _SIGN_UP_FLOOR * best)


def _learn(first: Callable[[], object]) -> None:
    """Let the planner know what the tables look like, as autovacuum does within a minute.

    Of tables that were always empty it knows nothing, and one index is as good as another to it.
    """
    first()
    _execute("ANALYZE")


def _report_hot(report: Report, volunteers: people.People) -> float:
    """Return the engine's best rate on one row."""
    ours, engines = (people.make_hot_shift(volunteers.ids[0], nth=nth) for nth in (0, 1))
    for shift in (ours, engines):
        people.widen(shift, places=_COUNTER_MAX)
    _make_engine("hot", [engines], volunteers.ids)
    wishes = _wishes([ours], volunteers)
    return _report_in_turns(
        report,
        "signup_hot_c256",
        lambda: crowd(list(islice(wishes, _HOT_A_ROUND)), connections=256, seconds=_SECONDS).only(
            201
        ),
        lambda clients: pgbench("SELECT bench_hot();", clients=clients, seconds=_SECONDS),
    )


def _report_flash_crowd(report: Report, serial_per_s: float) -> None:
    """Let ten thousand people ask for five hundred seats at once, three times over."""
    flash = people.make_volunteers(people.CROWD, prefix="flash")
    tokens = passes(flash.ids, flash.accounts, cell=people.COUNTY)
    times, refused = [], []
    for nth in range(ROUNDS):
        shift = people.make_hot_shift(flash.ids[0], places=people.SEATS, nth=2 + nth)
        path = f"/api/v1/shifts/{shift}/sign-ups"
        seen = crowd(
            [post(path, {}, token=token, key=f"f{nth}") for token in tokens], connections=256
        ).only(201, 409)
        if seen.statuses != {201: people.SEATS, 409: people.CROWD - people.SEATS}:
            raise RuntimeError(f"the flash crowd was answered {dict(seen.statuses)}")
        times.append(seen.seconds)
        _make_engine(
            f"full{nth}", [shift], flash.ids[people.SEATS :], verdicts="'full', 'replayed'"
        )
        refused.append(
            max(
                pgbench(f"SELECT bench_full{nth}();", clients=clients, seconds=_SECONDS)
                for clients in _ENGINE_CLIENTS
            )
        )
    floor = people.SEATS / serial_per_s + (people.CROWD - people.SEATS) / median(refused)
    report("flash_crowd_s", median(times), "s")
    report("flash_crowd_floor_s", floor, "s")
    report("flash_crowd_over_floor", median(times) / floor, "ratio")


def _sign_up(wishes: Iterator[bytes], most: int, *, connections: int, per_s: float = 0.0) -> Crowd:
    asked = list(islice(wishes, most))
    seconds = _PACED_SECONDS if per_s else _SECONDS
    return crowd(asked, connections=connections, seconds=seconds, per_s=per_s).only(201)


def _wishes(shifts: Sequence[UUID], volunteers: people.People) -> Iterator[bytes]:
    """Write requests that succeed, each of another person or for another shift."""
    tokens = passes(volunteers.ids, volunteers.accounts, cell=people.COUNTY)[::-1]
    for turn in count():
        nth = (turn // len(tokens) * 7 + turn) % len(shifts)
        yield post(
            f"/api/v1/shifts/{shifts[nth]}/sign-ups",
            {},
            token=tokens[turn % len(tokens)],
            # The same person may come to another measurement's shifts under another key only.
            key=f"{shifts[nth].hex[:12]}-{turn}",
        )


def _make_engine(
    name: str, shifts: Sequence[UUID], ids: Sequence[int], *, verdicts: str = "'confirmed'"
) -> None:
    """Make the engine's side: the same function with arrays of one, next person, next shift."""
    _number(f"bench_{name}_shift", "uuid", shifts)
    _number(f"bench_{name}_person", "bigint", ids)
    _execute(f"CREATE SEQUENCE bench_{name}_turn MINVALUE 0 START 0 CACHE 50")
    _execute(_ENGINE_SQL.format(name=name, shifts=len(shifts), people=len(ids), verdicts=verdicts))


def _number(table: str, kind: str, values: Sequence[object]) -> None:
    """Make a table of values that are found by their number, from 0 on."""
    _execute(f"CREATE TABLE {table} (n bigint PRIMARY KEY, id {kind} NOT NULL)")
    _execute(
        f"INSERT INTO {table} SELECT n - 1, id"
        f" FROM unnest(%(values)s::{kind}[]) WITH ORDINALITY AS given (id, n)",
        {"values": list(values)},
    )
    _execute(f"ANALYZE {table}")


_ENGINE_SQL = """
    CREATE FUNCTION bench_{name}() RETURNS text LANGUAGE plpgsql AS $$
    DECLARE
        v_turn bigint := nextval('bench_{name}_turn');
        v_shift uuid := (
            SELECT id FROM bench_{name}_shift
            WHERE n = mod(v_turn / {people} * 7 + v_turn, {shifts})
        );
        v_person bigint := (SELECT id FROM bench_{name}_person WHERE n = mod(v_turn, {people}));
        v_verdict text;
    BEGIN
        SELECT verdict INTO v_verdict FROM dispatch_sign_up_v1(
            ARRAY[v_shift], ARRAY[v_person], ARRAY['self']::varchar[],
            ARRAY['{name}-' || v_turn]::varchar[], ARRAY[false], ARRAY[v_person], ARRAY[v_person],
            ARRAY[NULL]::inet[], ARRAY[now()]
        );
        IF v_verdict NOT IN ({verdicts}) THEN
            RAISE EXCEPTION 'turn % was %', v_turn, v_verdict;
        END IF;
        RETURN v_verdict;
    END $$
"""


def _report_presence(report: Report) -> None:
    """Check in at 32 and 256 connections, then play the day of Huli."""
    places = people.make_huli_day(people=_PRESENT)
    teams: dict[UUID, list[people.Place]] = {}
    for place in places:
        teams.setdefault(place.activity, []).append(place)
    day = [place for team in teams.values() for place in team[:_A_TEAM]][: people.HULI_PEOPLE]
    rest = sorted(set(places) - set(day), key=lambda place: place.person_id)
    _make_presence_engine(rest[:_ENGINE_COMES])
    coming = iter(rest[_ENGINE_COMES:])
    _learn(partial(_check_in, islice(coming, _LEARNT_FROM), connections=32))
    for connections in (32, 256):
        name, ours = f"checkin_c{connections}", partial(_check_in, coming, connections=connections)
        best = _report_in_turns(
            report,
            name,
            ours,
            lambda clients: pgbench("SELECT bench_come();", clients=clients, seconds=_SECONDS),
        )
        _report_paced(report, name, ours, _CHECK_IN_FLOOR * best)
    _report_day(report, day)


def _check_in(coming: Iterator[people.Place], *, connections: int, per_s: float = 0.0) -> Crowd:
    seconds, most = _SECONDS, _HOT_A_ROUND
    if per_s:
        seconds, most = _PACED_SECONDS, ceil(per_s * _PACED_SECONDS)
    asked = _presences("check-in", list(islice(coming, most)))
    return crowd(asked, connections=connections, seconds=seconds, per_s=per_s).only(200)


def _report_day(report: Report, day: Sequence[people.Place]) -> None:
    """Everybody of a district comes and goes, over HTTP; nothing lost, nothing twice."""
    came = crowd(_presences("check-in", day), connections=256).only(200)
    # Who has just come cannot go: the minute between is nobody's work.
    time.sleep(61)
    gone = crowd(_presences("check-out", day), connections=256).only(200)
    if people.attended(day) != (len(day), len(day)):
        raise RuntimeError(f"of {len(day)} people {people.attended(day)} came and went")
    report("huli_day_people", len(day), "people")
    report("huli_day_s", came.seconds + gone.seconds, "s")


def _presences(path: str, places: Sequence[people.Place]) -> list[bytes]:
    """Write requests with the codes of this moment, which hold for a minute."""
    from django.utils import timezone

    from linbang.operations.service.queries import activity_code

    now = timezone.now()
    codes = {
        activity: activity_code(activity, now).digits
        for activity in {place.activity for place in places}
    }
    tokens = passes(
        [place.person_id for place in places],
        [place.account_id for place in places],
        cell=people.DISTRICT,
    )
    return [
        post(
            f"/api/v1/activities/{place.activity}/{path}",
            {"method": "code", "code": codes[place.activity]},
            token=token,
            key=path,
        )
        for place, token in zip(places, tokens, strict=True)
    ]


def _make_presence_engine(places: Sequence[people.Place]) -> None:
    _number("bench_come_activity", "uuid", [place.activity for place in places])
    _number("bench_come_person", "bigint", [place.person_id for place in places])
    _execute("CREATE SEQUENCE bench_come_turn MINVALUE 0 START 0 CACHE 50")
    _execute(_PRESENCE_SQL)


_PRESENCE_SQL = """
    CREATE FUNCTION bench_come() RETURNS text LANGUAGE plpgsql AS $$
    DECLARE
        v_turn bigint := nextval('bench_come_turn');
        v_activity uuid := (SELECT id FROM bench_come_activity WHERE n = v_turn);
        v_person bigint := (SELECT id FROM bench_come_person WHERE n = v_turn);
        v_verdict text;
    BEGIN
        SELECT verdict INTO v_verdict FROM service_check_in_v1(
            ARRAY[v_activity], ARRAY[NULL]::uuid[], ARRAY[v_person],
            ARRAY['code']::varchar[], ARRAY[true], ARRAY[NULL]::float8[], ARRAY[NULL]::float8[],
            ARRAY[now()], ARRAY['']::varchar[], ARRAY['e']::varchar[], ARRAY[v_person],
            ARRAY[v_person], ARRAY[NULL]::inet[], ARRAY[now()]
        );
        IF v_verdict <> 'done' THEN
            RAISE EXCEPTION 'turn % was %', v_turn, v_verdict;
        END IF;
        RETURN v_verdict;
    END $$
"""


def _report_reads(report: Report, name: str) -> None:
    """Ask for a community's open activities, which the engine writes as JSON itself."""
    asked = [get(f"/api/v1/activities/open?region={people.COMMUNITY}")] * _READS
    _report_in_turns(
        report,
        name,
        lambda: crowd(asked, connections=64, seconds=_SECONDS).only(200),
        lambda clients: pgbench(
            f"SELECT dispatch_open_activities_v1('{people.COMMUNITY}', now());",
            clients=clients,
            seconds=_SECONDS,
        ),
    )


def _report_list(report: Report, volunteer: int) -> None:
    """Count the queries of the page that lists what a volunteer may take."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from linbang.foundation.access.factories import client_of
    from linbang.foundation.people.models import Person

    person = Person.objects.get(pk=volunteer)
    for shifts in (_OPEN_ACTIVITIES * 1, _LISTED_SHIFTS):
        people.make_open_activities(volunteer, count=shifts // 10, shifts=10)
        client = client_of(person)
        client.get("/activities/")
        with CaptureQueriesContext(connection) as captured:
            answer = client.get("/activities/")
        if answer.status_code != 200:
            raise RuntimeError(f"the list answered {answer.status_code}")
        report(f"open_shifts_html_{shifts}_queries", len(captured), "queries")


def _execute(query: str, params: dict[str, Any] | None = None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, params)
