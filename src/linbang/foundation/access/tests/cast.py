"""The cast of these tests. People stand above access: their table is reached by its name."""

from datetime import UTC, date, datetime

from django.apps import apps

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import make_account, make_grant
from linbang.foundation.access.models import Account
from linbang.foundation.access.queries import actor_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.places.factories import COMMUNITY, make_region_tree

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PASSWORD = "Xinzhu2026"


def make_member(
    name: str = "李秀英",
    role: Role | None = None,
    *,
    region: str = COMMUNITY,
    phone: str | None = None,
    password: str = "",
) -> Account:
    """Make an account with a person behind it, and a role if one is named."""
    make_region_tree()
    account = make_account(phone, password=password, now=NOW)
    apps.get_model("people.Person").objects.create(
        cell=account.cell, account=account, name=name, pinyin="li xiu ying", initials="lxy",
        sex="f", birth_date=date(1956, 3, 8), document_type="01", document_number="1",
        document_digest=f"digest{account.pk}", region_id=COMMUNITY, channel="self",
        registered_at=NOW,
    )  # fmt: skip
    if role is not None:
        make_grant(account, role, region=region, now=NOW)
    return account


def acting(account: Account) -> Actor:
    """Return who acts under an account."""
    return actor_of(account.pk, address="203.0.113.9")
