"""Ranking the volunteers of an area for one need: who fits, then who is free, near and rested.

Who fits comes from arrays kept warm (``warm``) or from one pass of PostgreSQL over the area; both
count why the others do not. Who is busy and who was sent out lately is asked of the database each
time, for the few who fit (ADR 0027).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection

from linbang.operations.dispatch import rules
from linbang.operations.dispatch.queries import warm
from linbang.operations.dispatch.queries.pool import Wanted, area_range, point_at
from matching import (
    ANY_SEX,
    Busy,
    Cause,
    Fitting,
    Ranking,
    Request,
    Volunteers,
    rank_one,
)


def rank_helpers(wanted: Wanted, *, area: str, limit: int, now: datetime) -> Ranking:
    """Return the best helpers of an area and why the others were left out; two or three queries."""
    fitting = warm.fitting(wanted, area=area, now=now)
    if fitting is None:
        fitting = fitting_by_sql(wanted, area=area, now=now)
    few = _volunteers(fitting, wanted, now=now)
    ranking = rank_one(few, wanted.request, limit=limit)
    rejected = {cause: fitting.rejected[cause] + ranking.rejected[cause] for cause in Cause}
    return replace(ranking, considered=ranking.eligible + sum(rejected.values()), rejected=rejected)


def fitting_by_sql(wanted: Wanted, *, area: str, now: datetime) -> Fitting:
    """Return who fits but for time and way, by one pass over the area's index; one query."""
    request = wanted.request
    asked = [cause for cause in _TESTS if _asks(request, cause)]
    tests = (f"WHEN {_TESTS[cause]} THEN {number}" for number, cause in enumerate(asked))
    counts = (f"count(*) FILTER (WHERE cause = {number})" for number in range(len(asked)))
    low, high = area_range(area)
    params = {
        **{
            name: getattr(request, name)
            for name in ("sex", "category", "skills", "slots", "languages")
        },
        **{name: sorted(getattr(request, name)) for name in ("exclude", "blocked")},
        "adult_since": wanted.adult_since,
        "now": now,
        "low": low,
        "high": high,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SIFT.format(tests="\n".join(tests), counts=", ".join(counts)), params)
        *found, ids = cursor.fetchone()
    rejected = dict.fromkeys(Cause, 0) | dict(zip(asked, found, strict=True))
    return Fitting(np.array(sorted(ids or ()), np.int64), rejected)


_ASKED = ("sex", "languages", "category", "skills", "slots")

# In the order of Cause: the first that holds is counted.
_TESTS: dict[Cause, str] = {
    Cause.NOT_ACTIVE: "NOT is_active",
    Cause.PAUSED: "paused_until > %(now)s",
    Cause.MINOR: "birth_date > %(adult_since)s",
    Cause.OTHER_SEX: "sex <> %(sex)s",
    Cause.LANGUAGE: "languages & %(languages)s = 0",
    Cause.SELF_OR_FAMILY: "person_id = ANY(%(exclude)s::bigint[])",
    Cause.BLOCKED: "person_id = ANY(%(blocked)s::bigint[])",
    Cause.CATEGORY: "categories & %(category)s <> %(category)s",
    Cause.SKILL: "skills & %(skills)s <> %(skills)s",
    Cause.NOT_AVAILABLE: "availability & %(slots)s <> %(slots)s",
}

# Without OFFSET each count would work out the cause by itself.
_SIFT = """
    SELECT {counts}, array_agg(person_id) FILTER (WHERE cause IS NULL)
    FROM (
        SELECT person_id, CASE {tests} END AS cause
        FROM dispatch_helperfacts
        WHERE is_open AND place >= %(low)s AND place < %(high)s
        OFFSET 0
    ) AS sifted
"""


def _asks(request: Request, cause: Cause) -> bool:
    """Tell whether a request makes a test at all."""
    asked: dict[Cause, object] = {
        Cause.MINOR: request.require_adult,
        Cause.OTHER_SEX: request.sex != ANY_SEX,
        Cause.LANGUAGE: request.languages,
        Cause.SELF_OR_FAMILY: request.exclude,
        Cause.BLOCKED: request.blocked,
        Cause.CATEGORY: request.category,
        Cause.SKILL: request.skills,
        Cause.NOT_AVAILABLE: request.slots,
    }
    return bool(asked.get(cause, True))


def _volunteers(fitting: Fitting, wanted: Wanted, *, now: datetime) -> Volunteers:
    """Return those who fit, as they are now: with their promises and their orders; one query."""
    starts, ends = wanted.window
    with connection.cursor() as cursor:
        cursor.execute(
            _FEW,
            {
                "ids": fitting.ids.tolist(),
                "since": now - timedelta(days=rules.LOAD_DAYS),
                "starts": starts,
                "ends": ends,
                "now": now,
                "adult_since": wanted.adult_since,
            },
        )
        rows: list[Any] = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * _COLUMNS
    points = [point_at(*at, wanted.origin) for at in zip(columns[2], columns[3], strict=True)]
    busy = np.array(columns[13], np.int64)
    return Volunteers(
        ids=np.array(columns[0], np.int64),
        place=np.array(columns[1], np.int64),
        x=np.array([point[0] for point in points], np.float32),
        y=np.array([point[1] for point in points], np.float32),
        skills=np.array(columns[4], np.uint32),
        categories=np.array(columns[5], np.uint32),
        availability=np.array(columns[6], np.uint32),
        rating=np.array(columns[7], np.int16),
        sex=np.array(columns[8], np.uint8),
        active=np.array(columns[9], np.bool_),
        paused=np.array(columns[10], np.bool_),
        adult=np.array(columns[11], np.bool_),
        languages=np.array(columns[14], np.uint32),
        orders30=np.array(columns[12], np.int16),
        # A single request does not ask how many visits a plan may give.
        day_cap=np.zeros(len(rows), np.uint8),
        week_cap=np.zeros(len(rows), np.uint8),
        busy=Busy(
            ptr=np.concatenate([[0], np.cumsum(busy)]).astype(np.int64),
            start=np.full(int(busy.sum()), wanted.request.starts, np.int32),
            end=np.full(int(busy.sum()), wanted.request.ends, np.int32),
        ),
    )


_COLUMNS = 15
_FEW = """
    SELECT
        facts.person_id,
        facts.place,
        facts.longitude,
        facts.latitude,
        facts.skills,
        facts.categories,
        facts.availability,
        facts.rating,
        facts.sex,
        facts.is_active,
        coalesce(facts.paused_until > %(now)s, false),
        facts.birth_date <= %(adult_since)s,
        (
            SELECT count(*)
            FROM dispatch_assignment AS assignment
            WHERE assignment.volunteer_id = facts.person_id
                AND assignment.accepted_at >= %(since)s
                AND assignment.ended_at IS NULL
        ),
        EXISTS (
            SELECT
            FROM dispatch_commitment AS promise
            WHERE promise.person_id = facts.person_id
                AND promise.during && tstzrange(%(starts)s, %(ends)s)
                AND promise.released_at IS NULL
        ),
        facts.languages
    FROM unnest(%(ids)s::bigint[]) AS asked (person_id)
    JOIN dispatch_helperfacts AS facts USING (person_id)
    WHERE facts.is_open
"""
