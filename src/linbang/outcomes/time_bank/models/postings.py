from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.ledger.models import Account, Transfer
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.time_bank.choices import PoolCause


class Posting(CellModel):
    """A verified record was banked: once, or not at all. Append-only.

    ``transfer`` brought what the person keeps, ``pool_transfer`` what went to the pool on the same
    day (rule 66) and ``cause`` why; the scheme that decided stays with it. Together they are the
    record's minutes.
    """

    record = CellOneToOneField(ServiceRecord, models.PROTECT, related_name="posting")
    transfer = CellOneToOneField(Transfer, models.PROTECT, null=True, related_name="+")
    pool_transfer = CellOneToOneField(Transfer, models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField()
    pooled = models.PositiveIntegerField(default=0)
    cause = models.CharField(max_length=8, choices=PoolCause, blank=True)
    scheme = models.CharField(max_length=16, default="xinzhu")
    scheme_version = models.PositiveSmallIntegerField(default=1)
    posted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("爱心储蓄入账")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="posting_banks_something"),
            models.CheckConstraint(
                condition=Q(pooled=0, pool_transfer=None, cause="", transfer__isnull=False)
                | ~Q(cause="")
                & Q(pool_transfer__isnull=False)
                & (
                    Q(pooled__gt=0, pooled__lt=F("minutes"), transfer__isnull=False)
                    | Q(pooled=F("minutes"), transfer=None)
                ),
                name="posting_splits_between_person_and_pool",
            ),
        ]

    @property
    def kept(self) -> int:
        """What the person was given of the minutes."""
        return self.minutes - self.pooled

    @property
    def person_id(self) -> int:
        """Whose minutes they are."""
        return self.record.person_id


class Adjustment(CellModel):
    """A banked record changed, or was voided, and the books followed. Append-only, once a key.

    ``minutes`` is the whole change, below zero for what was taken back; ``pooled`` the part of it
    that concerns the pool. What could not be taken back is a ``Shortfall`` of its own.
    """

    record = CellForeignKey(ServiceRecord, models.PROTECT, related_name="adjustments")
    key = models.CharField(max_length=80, db_collation="C")
    minutes = models.IntegerField()
    pooled = models.IntegerField(default=0)
    cause = models.CharField(max_length=8, choices=PoolCause, blank=True)
    transfer = CellOneToOneField(Transfer, models.PROTECT, null=True, related_name="+")
    pool_transfer = CellOneToOneField(Transfer, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("入账更正")
        constraints = [
            models.UniqueConstraint(fields=["cell", "key"], name="adjustment_key_once"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, pooled__range=(0, F("minutes")))
                | Q(minutes__lt=0, pooled__range=(F("minutes"), 0)),
                name="adjustment_splits_between_person_and_pool",
            ),
        ]

    @property
    def kept(self) -> int:
        """The part of the change that concerns the person."""
        return self.minutes - self.pooled


class Movement(CellModel):
    """A deposit (above zero) or withdrawal of a saver, at the branch that served. Append-only.

    An account is the person's, and any branch serves (通存通兑): ``branch`` is where it was done,
    ``home`` where the saver lived then. One row for each transfer in or out of a personal book.
    """

    transfer = CellForeignKey(Transfer, models.PROTECT, related_name="+", db_index=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    minutes = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    branch = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False)
    home = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("通存通兑")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "transfer", "person"], name="movement_once_a_transfer_and_saver"
            ),
            models.CheckConstraint(condition=~Q(minutes=0), name="movement_moves_something"),
        ]
        indexes = [
            models.Index(fields=["branch", "at"], name="movement_by_branch"),
            models.Index(fields=["home", "at"], name="movement_by_home"),
            models.Index(fields=["cell", "person", "at"], name="movement_by_saver"),
        ]


class Shortfall(CellModel):
    """Minutes a correction had to take back and could not: they were spent, or the book is frozen.

    Without ``record``: a dispute was decided so, and its movement was of no record (rule 73).
    ``settled`` grows as whatever the book gets later pays for it, first of all; no balance is ever
    negative. ``account`` is the person's or the pool's.
    """

    record = CellForeignKey(ServiceRecord, models.PROTECT, null=True, related_name="shortfalls")
    account = CellForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80, db_collation="C")
    minutes = models.PositiveIntegerField()
    settled = models.PositiveIntegerField(default=0)
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("应退未退")
        constraints = [
            models.UniqueConstraint(fields=["cell", "key"], name="shortfall_key_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="shortfall_lacks_something"),
            models.CheckConstraint(
                condition=Q(settled__lte=F("minutes")), name="shortfall_is_settled_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["cell", "account", "id"],
                condition=Q(settled__lt=F("minutes")),
                name="shortfall_open",
            )
        ]

    @property
    def open_minutes(self) -> int:
        """What is still to be given back."""
        return self.minutes - self.settled


class ShortfallSettlement(CellModel):
    """A later earning paid for a shortfall, wholly or in part. Append-only."""

    shortfall = CellForeignKey(Shortfall, models.PROTECT, related_name="settlements")
    transfer = CellOneToOneField(Transfer, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("应退补扣")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gt=0), name="shortfall_settlement_pays_something"
            )
        ]
