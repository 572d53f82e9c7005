from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellForeignKey, CellModel, CellOneToOneField
from linbang.operations.service_records.choices import Approval
from linbang.operations.service_records.models.records import ServiceRecord


class RecordVerification(CellModel):
    """The record counts from here on. ``verified_by_id`` is empty when policy did it."""

    record = CellOneToOneField(ServiceRecord, models.PROTECT, related_name="verification")
    approval = models.CharField(max_length=8, choices=Approval, default=Approval.POLICY)
    verified_by_id = models.BigIntegerField(null=True)
    verified_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("记录审核")
        constraints = [
            models.CheckConstraint(
                condition=Q(approval=Approval.POLICY, verified_by_id=None)
                | ~Q(approval=Approval.POLICY) & Q(verified_by_id__isnull=False),
                name="verification_by_person_or_policy",
            )
        ]
        indexes = [models.Index(fields=["verified_at"], name="verification_by_time")]


class RecordCorrection(CellModel):
    """A later change of a record's credited minutes, with its reason; the old row stays."""

    record = CellForeignKey(ServiceRecord, models.PROTECT, related_name="corrections")
    credited_minutes = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("记录更正")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(credited_minutes__range=(0, 1440)),
                name="correction_credits_at_most_a_day",
            ),
        ]
        indexes = [models.Index(fields=["cell", "record", "-id"], name="correction_by_record")]
