import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.ledger.models import Hold, Transfer
from linbang.foundation.people.models import Person
from linbang.outcomes.time_bank.choices import GiftOutcome


class Gift(CellModel):
    """A saver offers another person time; held until that one answers (rule 70). Append-only.

    Lives with the giver's books. ``by_id`` is who entered it, with a ``reason`` if for the giver.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    giver = CellForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    receiver = AnyCellForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    minutes = models.PositiveIntegerField()
    note = SealedTextField()
    hold = CellOneToOneField(Hold, models.PROTECT, related_name="+")
    by_id = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("赠送")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="gift_gives_something"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="gift_joins_two_people"),
            models.CheckConstraint(
                condition=Q(by_id=F("giver")) | ~Q(reason=""), name="gift_by_others_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["cell", "giver", "-offered_at"], name="gift_by_giver"),
            models.Index(fields=["receiver", "-offered_at"], name="gift_by_receiver"),
            models.Index(fields=["expires_at"], name="gift_by_expiry"),
        ]


class GiftAnswer(CellModel):
    """The receiver took a gift or not, or its time was over: once, and for good. Append-only.

    ``transfer`` left the giver's book; ``arrival`` came to the receiver's where that is kept in
    another county.
    """

    gift = CellOneToOneField(Gift, models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=8, choices=GiftOutcome)
    by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    transfer = CellOneToOneField(Transfer, models.PROTECT, null=True, related_name="+")
    arrival = AnyCellForeignKey(
        Transfer, models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("赠送答复")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=GiftOutcome.ACCEPTED, transfer__isnull=False)
                | ~Q(outcome=GiftOutcome.ACCEPTED) & Q(transfer=None),
                name="gift_moves_when_accepted",
            )
        ]


class Donation(CellModel):
    """A saver gave time to the pool, at once. Append-only."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="+")
    transfer = CellOneToOneField(Transfer, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    note = SealedTextField()
    by_id = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("捐给公共池")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="donation_gives_something"),
            models.CheckConstraint(
                condition=Q(by_id=F("person")) | ~Q(reason=""), name="donation_by_others_says_why"
            ),
        ]


class SavingsCard(CellModel):
    """The number on a saver's red card who is no volunteer; a volunteer's own stands on hers.

    Drawn by lot: a number must not be guessed from a neighbour's.
    """

    person = CellOneToOneField(Person, models.PROTECT, related_name="+")
    number = models.CharField(max_length=16, db_collation="C")
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name = _("爱心储蓄卡")
        constraints = [
            models.UniqueConstraint(fields=["cell", "number"], name="savings_card_number_once"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^S\d{12}$"), name="savings_card_number_is_a_lot"
            ),
        ]
