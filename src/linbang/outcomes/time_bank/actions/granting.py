"""The pool's monthly grants to needy elders, and their return when the month is over (rule 71)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.clock import local_date
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import AccountOrder, TransferOrder
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.models import Account
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.actions.books import accepted
from linbang.outcomes.time_bank.choices import GrantSource, Purpose
from linbang.outcomes.time_bank.models import Grant, GrantReturn
from linbang.outcomes.time_bank.queries import Elder

# Locked and written together; more take several turns.
_A_TURN = 1000


@dataclass(frozen=True, slots=True)
class _Share:
    """What one elder gets, out of which book."""

    elder: Elder
    giver: Account
    minutes: int


def renew_grants(*, now: datetime) -> tuple[int, int]:
    """Return what is left of grants that are over, then grant this month; once each, however often
    it runs. Answers how many were returned and granted.
    """
    returned = granted = 0
    while turn := return_grants(now=now):
        returned += turn
    month = rules.month_of(local_date(now))
    for cell in queries.cells_with_care():
        granted += grant_month(cell=cell, month=month, now=now)
    return returned, granted


@transaction.atomic
def grant_month(*, cell: str, month: date, now: datetime) -> int:
    """Grant a month's time to everybody of a cell who is due and has none yet; return to how many.

    A pool that does not reach for all gives all the same. Set-based: a dozen statements a thousand
    people.
    """
    elders = queries.elders_to_grant(cell, month=month, at=now)
    if not elders:
        return 0
    givers = _lock_givers(elders, now=now)
    # Whoever was before us at the locks has granted some of them meanwhile.
    elders = queries.elders_to_grant(cell, month=month, at=now)
    shares = _shares(elders, givers)
    for at in range(0, len(shares), _A_TURN):
        _grant(shares[at : at + _A_TURN], month=month, now=now)
    return len(shares)


@transaction.atomic
def return_grants(*, now: datetime) -> int:
    """Return what is left of up to a thousand grants that are over; how many were ended."""
    grants = queries.grants_to_return(at=now, limit=_A_TURN)
    if not grants:
        return 0
    givers = queries.givers_of(grants)
    left = [grant for grant in grants if grant.account.balance]
    verdicts = ledger.post_transfers(
        orders=[
            TransferOrder(
                cell=grant.cell,
                key=rules.grant_return_key(grant.pk),
                debit_id=grant.account_id,
                credit_id=givers[grant.pk],
                amount=grant.account.balance,
                purpose=Purpose.EXPIRED,
                source=rules.grant_key(grant.person_id, grant.month),
            )
            for grant in left
        ],
        now=now,
    )
    transfers = {grant.pk: accepted(verdict) for grant, verdict in zip(left, verdicts, strict=True)}
    GrantReturn.objects.bulk_create(
        GrantReturn(
            cell=grant.cell,
            grant=grant,
            transfer_id=transfers.get(grant.pk),
            minutes=grant.account.balance,
            at=now,
        )
        for grant in grants
    )
    audit.record_many(by=Actor.system(), action="time_bank.return_grant", subjects=grants, now=now)
    return len(grants)


def _lock_givers(elders: Sequence[Elder], *, now: datetime) -> dict[tuple[str, str], Account]:
    """Return the books grants come from, by kind and label, open and locked.

    Opened before any grant's book, so that they are locked before those are: ids rise.
    """
    orders = list(dict.fromkeys(_giver_of(elder) for elder in elders))
    opened = ledger.open_accounts(orders=orders, now=now)
    locked = queries.lock_books(opened)
    return {
        (order.kind, order.owner): locked[one.pk] for order, one in zip(orders, opened, strict=True)
    }


def _giver_of(elder: Elder) -> AccountOrder:
    is_issue = elder.scheme.grant_source is GrantSource.ISSUE
    return AccountOrder(
        cell=elder.cell,
        owner=rules.issuer_of(elder.cell)
        if is_issue
        else rules.pool_of(elder.scheme.region_code, cell=elder.cell),
        unit=Unit.MINUTES,
        kind=AccountKind.ISSUE if is_issue else AccountKind.POOL,
    )


def _shares(elders: Sequence[Elder], givers: dict[tuple[str, str], Account]) -> list[_Share]:
    """Divide each pool among its elders; a fund that issues gives everybody in full."""
    by_giver: dict[int, list[Elder]] = defaultdict(list)
    accounts: dict[int, Account] = {}
    for elder in elders:
        order = _giver_of(elder)
        account = givers[order.kind, order.owner]
        accounts[account.pk] = account
        by_giver[account.pk].append(elder)
    return [
        _Share(elder, accounts[account_id], minutes)
        for account_id, group in by_giver.items()
        for elder, minutes in zip(group, _minutes_of(group, accounts[account_id]), strict=True)
        if minutes
    ]


def _minutes_of(group: Sequence[Elder], account: Account) -> list[int]:
    if account.kind == AccountKind.ISSUE:
        return [elder.scheme.grant_minutes for elder in group]
    # A pool belongs to one scheme: its region's.
    scheme = group[0].scheme
    return rules.grant_shares(
        account.balance - account.held,
        len(group),
        most=scheme.grant_minutes,
        step=scheme.step_minutes,
    )


def _grant(shares: Sequence[_Share], *, month: date, now: datetime) -> None:
    books = ledger.open_accounts(
        orders=[
            AccountOrder(
                cell=share.elder.cell,
                owner=rules.grant_owner_of(share.elder.person_id, month),
                unit=Unit.MINUTES,
                kind=AccountKind.GRANT,
            )
            for share in shares
        ],
        now=now,
    )
    verdicts = ledger.post_transfers(
        orders=[
            TransferOrder(
                cell=share.elder.cell,
                key=rules.grant_key(share.elder.person_id, month),
                debit_id=share.giver.pk,
                credit_id=book.pk,
                amount=share.minutes,
                purpose=Purpose.GRANTED,
                source=rules.grant_key(share.elder.person_id, month),
            )
            for share, book in zip(shares, books, strict=True)
        ],
        now=now,
    )
    grants = Grant.objects.bulk_create(
        Grant(
            cell=share.elder.cell,
            person_id=share.elder.person_id,
            month=month,
            account=book,
            transfer_id=accepted(verdict),
            region_id=share.elder.region_id,
            minutes=share.minutes,
            expires_at=rules.grant_expires_at(month)
            if share.elder.scheme.grant_expires_month_end
            else None,
            granted_at=now,
        )
        for share, book, verdict in zip(shares, books, verdicts, strict=True)
    )
    _tell(grants, now=now)


def _tell(grants: Sequence[Grant], *, now: datetime) -> None:
    audit.record_many(by=Actor.system(), action="time_bank.grant", subjects=grants, now=now)
    notify_many(
        orders=[
            NoticeOrder(
                person_id=grant.person_id,
                kind=NoticeKind.RECORD,
                template="grant_received" if grant.expires_at else "grant_received_to_keep",
                params={"minutes": grant.minutes, "month": f"{grant.month:%Y-%m}"},
                url="/love-savings/",
                key=rules.grant_key(grant.person_id, grant.month),
            )
            for grant in grants
        ],
        now=now,
    )
