"""What stands on a certificate, its number, what is signed; no database."""

import base64
from dataclasses import replace
from datetime import date

import pytest

from linbang.foundation import signing
from linbang.outcomes.certificates import errors, rules
from linbang.outcomes.certificates.choices import CertificateState
from linbang.outcomes.certificates.rules import Line, Payload

LINE = Line("2026-05-16", "09:00", "11:00", "清洁家园 · 清扫", "新竹社区服务站", 120, proved=True)
PAYLOAD = Payload(
    number="2026-K7QM4T9XB",
    name="王**",
    first=date(2026, 1, 1),
    last=date(2026, 5, 20),
    proved=120,
    entered=30,
    issuer="新竹社区服务站",
    issued=date(2026, 5, 20),
    key_id="test",
)


def test_proved_and_entered_minutes_stay_apart() -> None:
    # Rule 38; rule 48: each line names its unit.
    contents = rules.contents_of(
        [LINE, replace(LINE, minutes=45, proved=False, unit="别的单位"), replace(LINE, minutes=0)]
    )

    assert (contents.proved, contents.entered, contents.minutes) == (120, 45, 165)
    assert contents.units == ("新竹社区服务站", "别的单位")
    assert len(contents.lines) == 2


def test_no_certificate_of_zero_hours() -> None:
    # Rule 47.
    with pytest.raises(errors.NothingToCertify):
        rules.require_certifiable(rules.contents_of([replace(LINE, minutes=0)]))


def test_too_many_lines_are_refused_with_the_number() -> None:
    with pytest.raises(errors.TooMuchToCertify) as refused:
        rules.require_certifiable(rules.contents_of([LINE] * (rules.LINES_MAX + 1)))

    assert "601" in str(refused.value)


@pytest.mark.parametrize(
    ("first", "last", "is_refused"),
    [
        (date(2026, 5, 1), date(2026, 5, 20), False),
        (date(2026, 5, 20), date(2026, 5, 20), False),
        (date(2026, 5, 20), date(2026, 5, 19), True),
        (date(2026, 5, 1), date(2026, 5, 21), True),
    ],
)
def test_period_ends_after_it_begins_and_not_later_than_today(first, last, is_refused) -> None:
    if not is_refused:
        rules.require_period(first, last, today=date(2026, 5, 20))
        return
    with pytest.raises(errors.PeriodUpsideDown):
        rules.require_period(first, last, today=date(2026, 5, 20))


def test_character_in_no_font_is_refused_by_name() -> None:
    own, system = {ord(one) for one in "王建国"}, {ord("㛃")}

    rules.require_printable(["王 建国", "㛃"], printable=[own, system])
    with pytest.raises(errors.CharacterMissing) as refused:
        rules.require_printable(["王㛃𪨶"], printable=[own])

    assert "㛃𪨶" in str(refused.value)


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        (set(), CertificateState.VALID),
        ({"superseded"}, CertificateState.SUPERSEDED),
        ({"superseded", "revoked"}, CertificateState.REVOKED),
    ],
)
def test_revoked_says_more_than_superseded(ends, state) -> None:
    assert rules.state_of(ends) is state


def test_numbers_have_two_parts_and_say_nothing_of_the_person() -> None:
    number = rules.new_number(2026, lambda letters: letters[-1])

    assert number == "2026-ZZZZZZZZZ"
    assert rules.is_number(number)
    assert not rules.is_number("2026-ZZZZZZZZ0")


@pytest.mark.parametrize("typed", ["2026-k7qm4t9xb", " 2026 — K7QM4T9XB ", "２０２６－Ｋ7QM4T9XB"])
def test_numbers_are_read_as_people_type_them(typed) -> None:
    assert rules.normal_number(typed) == "2026-K7QM4T9XB"


def test_signed_line_reads_back_and_says_no_name() -> None:
    line = rules.written(PAYLOAD)

    assert rules.parse(line) == PAYLOAD
    assert rules.parse(line.replace("20260520", "later")) is None
    assert rules.parse("LB1|what") is None
    assert rules.written(replace(PAYLOAD, issuer="甲|乙")).count("|") == line.count("|")


def test_changed_word_breaks_the_signature() -> None:
    line = rules.written(PAYLOAD)
    signature = signing.sign(line.encode())
    key = signing.public_keys()["test"]

    assert signing.is_signed(line.encode(), signature, public_key=key)
    assert not signing.is_signed(line.replace("|120|", "|920|").encode(), signature, public_key=key)
    assert not signing.is_signed(line.encode(), signature[:-1], public_key=key)
    assert not signing.is_signed(line.encode(), signature, public_key=key[::-1])


def test_fragment_is_short_enough_for_a_code_on_paper() -> None:
    line = rules.written(PAYLOAD)
    fragment = rules.encoded(line, signing.sign(line.encode()))

    data, _, signature = fragment.partition(".")
    assert base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode() == line
    assert len(base64.urlsafe_b64decode(signature + "==")) == 64
    assert len(fragment) < 260


def test_base58_keeps_leading_zeros() -> None:
    assert rules.base58(b"\0\0Hello World!") == "112NEpo7TZRRrLZSi2U"


def test_issuer_is_named_by_where_it_is_served() -> None:
    assert rules.did_of("https://linbang.example/") == "did:web:linbang.example:certificates"
    assert rules.did_of("http://localhost:8000/") == "did:web:localhost%3A8000:certificates"
