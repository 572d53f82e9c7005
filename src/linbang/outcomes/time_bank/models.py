from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellModel, CellOneToOneField
from linbang.foundation.ledger.models import Transfer
from linbang.operations.service_records.models import ServiceRecord


class Posting(CellModel):
    """A verified record was banked by a transfer: once, or not at all. Append-only."""

    record = CellOneToOneField(ServiceRecord, models.PROTECT, related_name="posting")
    transfer = CellOneToOneField(Transfer, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    posted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("爱心储蓄入账")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0), name="posting_banks_something"
            )
        ]
