"""Accepting offers: the statement beside pgbench, the whole action, and one request's ranking."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

from bench.engine import ROUNDS, SECONDS, calls_per_second, pgbench

DATABASE = True
_COUNTY, _STREET = "450103", "450103001"
# One street, as published for Xinzhu, with offers enough that no round runs dry.
_VOLUNTEERS = 1_283
_OFFERS_A_VOLUNTEER = 120
_CLIENTS = (4, 16)
_RANKINGS = 60
# pgbench takes whole seconds.
_SECONDS = 2.0
_BATCH, _WARM_CALLS = 200, 25


def run(report: Callable[[str, float, str], None]) -> None:
    """Report calls a second of both sides, their ratio, the action, and one ranking's time."""
    first_volunteer = _people()
    _report_ranking(report)
    first_offer = _offers(first_volunteer)
    _report_accepting(report, first_offer, first_volunteer)
    _report_action(report)


def _people() -> int:
    """Fill a street with volunteers, set-based; give the smallest id."""
    from django.db import connection

    from linbang.foundation.places.factories import make_region_tree

    make_region_tree()
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE_SQL, {"people": _VOLUNTEERS + 1})
        cursor.execute("SELECT min(person_id) FROM people_volunteerprofile")
        (first,) = cursor.fetchone()
        cursor.execute("ANALYZE")
    return int(first)


_PEOPLE_SQL = """
    WITH people AS (
        INSERT INTO people_person
            (cell, public_id, name, pinyin, initials, sex, birth_date, document_type,
             document_number, document_digest, phone, phone_digest, phone_tail_digest, region_id,
             address, channel, registered_at, confirmed_at)
        SELECT '450103', gen_random_uuid(), '志愿者' || n, 'zhi yuan zhe', 'zyz',
            CASE n %% 2 WHEN 0 THEN 'm' ELSE 'f' END, date '1970-01-01', '01', '', md5(n::text), '',
            '', '', '450103001005001001', '', 'import', now(), now()
        FROM generate_series(1, %(people)s) AS n
        RETURNING id, cell, region_id
    )
    INSERT INTO people_volunteerprofile
        (cell, person_id, number, region_id, skills, categories, availability, longitude, latitude,
         activated_at)
    SELECT cell, id, 'V' || lpad(id::text, 10, '0'), region_id, ARRAY['09'],
        ARRAY['0001', '0004', '0017'], (1 << 24) - 1, 108.335 + id %% 100 * 0.0002,
        22.815 + id %% 37 * 0.0003, now()
    FROM people
"""


def _offers(first_volunteer: int) -> int:
    """Make one need and one open offer for each acceptance to come; give the smallest offer id.

    Offer n goes to volunteer n modulo their number, each in an hour of her own.
    """
    from django.db import connection

    from linbang.intake.needs.factories import make_item

    make_item("shopping")
    with connection.cursor() as cursor:
        cursor.execute(
            _OFFERS_SQL,
            {
                "offers": _VOLUNTEERS * _OFFERS_A_VOLUNTEER,
                "people": _VOLUNTEERS,
                "first": first_volunteer,
            },
        )
        cursor.execute("SELECT min(id) FROM dispatch_offer")
        (first,) = cursor.fetchone()
        cursor.execute("VACUUM ANALYZE")
    return int(first)


_OFFERS_SQL = """
    WITH needs AS (
        INSERT INTO needs_need
            (cell, public_id, key, content_digest, beneficiary_id, requested_by_id, channel,
             item_id, region_id, address, phone, note, known_risks, risk_note, urgency, helpers,
             helpers_reason, starts_at, ends_at, is_extra, opened_at, state, state_since)
        SELECT '450103', gen_random_uuid(), 'bench:' || n, '', %(first)s + %(people)s,
            %(first)s + %(people)s, 'self', 'shopping', '450103001005001001', '', '', '', '', '',
            'normal', 1, '', now() + (n / %(people)s + 24) * interval '1 hour',
            now() + (n / %(people)s + 25) * interval '1 hour', true, now(), 'offered', now()
        FROM generate_series(0, %(offers)s - 1) AS n
        RETURNING id, cell, key
    )
    INSERT INTO dispatch_offer
        (cell, public_id, need_id, volunteer_id, reasons, offered_at, expires_at)
    SELECT cell, gen_random_uuid(), id, %(first)s + substr(key, 7)::integer %% %(people)s,
        '[]', now(), now() + interval '1 day'
    FROM needs
    ORDER BY substr(key, 7)::integer
"""


