from decimal import Decimal

import pytest

from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import Purpose


@pytest.mark.parametrize(
    ("minutes", "units"),
    [(0, "0"), (29, "0"), (30, "0.5"), (59, "0.5"), (60, "1"), (95, "1.5"), (-45, "-0.5")],
)
def test_units_come_in_halves(minutes, units):
    # Rule 66: one hour is one unit, half units allowed.
    assert rules.units_of(minutes) == Decimal(units)


@pytest.mark.parametrize(
    ("source", "record_id"), [("record:42", 42), ("record:x", None), ("gift:42", None), ("", None)]
)
def test_source_names_record(source, record_id):
    assert rules.record_of(source) == record_id


@pytest.mark.parametrize(("word", "purpose"), [("earned", Purpose.EARNED), ("other", None)])
def test_purpose_is_known_or_none(word, purpose):
    assert rules.purpose_of(word) == purpose
