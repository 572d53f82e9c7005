"""Two connections at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from linbang.foundation.ledger import queries as ledger
from linbang.foundation.people.factories import make_volunteer
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.factories import make_verified
from linbang.outcomes.time_bank.models import Posting

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do things on connections of their own, in the same moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait(timeout=10)
            with transaction.atomic():
                return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(run, act) for act in acts]]


def credit(record):
    return lambda: actions.credit_records(record_ids=[record.pk], now=record.ends_at)[0].pk


def test_record_posted_twice_at_once():
    record = make_verified(minutes=90)

    first, second = at_once(credit(record), credit(record))

    assert first == second
    assert Posting.objects.count() == 1
    assert queries.balance_of(record.person_id, cell=record.cell) == 90
    assert ledger.check_books() == []


def test_two_verifications_of_a_day_keep_its_limit():
    person = make_volunteer().person
    records = [make_verified(person, minutes=300), make_verified(person, minutes=300)]

    at_once(*(credit(record) for record in records))

    assert queries.balance_of(person.pk, cell=person.cell) == 480
    assert sum(Posting.objects.values_list("pooled", flat=True)) == 120
    assert ledger.check_books() == []
