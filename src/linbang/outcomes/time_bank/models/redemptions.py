import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.ledger.models import Account, Hold, Transfer
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.needs.models import Need
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.time_bank.choices import Purpose


class Redemption(CellModel):
    """Somebody chose to pay for a need with saved time (rule 69). Open until ``ended_at``.

    ``minutes_each`` is what each helper's place costs. ``reason`` says why a worker chose it for
    the payer. A need without one is served just the same.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    need = CellForeignKey(Need, models.PROTECT, related_name="+", db_index=False)
    payer = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    minutes_each = models.PositiveIntegerField()
    chosen_by_id = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    chosen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("用储蓄支付")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "need"],
                condition=Q(ended_at=None),
                name="redemption_open_once_a_need",
            ),
            models.CheckConstraint(
                condition=Q(minutes_each__gt=0), name="redemption_costs_something"
            ),
            models.CheckConstraint(
                condition=Q(chosen_by_id=F("payer")) | ~Q(reason=""),
                name="redemption_by_others_says_why",
            ),
        ]
        indexes = [models.Index(fields=["cell", "need"], name="redemption_by_need")]


class RedemptionPart(CellModel):
    """What one of the payer's books promised for one helper's place. Append-only.

    How it ended is told by its hold, and by a ``Payment`` if something of it was paid.
    """

    redemption = AnyCellForeignKey(Redemption, models.PROTECT, related_name="parts")
    place = models.PositiveSmallIntegerField()
    account = CellForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    hold = CellOneToOneField(Hold, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    is_grant = models.BooleanField(default=False)
    held_at = models.DateTimeField()

    class Meta:
        verbose_name = _("支付预留")
        constraints = [
            models.CheckConstraint(
                condition=Q(place__range=(1, 4)), name="redemption_place_from_1_to_4"
            )
        ]


class Payment(CellModel):
    """Something of a promise was paid: for a verified record, or because the helper had set out.

    A redeemed unit goes back to where it was issued; the helper's is issued anew with the record
    (ADR 0025). A departure's is the helper's. Append-only.
    """

    part = CellOneToOneField(RedemptionPart, models.PROTECT, related_name="payment")
    transfer = CellOneToOneField(Transfer, models.PROTECT, related_name="+")
    record = AnyCellForeignKey(ServiceRecord, models.PROTECT, null=True, related_name="+")
    helper = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    minutes = models.PositiveIntegerField()
    branch = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False)
    paid_at = models.DateTimeField()

    class Meta:
        verbose_name = _("储蓄支付")
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose=Purpose.REDEEMED, record__isnull=False)
                | Q(purpose=Purpose.DEPARTURE, record=None),
                name="payment_is_for_a_record_or_a_departure",
            )
        ]


class Refund(CellModel):
    """Something of a payment came back, for its record turned out shorter. Append-only."""

    payment = CellForeignKey(Payment, models.PROTECT, related_name="refunds")
    transfer = CellOneToOneField(Transfer, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("支付退回")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="refund_returns_something")
        ]
