from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.ledger.choices import AccountKind, Unit


class Account(CellModel):
    """One book. Only an issuing account may fall below zero; ``held`` is promised, not gone.

    ``owner`` is a label such as ``person:42``: owners stand above the ledger.
    """

    unit = models.CharField(max_length=8, choices=Unit)
    kind = models.CharField(max_length=8, choices=AccountKind)
    owner = models.CharField(max_length=60, db_collation="C")
    balance = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("账户")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "owner", "unit", "kind"], name="ledger_account_once_an_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=AccountKind.ISSUE)
                | models.Q(balance__gte=models.F("held")),
                name="ledger_balance_never_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(held__gte=0), name="ledger_held_never_negative"
            ),
        ]


class Transfer(CellModel):
    """One movement between books, under an idempotency key; reversed by a mirrored one."""

    key = models.CharField(max_length=80, db_collation="C")
    purpose = models.CharField(max_length=40)
    source = models.CharField(max_length=60, blank=True, db_collation="C")
    reverses = CellOneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    posted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("转账")
        constraints = [models.UniqueConstraint(fields=["cell", "key"], name="transfer_key_once")]


class Entry(CellModel):
    """One leg of a transfer, with the balance and account version after it. Append-only."""

    # Their indexes are the two below, which lead with the cell.
    transfer = CellForeignKey(Transfer, models.PROTECT, related_name="entries", db_index=False)
    account = CellForeignKey(Account, models.PROTECT, related_name="entries", db_index=False)
    amount = models.BigIntegerField()
    balance_after = models.BigIntegerField()
    account_version = models.BigIntegerField()

    class Meta:
        verbose_name = _("分录")
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="entry_moves_something"),
            models.UniqueConstraint(
                fields=["cell", "account", "account_version"], name="entry_versions_have_no_gap"
            ),
        ]
        indexes = [models.Index(fields=["cell", "transfer"], name="entry_by_transfer")]


class Hold(CellModel):
    """An amount promised from an account until it is settled or released, under a key."""

    key = models.CharField(max_length=80, db_collation="C")
    account = CellForeignKey(Account, models.PROTECT, related_name="holds")
    amount = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    placed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("预留")
        constraints = [
            models.UniqueConstraint(fields=["cell", "key"], name="hold_key_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="hold_amount_is_positive"
            ),
        ]


class HoldEnd(CellModel):
    """How a hold ended: settled by a transfer, or released. Append-only."""

    hold = CellOneToOneField(Hold, models.PROTECT, related_name="end")
    transfer = CellForeignKey(Transfer, models.PROTECT, null=True, related_name="+", db_index=False)
    settled = models.BigIntegerField()
    ended_at = models.DateTimeField()

    class Meta:
        verbose_name = _("预留终结")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled=0, transfer=None)
                | models.Q(settled__gt=0, transfer__isnull=False),
                name="hold_end_pays_by_transfer_or_nothing",
            )
        ]
