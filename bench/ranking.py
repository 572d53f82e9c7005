"""One request ranked among a million volunteers in the database: from PostgreSQL, and warm.

Streets first, the county where a street has too few, as the product asks.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import cos, degrees, radians
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import psycopg

from config.embedded_postgres import EmbeddedPostgres, default_var
from matching import Request, Volunteers
from matching.instances import CITY, invent_requests, invent_volunteers

DATABASE = True
_REQUESTS, _WARM_CALLS = 400, 20
_LIMIT = 20
_ORIGIN = (108.3, 22.8)
_EARTH_RADIUS_M = 6_371_008.8
_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
_ADULT_SINCE = date(2008, 1, 5)


def run(report: Callable[[str, float, str], None]) -> None:
    """Report p50 and p99 of one ranking from SQL and warm, what makes an area warm, and news."""
    volunteers = invent_volunteers(CITY, seed=1)
    _fill(volunteers)
    _measure(report, invent_requests(volunteers, _REQUESTS, seed=2))


def _measure(report: Callable[[str, float, str], None], requests: tuple[Request, ...]) -> None:
    from django.test import override_settings

    from linbang.operations.dispatch.queries import warm

    with override_settings(LINBANG_WARM_HELPERS=0):
        _report(report, "rank_one_sql", requests)
    counties = {f"{one.place:018d}"[: warm.COUNTY_DIGITS] for one in requests}
    with override_settings(LINBANG_WARM_HELPERS=2 * CITY):
        begun = perf_counter()
        for county in counties:
            warm.warm_up(county, now=_MONDAY, adult_since=_ADULT_SINCE)
        spent = (perf_counter() - begun) * 1_000 / len(counties)
        report("warm_up_county_ms", spent, "ms")
        _report(report, "rank_one_warm_county", requests)
    warm.go_cold()


def _report(
    report: Callable[[str, float, str], None], name: str, requests: tuple[Request, ...]
) -> None:
    """Rank all, and report the time, and the processor time of both processes, which neighbours on
    the machine disturb least.
    """
    for one in requests[:_WARM_CALLS]:
        _rank(one)
    spent = np.array([_rank(one) for one in requests])
    for part, column in (("", spent[:, 0]), ("_cpu", spent[:, 1])):
        report(f"{name}{part}_p50_ms", float(np.percentile(column, 50)), "ms")
        report(f"{name}{part}_p99_ms", float(np.percentile(column, 99)), "ms")


def _rank(request: Request) -> tuple[float, float]:
    """Give what it took in milliseconds, by the clock and of processors."""
    from linbang.operations.dispatch import rules
    from linbang.operations.dispatch.queries import Wanted, rank_helpers

    wanted = Wanted(
        request=replace(request, x=0.0, y=0.0),
        origin=_at(request.x, request.y),
        window=(_moment(request.starts), _moment(request.ends)),
        adult_since=_ADULT_SINCE,
    )
    begun, cpu = perf_counter(), _processor_ms()
    for area in rules.search_areas(f"{request.place:018d}"):
        if not rank_helpers(wanted, area=area, limit=_LIMIT, now=_MONDAY).missing:
            break
    return (perf_counter() - begun) * 1_000, _processor_ms() - cpu


def _processor_ms() -> float:
    """Give the processor time of this process and of its server process."""
    from django.db import connection

    connection.ensure_connection()
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return process_time() * 1_000 + int(server.read_text().split()[0]) / 1e6


def _moment(minute: int) -> datetime:
    return _MONDAY + timedelta(minutes=minute)


def _at(x: float, y: float) -> tuple[float, float]:
    """Give the longitude and latitude of a point of the plane."""
    return (
        _ORIGIN[0] + degrees(x / _EARTH_RADIUS_M / cos(radians(_ORIGIN[1]))),
        _ORIGIN[1] + degrees(y / _EARTH_RADIUS_M),
    )


def _fill(volunteers: Volunteers) -> None:
    """Write what a search reads, past keys and triggers, as only the server's own role can."""
    from django.db import connection

    # A snapshot held open would keep VACUUM from telling that all rows are visible.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has one
    server = EmbeddedPostgres(default_var())
    with psycopg.connect(server.dsn(user="postgres"), autocommit=True) as link:
        link.execute("SET session_replication_role = replica")
        link.execute("SET synchronous_commit = off")
        _copy(link, _FACTS, _facts(volunteers))
        _copy(link, _PROMISES, _promises(volunteers))
        link.execute(_ORDERS)
    # On its own, with everything written: VACUUM then finds that all rows are visible to all.
    with psycopg.connect(server.dsn(user="postgres"), autocommit=True) as link:
        link.execute("CHECKPOINT")
        for table in ("dispatch_helperfacts", "dispatch_commitment", "dispatch_assignment"):
            link.execute(f"VACUUM ANALYZE {table}".encode())


def _copy(link: psycopg.Connection, statement: str, lines: Any) -> None:
    with link.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for line in lines:
            copy.write(line)


_FACTS = """
    COPY dispatch_helperfacts (
        cell, person_id, place, longitude, latitude, skills, categories, availability, rating, sex,
        languages, birth_date, paused_until, is_active, is_open, changed_in
    ) FROM STDIN
"""
_PROMISES = """
    COPY dispatch_commitment (cell, person_id, during, source, source_id, made_at) FROM STDIN
"""
_ORDERS = """
    INSERT INTO dispatch_assignment
        (cell, public_id, need_id, offer_id, volunteer_id, place, accepted_at, end_reason)
    SELECT cell, gen_random_uuid(), id, id, person_id, 1, '2025-12-20 00:00+00', ''
    FROM dispatch_commitment
"""


def _facts(volunteers: Volunteers) -> Any:
    columns = (
        volunteers.ids, volunteers.place, volunteers.x, volunteers.y, volunteers.skills,
        volunteers.categories, volunteers.availability, volunteers.rating, volunteers.sex,
        volunteers.languages, volunteers.adult, volunteers.paused, volunteers.active,
    )  # fmt: skip
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for one, place, x, y, skills, categories, hours, rating, sex, tongues, *states in rows:
        adult, paused, active = states
        longitude, latitude = _at(x, y)
        born = "1970-01-01" if adult else "2012-01-01"
        until = "2027-01-01 00:00+00" if paused else r"\N"
        yield (
            f"{place // 10**12}\t{one}\t{place}\t{longitude}\t{latitude}\t{skills}\t{categories}"
            f"\t{hours}\t{rating}\t{sex}\t{tongues}\t{born}\t{until}\t{active}\tt\t3\n"
        )


def _promises(volunteers: Volunteers) -> Any:
    busy, seen = volunteers.busy, 0
    for row in np.flatnonzero(np.diff(busy.ptr)).tolist():
        last = 0
        for at in range(int(busy.ptr[row]), int(busy.ptr[row + 1])):
            starts, ends = int(busy.start[at]), int(busy.end[at])
            if last and starts < last:
                continue  # the database lets nobody promise the same hour twice
            last, seen = ends, seen + 1
            cell = int(volunteers.place[row]) // 10**12
            yield (
                f"{cell}\t{volunteers.ids[row]}\t[{_moment(starts)},{_moment(ends)})\tneed\t{seen}"
                f"\t{_MONDAY}\n"
            )
