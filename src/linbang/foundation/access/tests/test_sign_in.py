"""Codes, passwords and second factors, as actions."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest

from linbang.foundation import clock, events
from linbang.foundation.access import actions, queries, rules
from linbang.foundation.access.choices import CodePurpose, Role
from linbang.foundation.access.errors import (
    CodesUsedUp,
    CodeTooSoon,
    CodeWrong,
    FactorLocked,
    FactorRequired,
    FactorSetAlready,
    FactorWrong,
    NoSuchAccount,
    PasswordLocked,
    PasswordWrong,
    TooManyTries,
)
from linbang.foundation.access.events import SignInCodeIssued
from linbang.foundation.access.factories import make_account, make_code, make_factor
from linbang.foundation.access.models import Account, SignInAttempt, SignInCode
from linbang.foundation.access.rules import Actor
from linbang.foundation.access.tests.cast import NOW, PASSWORD, acting, make_member
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotFound

pytestmark = pytest.mark.django_db
VISITOR = Actor(address="203.0.113.9")
PHONE = "13800001234"


def later(**time: float) -> datetime:
    return NOW + timedelta(**time)


@pytest.fixture
def issued(monkeypatch: pytest.MonkeyPatch) -> list[SignInCodeIssued]:
    heard: list[SignInCodeIssued] = []
    reactions: dict[type, tuple[Callable[[Any], None], ...]] = {SignInCodeIssued: (heard.append,)}
    monkeypatch.setattr(events, "_reactions", lambda: reactions)
    return heard


def ask(phone: str = PHONE, *, now: datetime = NOW, by: Actor = VISITOR) -> None:
    actions.issue_code(phone=phone, purpose=CodePurpose.SIGN_IN, by=by, now=now)


def enter(code: str, phone: str = PHONE, *, now: datetime = NOW) -> Account | None:
    return actions.sign_in_with_code(phone=phone, code=code, by=VISITOR, now=now)


def test_code_signs_its_account_in(issued: list[SignInCodeIssued]) -> None:
    account = make_account(PHONE)

    ask("138 0000 1234")

    (news,) = issued
    assert (news.phone, news.cell, len(news.code)) == (PHONE, account.cell, 6)
    assert enter(news.code, now=later(minutes=4)) == account
    event = AuditEvent.objects.get(action="access.sign_in")
    assert (event.subject_id, event.outcome) == (str(account.pk), "done")


def test_code_goes_to_unknown_numbers_too(issued: list[SignInCodeIssued]) -> None:
    ask()

    (news,) = issued
    assert news.cell == "000000"
    assert enter(news.code) is None


def test_code_is_kept_only_as_a_keyed_hash(issued: list[SignInCodeIssued]) -> None:
    ask()

    assert issued[0].code not in SignInCode.objects.get().code_hash


def test_second_code_within_a_minute_is_refused(issued: list[SignInCodeIssued]) -> None:
    ask()

    with pytest.raises(CodeTooSoon):
        ask(now=later(seconds=59))
    ask(now=later(seconds=60))
    assert len(issued) == 2


def test_sixth_code_of_a_day_is_refused(issued: list[SignInCodeIssued]) -> None:
    # Rule 103. The day is China's.
    start, tomorrow = clock.day_window(clock.local_date(NOW))
    for minute in range(5):
        ask(now=start + timedelta(minutes=minute))

    with pytest.raises(CodesUsedUp):
        ask(now=start + timedelta(hours=23))
    ask(now=tomorrow)
    assert len(issued) == 6


@pytest.mark.usefixtures("issued")
def test_address_that_asks_for_many_numbers_is_refused() -> None:
    for number in range(rules.TRIES_PER_ADDRESS):
        ask(f"138000{number:05}")

    with pytest.raises(TooManyTries):
        ask("13911112222")
    ask("13911112222", by=Actor(address="203.0.113.10"))
    ask("13911113333", now=later(minutes=10))


@pytest.mark.parametrize("age", [timedelta(minutes=5), timedelta(days=1)])
def test_old_code_is_refused(age: timedelta) -> None:
    make_code(make_account(PHONE), now=NOW)

    with pytest.raises(CodeWrong) as refusal:
        enter("123456", now=NOW + age)

    assert refusal.value.field == "code"


def test_used_code_is_refused() -> None:
    make_code(make_account(PHONE), now=NOW)

    enter("123456")

    with pytest.raises(CodeWrong):
        enter("123456")


def test_only_the_newest_code_counts() -> None:
    account = make_account(PHONE)
    make_code(account, "111111", now=NOW)
    make_code(account, "222222", now=later(minutes=1))

    with pytest.raises(CodeWrong):
        enter("111111", now=later(minutes=2))
    assert enter("222222", now=later(minutes=2)) == account


def test_code_of_another_purpose_is_refused() -> None:
    make_code(make_account(PHONE), purpose=CodePurpose.RESET_PASSWORD, now=NOW)

    with pytest.raises(CodeWrong):
        enter("123456")


def test_five_wrong_tries_spoil_a_code() -> None:
    make_code(make_account(PHONE), now=NOW)
    for _ in range(5):
        with pytest.raises(CodeWrong):
            enter("000000")

    with pytest.raises(CodeWrong):
        enter("123456")


def test_closed_account_does_not_come_in() -> None:
    account = make_account(PHONE)
    make_code(account, now=NOW)
    Account.objects.filter(pk=account.pk).update(is_active=False)

    assert enter("123456") is None


def test_password_signs_its_account_in() -> None:
    account = make_account(PHONE, password=PASSWORD)

    came = actions.sign_in_with_password(phone=PHONE, password=PASSWORD, by=VISITOR, now=NOW)

    assert came == account


@pytest.mark.parametrize("known", [True, False])
def test_wrong_password_says_nothing_of_the_number(known: bool) -> None:
    if known:
        make_account(PHONE, password=PASSWORD)
    for second in range(5):
        with pytest.raises(PasswordWrong):
            actions.sign_in_with_password(
                phone=PHONE, password="Wrong2026", by=VISITOR, now=later(seconds=second)
            )

    with pytest.raises(PasswordLocked):
        actions.sign_in_with_password(
            phone=PHONE, password=PASSWORD, by=VISITOR, now=later(minutes=10)
        )


def test_lock_ends_after_ten_minutes_and_codes_still_work() -> None:
    account = make_account(PHONE, password=PASSWORD)
    for _ in range(5):
        with pytest.raises(PasswordWrong):
            actions.sign_in_with_password(phone=PHONE, password="x", by=VISITOR, now=NOW)
    make_code(account, now=NOW)

    assert enter("123456") == account
    came = actions.sign_in_with_password(
        phone=PHONE, password=PASSWORD, by=VISITOR, now=later(minutes=10)
    )
    assert came == account


def test_success_forgets_earlier_failures() -> None:
    make_account(PHONE, password=PASSWORD)
    for password in ["x", "x", "x", "x", PASSWORD]:
        try:
            actions.sign_in_with_password(phone=PHONE, password=password, by=VISITOR, now=NOW)
        except PasswordWrong:
            continue

    with pytest.raises(PasswordWrong):
        actions.sign_in_with_password(phone=PHONE, password="x", by=VISITOR, now=NOW)


def test_account_without_password_cannot_use_one() -> None:
    make_account(PHONE)

    with pytest.raises(PasswordWrong):
        actions.sign_in_with_password(phone=PHONE, password="", by=VISITOR, now=NOW)


def test_reset_sets_password_and_ends_sessions() -> None:
    account = make_account(PHONE)
    make_code(account, purpose=CodePurpose.RESET_PASSWORD, now=NOW)

    actions.reset_password(phone=PHONE, code="123456", password=PASSWORD, by=VISITOR, now=NOW)

    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    assert (account.password_set_at, account.sessions_valid_from) == (NOW, NOW)


def test_reset_without_account_is_told_after_proof() -> None:
    account = make_account(PHONE)
    make_code(account, purpose=CodePurpose.RESET_PASSWORD, now=NOW)
    Account.objects.filter(pk=account.pk).update(is_active=False)

    with pytest.raises(NoSuchAccount):
        actions.reset_password(phone=PHONE, code="123456", password=PASSWORD, by=VISITOR, now=NOW)


def test_change_needs_the_current_password() -> None:
    account = make_account(PHONE, password=PASSWORD)
    by = acting(account)

    with pytest.raises(PasswordWrong):
        actions.change_password(
            account_id=account.pk, current="Wrong2026", password="Qingxiu2026", by=by, now=NOW
        )
    actions.change_password(
        account_id=account.pk, current=PASSWORD, password="Qingxiu2026", by=by, now=NOW
    )

    account.refresh_from_db()
    assert account.check_password("Qingxiu2026")


def test_factor_is_confirmed_by_its_first_code() -> None:
    account = make_account()
    factor = actions.begin_factor(account_id=account.pk, by=acting(account), now=NOW)
    again = actions.begin_factor(account_id=account.pk, by=acting(account), now=NOW)

    code = pyotp.TOTP(factor.secret).at(NOW)
    codes = actions.confirm_factor(account_id=account.pk, code=code, by=acting(account), now=NOW)

    assert again.secret == factor.secret
    assert len(set(codes)) == 10
    assert queries.has_factor(account)
    with pytest.raises(FactorSetAlready):
        actions.begin_factor(account_id=account.pk, by=acting(account), now=NOW)
    with pytest.raises(FactorSetAlready):
        actions.confirm_factor(account_id=account.pk, code=code, by=acting(account), now=NOW)


def test_factor_is_not_confirmed_by_a_wrong_code() -> None:
    account = make_account()

    with pytest.raises(FactorWrong):
        actions.confirm_factor(account_id=account.pk, code="1", by=acting(account), now=NOW)
    actions.begin_factor(account_id=account.pk, by=acting(account), now=NOW)
    with pytest.raises(FactorWrong):
        actions.confirm_factor(account_id=account.pk, code="1", by=acting(account), now=NOW)


def give(account: Account, code: str, *, now: datetime = NOW) -> None:
    actions.pass_factor(account_id=account.pk, code=code, by=acting(account), now=now)


def test_one_time_code_passes_once() -> None:
    account = make_account()
    factor = make_factor(account, now=NOW)
    code = pyotp.TOTP(factor.secret).at(NOW)

    give(account, code)

    with pytest.raises(FactorWrong):
        give(account, code)


def test_recovery_code_passes_once() -> None:
    account = make_account()
    factor = make_factor(account, now=NOW)
    present = pyotp.TOTP(factor.secret).at(NOW)
    code, *_rest = actions.renew_recovery_codes(
        account_id=account.pk, code=present, by=acting(account), now=NOW
    )

    give(account, code.upper())

    with pytest.raises(FactorWrong):
        give(account, code)


def test_five_wrong_one_time_codes_lock() -> None:
    account = make_account()
    factor = make_factor(account, now=NOW)
    for _ in range(5):
        with pytest.raises(FactorWrong):
            give(account, "000")

    with pytest.raises(FactorLocked):
        give(account, pyotp.TOTP(factor.secret).at(NOW))


def test_officer_keeps_the_factor() -> None:
    officer = make_member("陈静", Role.STREET_OFFICER, region="450103001")
    factor = make_factor(officer, now=NOW)

    with pytest.raises(FactorRequired):
        actions.remove_factor(
            account_id=officer.pk,
            code=pyotp.TOTP(factor.secret).at(NOW),
            by=acting(officer),
            now=NOW,
        )


def test_removing_the_factor_ends_sessions() -> None:
    account = make_account()
    factor = make_factor(account, now=NOW)

    actions.remove_factor(
        account_id=account.pk,
        code=pyotp.TOTP(factor.secret).at(NOW),
        by=acting(account),
        now=NOW,
    )

    account.refresh_from_db()
    assert not queries.has_factor(account)
    assert account.sessions_valid_from == NOW


def test_demo_offers_a_code_that_still_works() -> None:
    account = make_account()
    make_factor(account, now=NOW)

    give(account, queries.demo_code(account.pk, now=NOW))
    give(account, queries.demo_code(account.pk, now=NOW))

    assert queries.demo_code(make_account().pk, now=NOW) == ""


def test_old_tries_are_forgotten() -> None:
    account = make_account(PHONE)
    make_code(account, now=NOW)
    enter("123456")

    actions.forget_the_old(now=later(days=2))
    assert (SignInAttempt.objects.count(), SignInCode.objects.count()) == (1, 1)
    actions.forget_the_old(now=later(days=2, seconds=1))

    assert (SignInAttempt.objects.count(), SignInCode.objects.count()) == (0, 0)


def test_missing_account_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.account_with_id(0)
    with pytest.raises(NotFound):
        queries.lock_account(0)