def _report_accepting(
    report: Callable[[str, float, str], None], first_offer: int, first_volunteer: int
) -> None:
    """Let both sides accept in turns; a counter in the database hands out fresh offers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE bench_turn MINVALUE 0 START 0 CACHE 50")
        cursor.execute(_NEXT_SQL.format(first=first_offer, people=_VOLUNTEERS, f=first_volunteer))
    _report_batch(report)
    for clients in _CLIENTS:
        pairs = [
            (
                calls_per_second(
                    lambda _client, _turn: _accept_next(), clients=clients, seconds=_SECONDS
                ),
                pgbench("SELECT bench_accept_next();", clients=clients, seconds=_SECONDS),
            )
            for _round in range(ROUNDS)
        ]
        report(f"accept_offer_c{clients}_per_s", median(mine for mine, _ in pairs), "1/s")
        report(f"accept_offer_c{clients}_engine_per_s", median(their for _, their in pairs), "1/s")
        report(f"accept_offer_ratio_c{clients}", median(a / b for a, b in pairs), "ratio")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dispatch_assignment")
        report("accept_offer_accepted", cursor.fetchone()[0], "rows")


def _report_batch(report: Callable[[str, float, str], None]) -> None:
    """Accept 200 offers a call, which also warms up: plans made for empty tables would scan."""
    from django.db import connection

    with connection.cursor() as cursor:
        begun = perf_counter()
        for _call in range(_WARM_CALLS):
            cursor.execute(_BATCH_SQL, {"rows": _BATCH})
        spent = perf_counter() - begun
        report(f"accept_offer_batch_{_BATCH}_rows_per_s", _WARM_CALLS * _BATCH / spent, "1/s")
        cursor.execute("VACUUM ANALYZE")


_BATCH_SQL = """
    WITH fresh AS (
        SELECT offer.cell, offer.id, offer.volunteer_id
        FROM (SELECT bench_next_offer() AS id FROM generate_series(1, %(rows)s)) AS turn
        JOIN dispatch_offer AS offer USING (id)
    )
    SELECT count(*) FILTER (WHERE verdict = 'accepted')
    FROM (
        SELECT
            array_agg(cell) AS cells,
            array_agg(id) AS offers,
            array_agg(volunteer_id) AS volunteers,
            array_agg(now()) AS nows
        FROM fresh
    ) AS given, dispatch_accept_v1(cells, offers, volunteers, volunteers, nows)
"""

# The statement of both sides: the offer is picked in the database, so that neither pays for it.
_NEXT_SQL = """
    CREATE FUNCTION bench_next_offer() RETURNS bigint LANGUAGE sql VOLATILE
    RETURN {first} + nextval('bench_turn');

    CREATE FUNCTION bench_accept_next() RETURNS text LANGUAGE plpgsql AS $$
    DECLARE
        v_offer bigint := bench_next_offer();
        v_volunteer bigint := {f} + (v_offer - {first}) % {people};
        v_verdict text;
    BEGIN
        SELECT verdict INTO v_verdict FROM dispatch_accept_v1(
            ARRAY['450103']::varchar[], ARRAY[v_offer], ARRAY[v_volunteer], ARRAY[v_volunteer],
            ARRAY[now()]
        );
        IF v_verdict <> 'accepted' THEN
            RAISE EXCEPTION 'offer % was %', v_offer, v_verdict;
        END IF;
        RETURN v_verdict;
    END $$
"""


def _accept_next() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT bench_accept_next()")


def _report_action(report: Callable[[str, float, str], None]) -> None:
    """Run the whole use case, with audit, notices, text message and the planned visit."""
    from django.utils import timezone

    from linbang.foundation.access.rules import Actor
    from linbang.operations.dispatch.actions import accept_offer
    from linbang.operations.dispatch.models import Offer

    fresh = list(
        Offer.objects.filter(answer=None).order_by("id").values_list("id", "volunteer_id")[:20_000]
    )
    turns = count()

    def accept(_client: int, _turn: int) -> Any:
        offer_id, volunteer_id = fresh[next(turns)]
        by = Actor(person_id=volunteer_id, cell=_COUNTY)
        return accept_offer(offer_id=offer_id, by=by, now=timezone.now())

    for clients in (1, 4):
        rate = calls_per_second(accept, clients=clients, seconds=SECONDS)
        report(f"accept_offer_action_c{clients}_per_s", rate, "1/s")


def _report_ranking(report: Callable[[str, float, str], None]) -> None:
    """Time one request's ranking at the size of a street: what is asked of the need, then rank."""
    from linbang.foundation.people.models import Person
    from linbang.intake.needs.factories import make_item, make_need
    from linbang.operations.dispatch.queries import rank_helpers, wanted_of

    now = datetime.now().astimezone()
    elder = Person.objects.order_by("-id").first()
    assert elder is not None  # noqa: S101 - just made
    need = make_need(
        elder, item=make_item("shopping"), starts_at=now + timedelta(days=1), opened_at=now
    )
    asking, ranking = [], []
    for _turn in range(_RANKINGS):
        begun = perf_counter()
        wanted = wanted_of(need)
        asked = perf_counter()
        rank_helpers(wanted, area=_STREET, limit=8, now=now)
        asking.append((asked - begun) * 1_000)
        ranking.append((perf_counter() - asked) * 1_000)
    report(f"find_candidates_{_VOLUNTEERS}_ask_ms", median(asking), "ms")
    report(f"find_candidates_{_VOLUNTEERS}_rank_ms", median(ranking), "ms")
