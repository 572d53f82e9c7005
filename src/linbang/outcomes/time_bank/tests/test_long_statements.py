"""A statement costs what it shows, however much there is behind it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.ledger import actions
from linbang.foundation.ledger.factories import NOW, make_issue, make_order
from linbang.foundation.people.factories import make_volunteer
from linbang.outcomes.time_bank import queries
from linbang.outcomes.time_bank.factories import make_posting

pytestmark = pytest.mark.django_db
QUERIES_MOST = 6


def asked_for(person, *, before=None) -> int:
    with CaptureQueriesContext(connection) as captured:
        statement = queries.statement_of(person, before=before)
    assert statement.lines
    return len(captured)


def test_hundreds_of_movements_cost_what_one_does():
    person = make_volunteer().person
    make_posting(person, minutes=60)
    short = asked_for(person)
    own, issue = queries.account_of(person.pk, cell=person.cell), make_issue(cell=person.cell)

    orders = [make_order(issue, own, 1, purpose="earned") for _ in range(300)]
    actions.post_transfers(orders=orders, now=NOW)
    make_posting(person, minutes=60)

    assert short == asked_for(person) <= QUERIES_MOST
    # Pages further down are found by the index, not by counting.
    assert asked_for(person, before=150) <= short
