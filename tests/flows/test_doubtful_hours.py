"""Hours that are doubted are not banked; cleared, they are, once (rules 45 and 66)."""

import pytest

from linbang.operations.service_records import actions
from linbang.operations.service_records.choices import FlagOutcome
from linbang.operations.service_records.models import RecordFlag
from linbang.operations.service_records.tests.doubts import CLOSED, make_doubtful, street
from linbang.outcomes.time_bank.queries import balance_of


@pytest.mark.django_db
def test_doubtful_hours_are_banked_once_they_are_cleared():
    person = make_doubtful().person
    before = balance_of(person.pk, cell=person.cell)

    flag = RecordFlag.objects.get()
    actions.decide_flag(
        flag=flag.public_id, outcome=FlagOutcome.CLEARED, reason="属实", by=street(), now=CLOSED
    )
    actions.look_back(now=CLOSED)

    assert (before, balance_of(person.pk, cell=person.cell)) == (0, 120)
