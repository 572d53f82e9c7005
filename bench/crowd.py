"""People, shifts and places by the thousand for the groups of sign-up and check-in, set-based.

Call ``make_places`` first, on an empty migrated database; each function then adds to what is there.
``faults`` recounts everything afterwards: a run that oversold or counted wrongly measured nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

COUNTY, COMMUNITY = "450103", "450103001005"
DISTRICT, TOWN = "350206", "350206001001"
SPREAD_SHIFTS = 200
# The database allows no more on one shift.
PLACES_MAX = 5_000
CROWD, SEATS = 10_000, 500
HULI_TEAMS, HULI_PEOPLE = 163, 8_500


@dataclass(frozen=True)
class People:
    """Volunteers with accounts of their own, by the same place in both lists."""

    ids: list[int]
    accounts: list[int]


@dataclass(frozen=True)
class Place:
    """A confirmed place of somebody, with everything a check-in may name."""

    activity: UUID
    sign_up: UUID
    person_id: int
    account_id: int


def make_places() -> None:
    """Load the counties that the crowd lives in."""
    from django.core.management import call_command

    # Its report is not one of the bench's lines.
    call_command("import_regions", stdout=StringIO())


def make_volunteers(count: int, *, region: str = COMMUNITY, prefix: str = "bench") -> People:
    """Make confirmed volunteers with accounts, some 5,000 a second; each ``prefix`` only once."""
    from linbang.demo.actions.copying import fill_table
    from linbang.foundation.access.models import Account
    from linbang.foundation.people.models import Person, VolunteerProfile

    params = {"count": count, "cell": region[:6], "region": region, "prefix": prefix}
    fill_table(Account, _ACCOUNTS, params)
    fill_table(Person, _PEOPLE, params)
    fill_table(VolunteerProfile, _PROFILES, params)
    _execute("ANALYZE access_account, people_person, people_volunteerprofile")
    found = _rows(_WHO, params)
    return People([person for person, _ in found], [account for _, account in found])


_ACCOUNTS = """
    SELECT %(cell)s::varchar AS cell, md5(%(prefix)s::text || n) AS phone_digest,
        now() AS created_at
    FROM generate_series(1, %(count)s) AS n
    ORDER BY n
"""
_PEOPLE = """
    SELECT account.cell, account.id AS account_id, '志愿者' || n AS name, 'zhi yuan zhe' AS pinyin,
        'zyz' AS initials, 'f' AS sex, date '1980-01-01' AS birth_date, '01' AS document_type,
        account.phone_digest AS document_digest, %(region)s::varchar AS region_id,
        'import' AS channel, now() AS registered_at, now() AS confirmed_at
    FROM generate_series(1, %(count)s) AS n
    JOIN access_account AS account ON account.phone_digest = md5(%(prefix)s::text || n)
    ORDER BY n
"""
_PROFILES = """
    SELECT person.cell, person.id AS person_id, 'V' || lpad(person.id::text, 10, '0') AS number,
        person.region_id, ARRAY['0001'] AS categories, (1 << 24) - 1 AS availability,
        now() AS activated_at
    FROM people_person AS person
    JOIN access_account AS account ON account.cell = person.cell AND account.id = person.account_id
    WHERE account.phone_digest IN (
        SELECT md5(%(prefix)s::text || n) FROM generate_series(1, %(count)s) AS n
    )
    ORDER BY person.id
"""
_WHO = """
    SELECT person.id, person.account_id
    FROM people_person AS person
    JOIN access_account AS account ON account.cell = person.cell AND account.id = person.account_id
    WHERE account.phone_digest IN (
        SELECT md5(%(prefix)s::text || n) FROM generate_series(1, %(count)s) AS n
    )
    ORDER BY person.id
