import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.ledger.models import Hold, Transfer
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.outcomes.time_bank.choices import EstateCause, RulingDecision


class Dispute(CellModel):
    """One side says that a movement is not right (rule 73); what is there of it is frozen.

    ``other`` is the other side, nobody for the pool. ``hold`` is what could be frozen of it.
    ``closed_at``: a decision was confirmed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    transfer = CellForeignKey(Transfer, models.PROTECT, related_name="+", db_index=False)
    opened_by = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    other = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False)
    minutes = models.PositiveIntegerField()
    text = SealedTextField()
    hold = AnyCellForeignKey(Hold, models.PROTECT, null=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("储蓄异议")
        constraints = [
            models.UniqueConstraint(fields=["cell", "transfer"], name="dispute_once_a_transfer")
        ]
        indexes = [
            models.Index(
                fields=["region", "due_on"], condition=Q(closed_at=None), name="dispute_open"
            )
        ]


class DisputeReply(CellModel):
    """What a side says in a dispute. Append-only."""

    dispute = CellForeignKey(Dispute, models.PROTECT, related_name="replies")
    by_id = models.BigIntegerField()
    text = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("异议答辩")


class Ruling(CellModel):
    """What one member of staff proposes about a dispute; it counts once another one confirms."""

    dispute = CellForeignKey(Dispute, models.PROTECT, related_name="rulings")
    decision = models.CharField(max_length=8, choices=RulingDecision)
    reason = SealedTextField()
    proposed_by_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    answered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    is_confirmed = models.BooleanField(null=True)
    transfer = CellOneToOneField(Transfer, models.PROTECT, null=True, related_name="+")
    short_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("异议处理")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "dispute"],
                condition=Q(answered_at=None),
                name="ruling_open_once_a_dispute",
            ),
            models.CheckConstraint(
                condition=Q(answered_by_id=None, answered_at=None, is_confirmed=None)
                | Q(
                    answered_by_id__isnull=False,
                    answered_at__isnull=False,
                    is_confirmed__isnull=False,
                )
                & ~Q(answered_by_id=F("proposed_by_id")),
                name="ruling_needs_two_people",
            ),
        ]


class Nomination(CellModel):
    """A saver says who is to have what is left one day; nobody named means the pool (rule 72)."""

    person = CellForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    heir = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_id = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("储蓄交给谁")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "person"], condition=Q(ended_at=None), name="nomination_counts_once"
            ),
            models.CheckConstraint(
                condition=Q(heir=None) | ~Q(heir=F("person")), name="nomination_names_another"
            ),
        ]


class Estate(CellModel):
    """What a saver left: proposed with a document by one member of staff, done by another."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False)
    cause = models.CharField(max_length=8, choices=EstateCause)
    opened_at = models.DateTimeField()
    heir = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="+")
    document = SealedTextField()
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField(null=True)
    done_by_id = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    minutes = models.PositiveIntegerField(default=0)
    transfer = CellForeignKey(Transfer, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("储蓄移交")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "person"], condition=Q(done_at=None), name="estate_open_once"
            ),
            models.CheckConstraint(
                condition=Q(proposed_at=None, proposed_by_id=None, done_at=None)
                | Q(proposed_at__isnull=False, proposed_by_id__isnull=False) & ~Q(document=""),
                name="estate_is_proposed_with_a_document",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by_id=None)
                | Q(done_at__isnull=False, done_by_id__isnull=False)
                & ~Q(done_by_id=F("proposed_by_id")),
                name="estate_needs_two_people",
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "opened_at"], condition=Q(done_at=None), name="estate_open"
            )
        ]
