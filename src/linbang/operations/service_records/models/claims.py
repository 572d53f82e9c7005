import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import CellForeignKey, CellModel
from linbang.operations.service_records.choices import (
    ClaimKind,
    ClaimOutcome,
)
from linbang.operations.service_records.models.records import ServiceRecord


class RecordClaim(CellModel):
    """Somebody says that a record is not right: who earned it (rule 43), or a reader of the public
    notice (rule 44). Answered once, by somebody else; a correction is a row of its own.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = CellForeignKey(ServiceRecord, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=8, choices=ClaimKind)
    by_id = models.BigIntegerField()
    text = SealedTextField()
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=ClaimOutcome, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("记录异议")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "record", "by_id"],
                condition=Q(answered_at=None),
                name="claim_open_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_by_id=None, answered_at=None)
                | ~Q(outcome="")
                & ~Q(answer="")
                & Q(answered_by_id__isnull=False)
                & Q(answered_at__isnull=False),
                name="claim_answer_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["cell", "record"], condition=Q(answered_at=None), name="claim_open"
            )
        ]