"""


def make_spread_shifts(
    leader: int, *, count: int = SPREAD_SHIFTS, places: int = PLACES_MAX, **columns: Any
) -> list[UUID]:
    """Make shifts of one activity, each in an hour of its own from tomorrow on.

    So that anybody can take all of them: ``people × count`` sign-ups that succeed.
    """
    return _make_shifts(leader, name="分散班次", count=count, places=places, **columns)


def make_hot_shift(leader: int, *, places: int = PLACES_MAX, nth: int = 0) -> UUID:
    """Make one shift everybody wants, in an hour of its own beyond all others of this module."""
    [shift] = _make_shifts(leader, name="热门班次", count=1, places=places, hours=1_000 + 2 * nth)
    return shift


def make_open_activities(leader: int, *, count: int, shifts: int) -> None:
    """Make activities that a community's list is full of."""
    for nth in range(count):
        _make_shifts(leader, name=f"近期活动{nth}", count=shifts, places=20, hours=2_000 + nth)


def widen(shift: UUID, *, places: int) -> None:
    """Let a counter take more than the 5,000 a shift may say, so that no round runs dry."""
    _rows(
        """
        UPDATE dispatch_shiftplaces AS load SET places = %(places)s
        FROM activities_shift AS shift
        WHERE shift.public_id = %(shift)s
            AND load.cell = shift.cell AND load.shift_id = shift.id
        RETURNING load.id
        """,
        {"shift": shift, "places": places},
    )


def _make_shifts(
    leader: int, *, name: str, count: int, places: int, hours: int = 24, **columns: Any
) -> list[UUID]:
    from django.utils import timezone

    from linbang.demo.actions.copying import fill_table
    from linbang.intake.activities.factories import make_activity, make_post
    from linbang.intake.activities.models import Shift
    from linbang.operations.dispatch.models import ShiftPlaces

    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    activity = make_activity(name, now=now - timedelta(days=2), leader_id=leader, **columns)
    post = make_post(activity, places=places)
    params = {
        "activity": activity.pk,
        "post": post.pk,
        "cell": activity.cell,
        "first": now + timedelta(hours=hours),
        "count": count,
        "places": places,
    }
    fill_table(Shift, _SHIFTS, params)
    fill_table(ShiftPlaces, _COUNTERS, params)
    _execute("ANALYZE activities_shift, dispatch_shiftplaces")
    return [public_id for (public_id,) in _rows(_SHIFT_IDS, params)]


_SHIFTS = """
    SELECT %(cell)s::varchar AS cell, %(activity)s::bigint AS activity_id,
        %(post)s::bigint AS post_id, %(first)s + n * interval '1 hour' AS starts_at,
        %(first)s + (n + 1) * interval '1 hour' AS ends_at, %(places)s::smallint AS places
    FROM generate_series(0, %(count)s - 1) AS n
    ORDER BY n
"""
_COUNTERS = """
    SELECT shift.cell, shift.id AS shift_id, shift.places
    FROM activities_shift AS shift
    WHERE shift.activity_id = %(activity)s
    ORDER BY shift.id
"""
_SHIFT_IDS = """
    SELECT public_id FROM activities_shift WHERE activity_id = %(activity)s ORDER BY id
"""


