"""Passes: what is believed, what is not, and what revokes them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linbang.foundation import clock
from linbang.foundation.access import actions, queries, rules
from linbang.foundation.access.choices import Role
from linbang.foundation.access.errors import PassRefused, SignInNeeded
from linbang.foundation.access.factories import client_of, make_device, make_factor, make_pass
from linbang.foundation.access.models import Account, Device, PassRevocation
from linbang.foundation.access.rules import Pass, RevokedPasses
from linbang.foundation.access.tests.cast import NOW, PASSWORD, acting, make_member

KEY = rules.pass_key("a secret of the site")
ISSUED = 1_763_805_600
HOLDER = Pass(12, 34, "450103", 56, ISSUED, ISSUED + 600)


def read(text: str, *, key: bytes = KEY, now: float = ISSUED + 1) -> Pass:
    return rules.read_pass(text, key=key, now=now)


def test_pass_tells_its_holder() -> None:
    text = rules.write_pass(HOLDER, key=KEY)

    assert text.startswith("lb1.12.34.450103.56.1763805600.1763806200.")
    assert read(text) == HOLDER


@pytest.mark.parametrize("position", range(len(rules.write_pass(HOLDER, key=KEY))))
def test_no_character_of_a_pass_may_change(position: int) -> None:
    text = rules.write_pass(HOLDER, key=KEY)
    other = "1" if text[position] != "1" else "2"

    with pytest.raises(PassRefused):
        read(text[:position] + other + text[position + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", ".", "lb1", "lb1.12.34.450103.56.1763805600.1763806200", "lb1.12.34.450103.56.0.9.", "…"],
)
def test_text_without_a_signature_is_no_pass(text: str) -> None:
    with pytest.raises(PassRefused) as refusal:
        read(text)

    assert (refusal.value.code, refusal.value.status) == ("pass_refused", 401)


def test_signature_of_another_secret_is_refused() -> None:
    text = rules.write_pass(HOLDER, key=rules.pass_key("another secret"))

    with pytest.raises(PassRefused):
        read(text)


def test_signature_for_another_purpose_is_no_pass() -> None:
    # Whoever gets the secret's plain HMAC of something from elsewhere has no pass.
    text = rules.write_pass(HOLDER, key=b"a secret of the site")

    with pytest.raises(PassRefused):
        read(text)


def test_pass_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules.passes, "_VERSION", "lb0")
    text = rules.write_pass(HOLDER, key=KEY)
    monkeypatch.undo()

    with pytest.raises(PassRefused):
        read(text)


@pytest.mark.parametrize(("late_s", "is_good"), [(599, True), (600, False), (601, False)])
def test_pass_ends_in_time(late_s: int, is_good: bool) -> None:
    text = rules.write_pass(HOLDER, key=KEY)

    if is_good:
        assert read(text, now=ISSUED + late_s) == HOLDER
    else:
        with pytest.raises(PassRefused):
            read(text, now=ISSUED + late_s)


@pytest.mark.parametrize(
    ("rows", "is_revoked"),
    [
        ([], False),
        ([(12, 56)], True),
        ([(12, None)], True),
        ([(12, 57)], False),  # another device of the same account
        ([(13, None)], False),
    ],
)
def test_revocation_is_of_a_device_or_of_the_account(
    rows: list[tuple[int, int | None]], is_revoked: bool
) -> None:
    assert RevokedPasses.of(rows, read_at=0.0).covers(HOLDER) is is_revoked


@pytest.mark.parametrize(("now", "is_current"), [(10.0, True), (15.0, True), (15.1, False)])
def test_old_news_of_revocations_is_not_believed(now: float, is_current: bool) -> None:
    assert RevokedPasses.of([], read_at=10.0).is_current(now) is is_current


def test_pass_is_for_members_on_a_device() -> None:
    actor = rules.Actor(account_id=12, person_id=34, cell="450103")

    issued = queries.pass_of(actor, device_id=56, now=NOW)

    holder = rules.read_pass(
        issued.token, key=rules.pass_key("only for tests"), now=NOW.timestamp()
    )
    assert (holder.account_id, holder.person_id, holder.device_id) == (12, 34, 56)
    assert issued.expires_at - NOW == timedelta(minutes=10) == rules.PASS_LIFETIME
    for stranger, device in [(actor, None), (rules.Actor(account_id=12), 56), (rules.Actor(), 56)]:
        with pytest.raises(SignInNeeded):
            queries.pass_of(stranger, device_id=device, now=NOW)


def end_one(account: Account, device: Device) -> None:
    actions.end_device(public_id=device.public_id, by=acting(account), now=NOW)


def sign_out(account: Account, device: Device) -> None:
    actions.close_session(device_id=device.pk, by=acting(account), now=NOW)


def sign_out_everywhere(account: Account, device: Device) -> None:
    actions.sign_out_everywhere(account_id=account.pk, by=acting(account), now=NOW)


def change_password(account: Account, device: Device) -> None:
    actions.set_password(account_id=account.pk, password=PASSWORD, by=acting(account), now=NOW)


def revoked() -> RevokedPasses:
    """What a serving process would read a moment later."""
    with connection.cursor() as cursor:
        cursor.execute(queries.REVOKED_PASSES, [NOW - rules.REVOCATION_LIFETIME])
        return RevokedPasses.of(cursor.fetchall(), read_at=0.0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("leave", "ends_others"),
    [
        (end_one, False),
        (sign_out, False),
        (sign_out_everywhere, True),
        (change_password, True),
    ],
)
def test_leaving_revokes_the_passes(
    leave: Callable[[Account, Device], None], ends_others: bool
) -> None:
    account, stranger = make_member(), make_member()
    device, other = (make_device(account, now=NOW) for _ in range(2))
    theirs = make_device(stranger, now=NOW)

    leave(account, device)

    assert device.pk in revoked().devices
    assert (other.pk in revoked().devices) is ends_others
    assert theirs.pk not in revoked().devices
    assert revoked().accounts == frozenset()


@pytest.mark.django_db
def test_removing_the_second_factor_revokes_the_passes() -> None:
    account = make_member()
    factor, device = make_factor(account, now=NOW), make_device(account, now=NOW)
    code = rules.sign_in.pyotp.TOTP(factor.secret).at(NOW)

    actions.remove_factor(account_id=account.pk, code=code, by=acting(account), now=NOW)

    assert device.pk in revoked().devices


@pytest.mark.django_db
def test_passes_of_an_account_are_revoked_at_once() -> None:
    account = make_member()

    actions.revoke_passes(account_id=account.pk, cell=account.cell, now=NOW)
    actions.revoke_passes(account_id=None, cell=account.cell, now=NOW)

    assert revoked().accounts == {account.pk}


@pytest.mark.django_db
def test_revocations_are_read_as_long_as_a_pass_could_live() -> None:
    account = make_member()
    lifetime = rules.REVOCATION_LIFETIME

    actions.revoke_passes(account_id=account.pk, cell=account.cell, now=NOW - lifetime)
    assert revoked().accounts == frozenset()
    actions.revoke_passes(
        account_id=account.pk, cell=account.cell, now=NOW - lifetime + timedelta(seconds=1)
    )
    assert revoked().accounts == {account.pk}

    actions.forget_the_old(now=NOW + timedelta(days=3))
    assert not PassRevocation.objects.exists()


def signed_in(account: Account, **options: Any) -> Client:
    client = client_of(account)
    client.handler.enforce_csrf_checks = options.get("enforce_csrf_checks", False)
    session = client.session
    session["device"] = make_device(account).pk
    session.save()
    return client


@pytest.mark.django_db
def test_api_hands_out_a_pass() -> None:
    account = make_member()
    client = signed_in(account)

    answer = client.post("/api/v1/pass").json()

    holder = rules.read_pass(
        answer["token"], key=rules.pass_key("only for tests"), now=clock.now().timestamp()
    )
    assert (holder.account_id, holder.cell) == (account.pk, account.cell)
    assert holder.device_id == client.session["device"]
    assert answer["expires_at"] > clock.now().isoformat()


@pytest.mark.django_db
def test_api_hands_passes_to_members_with_the_csrf_header_only() -> None:
    make_member()
    careless = signed_in(make_member(), enforce_csrf_checks=True)

    assert Client().post("/api/v1/pass").json()["code"] == "not_signed_in"
    assert careless.post("/api/v1/pass").json()["code"] == "csrf_failed"


@pytest.mark.django_db
def test_api_hands_no_pass_to_who_lacks_the_second_factor() -> None:
    officer = make_member("周宁", Role.AUDITOR, region="450103")
    client = signed_in(officer)
    session = client.session
    session["factor"] = False
    session.save()

    assert client.post("/api/v1/pass").status_code == 401


@pytest.mark.django_db
def test_pass_of_an_officer_carries_no_role() -> None:
    officer = make_member("陈静", Role.COMMUNITY_OFFICER)

    holder = rules.read_pass(
        make_pass(officer), key=rules.pass_key("only for tests"), now=clock.now().timestamp()
    )

    assert not hasattr(holder, "grants")
    assert holder.account_id == officer.pk
