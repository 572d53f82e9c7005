from datetime import UTC, datetime, timedelta, timezone

import pytest

from linbang.foundation.audit import rules
from linbang.foundation.audit.rules import Sight


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("李四", "李*"),
        ("李秀英", "李**"),
        ("欧阳修", "欧阳*"),
        ("司马相如", "司马**"),
        ("欧阳", "欧*"),  # two characters: an ordinary surname and a name
        ("李", "李*"),
        ("", ""),
        ("阿依古丽·买买提", "阿*******"),
    ],
)
def test_name_keeps_its_surname(name: str, masked: str) -> None:
    assert rules.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13800001234", "138****1234"), ("07715551234", "077****1234"), ("110", "*10"), ("", "")],
)
def test_phone_keeps_its_ends(phone: str, masked: str) -> None:
    assert rules.mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010519491231002X", "110105********002X"),
        ("E12345678", "*****5678"),
        ("123", "**3"),
        ("", ""),
    ],
)
def test_document_hides_birth_date_and_sex(number: str, masked: str) -> None:
    # Domain handbook §8.3: first six, eight stars, last four.
    assert rules.mask_document(number) == masked


@pytest.mark.parametrize(
    ("sight", "shown"),
    [
        (Sight.PUBLIC, "新竹社区"),
        (Sight.STAFF, "新竹社区1栋"),
        (Sight.FULL, "新竹社区1栋2单元301室"),
    ],
)
def test_address_is_shown_as_far_as_allowed(sight: Sight, shown: str) -> None:
    address = rules.mask_address(
        community="新竹社区", building="1栋", door="2单元301室", sight=sight
    )

    assert address == shown


def test_canonical_form_knows_no_order_and_no_zone() -> None:
    instant = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    beijing = instant.astimezone(timezone(timedelta(hours=8)))

    one = rules.canonical({"at": instant, "detail": {"a": 1, "b": "二"}})
    other = rules.canonical({"detail": {"b": "二", "a": 1}, "at": beijing})

    assert one == other
    assert rules.chain(rules.GENESIS, {"a": 1}) != rules.chain("1" * 64, {"a": 1})