def make_huli_day(*, teams: int = HULI_TEAMS, people: int = HULI_PEOPLE) -> list[Place]:
    """Make a district's day: one activity a team, going on now, everybody with a confirmed place.

    Shifts began two hours ago and end in one: a check-in may be dated when they began, and a
    check-out now. Returned team by team, person by person.
    """
    from django.utils import timezone

    from linbang.demo.actions.copying import fill_table
    from linbang.intake.activities.models import Activity, Post, Shift
    from linbang.operations.dispatch.models import Commitment, ShiftPlaces, SignUp

    crowd = make_volunteers(people, region=TOWN, prefix="huli")
    now = timezone.now()
    _make_teams(teams, now)
    params = {
        "cell": DISTRICT,
        "town": TOWN,
        "teams": teams,
        "people": crowd.ids,
        "starts_at": now - timedelta(hours=2),
        "ends_at": now + timedelta(hours=1),
        "places": -(-people // teams),
        "now": now,
    }
    for model, query in (
        (Activity, _TEAM_ACTIVITIES), (Post, _TEAM_POSTS), (Shift, _TEAM_SHIFTS),
        (SignUp, _TEAM_SIGN_UPS), (Commitment, _TEAM_PROMISES), (ShiftPlaces, _TEAM_COUNTERS),
    ):  # fmt: skip
        fill_table(model, query, params)
    _execute("ANALYZE")
    accounts = dict(zip(crowd.ids, crowd.accounts, strict=True))
    return [
        Place(activity, sign_up, person, accounts[person])
        for activity, sign_up, person in _rows(_TEAM_PLACES, params)
    ]


def _make_teams(count: int, now: datetime) -> None:
    from linbang.demo.actions.copying import fill_table
    from linbang.foundation.organisations.models import Organisation

    params = {"count": count, "cell": DISTRICT, "now": now}
    fill_table(Organisation, _TEAMS, params)
    _execute(
        "UPDATE organisations_organisation SET path = lpad(id::text, 10, '0')"
        " WHERE path LIKE 'bench%'"
    )


_TEAMS = """
    SELECT %(cell)s::varchar AS cell, '第' || n || '分队' AS name, 'team' AS kind,
        'bench' || n AS path, %(cell)s::varchar AS region_id, 'squad' AS rank, '0001' AS content,
        'mixed' AS membership, %(now)s AS founded_at
    FROM generate_series(1, %(count)s) AS n
    ORDER BY n
"""
_TEAM_ACTIVITIES = """
    SELECT team.cell, 'bench:' || team.id AS key, team.id AS organiser_id,
        %(town)s::varchar AS region_id, team.name || '值守' AS name, ARRAY['0001'] AS categories,
        118.13 AS longitude, 24.51 AS latitude, 9999 AS radius_m, 'published' AS state,
        %(now)s AS state_since, %(now)s AS created_at, (%(people)s::bigint[])[1] AS leader_id
    FROM organisations_organisation AS team
    WHERE team.cell = %(cell)s AND team.kind = 'team'
    ORDER BY team.id
"""
_TEAM_POSTS = """
    SELECT cell, id AS activity_id, 1 AS position, '值守' AS name, %(places)s::smallint AS places
    FROM activities_activity
    WHERE cell = %(cell)s
    ORDER BY id
"""
_TEAM_SHIFTS = """
    SELECT cell, activity_id, id AS post_id, %(starts_at)s AS starts_at, %(ends_at)s AS ends_at,
        places
    FROM activities_post
    WHERE cell = %(cell)s
    ORDER BY id
"""
# Person n goes to team n modulo their number.
_TEAM_SIGN_UPS = """
    SELECT shift.cell, shift.id AS shift_id, given.person_id, 'confirmed' AS state,
        'team' AS channel, %(starts_at)s AS asked_at, %(starts_at)s AS confirmed_at
    FROM unnest(%(people)s::bigint[]) WITH ORDINALITY AS given (person_id, n)
    JOIN (
        SELECT cell, id, row_number() OVER (ORDER BY id) - 1 AS nth
        FROM activities_shift
        WHERE cell = %(cell)s
    ) AS shift ON shift.nth = mod(given.n, %(teams)s)
    ORDER BY shift.id, given.n
"""
_TEAM_PROMISES = """
    SELECT person.cell, person.id AS person_id,
        tstzrange(%(starts_at)s, %(ends_at)s, '[)') AS during, 'shift' AS source,
        place.id AS source_id, %(starts_at)s AS made_at
    FROM dispatch_signup AS place
    JOIN people_person AS person ON person.id = place.person_id
    WHERE place.cell = %(cell)s
    ORDER BY place.id
"""
_TEAM_COUNTERS = """
    SELECT shift.cell, shift.id AS shift_id, shift.places, count(place.id) AS taken
    FROM activities_shift AS shift
    LEFT JOIN dispatch_signup AS place ON place.cell = shift.cell AND place.shift_id = shift.id
    WHERE shift.cell = %(cell)s
    GROUP BY shift.cell, shift.id, shift.places
    ORDER BY shift.id
"""
_TEAM_PLACES = """
    SELECT activity.public_id, place.public_id, place.person_id
    FROM dispatch_signup AS place
    JOIN activities_shift AS shift ON shift.cell = place.cell AND shift.id = place.shift_id
    JOIN activities_activity AS activity
        ON activity.cell = shift.cell AND activity.id = shift.activity_id
    WHERE place.cell = %(cell)s
    ORDER BY activity.id, place.id
"""


def faults() -> list[str]:
    """Recount everything: say what was sold twice, counted wrongly, promised twice or lost."""
    found = []
    for words, query in _FAULTS.items():
        [(count,)] = _rows(query, None)
        if count:
            found.append(f"{words}: {count}")
    return found


def oversold() -> int:
    """Return by how many places shifts were oversold; always 0."""
    [(count,)] = _rows(_OVERSOLD, None)
    return int(count)


_OVERSOLD = """
    SELECT coalesce(sum(greatest(live.placed - load.places, 0)), 0)
    FROM dispatch_shiftplaces AS load
    JOIN (
        SELECT cell, shift_id, count(*) AS placed
        FROM dispatch_signup
        WHERE state IN ('confirmed', 'held')
        GROUP BY cell, shift_id
    ) AS live ON live.cell = load.cell AND live.shift_id = load.shift_id
"""
_FAULTS = {
    "places oversold": _OVERSOLD,
    "counters that differ from a recount": """
        SELECT count(*)
        FROM dispatch_shiftplaces AS load
        LEFT JOIN (
            SELECT cell, shift_id,
                count(*) FILTER (WHERE state IN ('confirmed', 'held')) AS placed,
                count(*) FILTER (WHERE state = 'waiting') AS waiting
            FROM dispatch_signup
            GROUP BY cell, shift_id
        ) AS live ON live.cell = load.cell AND live.shift_id = load.shift_id
        LEFT JOIN (
            SELECT cell, shift_id, sum(places) AS places
            FROM dispatch_reservation
            WHERE released_at IS NULL
            GROUP BY cell, shift_id
        ) AS kept ON kept.cell = load.cell AND kept.shift_id = load.shift_id
        WHERE load.taken <> coalesce(live.placed, 0) + coalesce(kept.places, 0)
            OR load.waiting <> coalesce(live.waiting, 0)
    """,
    "people twice on one shift": """
        SELECT count(*)
        FROM (
            SELECT FROM dispatch_signup WHERE ended_at IS NULL
            GROUP BY cell, shift_id, person_id HAVING count(*) > 1
        ) AS twice
    """,
    "people promised to two at once": """
        SELECT count(*)
        FROM (
            SELECT lower(during) < lag(upper(during)) OVER (
                PARTITION BY person_id ORDER BY lower(during)
            ) AS is_double
            FROM dispatch_commitment
            WHERE released_at IS NULL
        ) AS promise
        WHERE is_double
    """,
    "places without a promise": """
        SELECT count(*)
        FROM dispatch_signup AS place
        WHERE place.state IN ('confirmed', 'held')
            AND NOT EXISTS (
                SELECT
                FROM dispatch_commitment AS promise
                WHERE promise.source = 'shift' AND promise.source_id = place.id
                    AND promise.released_at IS NULL
            )
    """,
    "pairs of check-ins written twice": """
        SELECT count(*)
        FROM (
            SELECT FROM service_attendance
            GROUP BY cell, sign_up_id, pair HAVING count(*) > 1
        ) AS twice
    """,
}


def attended(places: Sequence[Place]) -> tuple[int, int]:
    """Return how many of the places' people have come, and how many have gone again."""
    [(came, went)] = _rows(
        """
        SELECT count(*), count(pair.out_at)
        FROM service_attendance AS pair
        JOIN dispatch_signup AS place ON place.cell = pair.cell AND place.id = pair.sign_up_id
        WHERE place.public_id = ANY (%(places)s)
        """,
        {"places": [place.sign_up for place in places]},
    )
    return int(came), int(went)


def _rows(query: str, params: dict[str, Any] | None) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def _execute(query: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
