from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import CellModel, CellOneToOneField
from linbang.operations.service_records.choices import ConfirmedBy, Verdict
from linbang.operations.service_records.models.records import ServiceRecord


class RecordConfirmation(CellModel):
    """The resident's word on a record, or a relative's, or given to the station by phone."""

    record = CellOneToOneField(ServiceRecord, models.PROTECT, related_name="confirmation")
    verdict = models.CharField(max_length=10, choices=Verdict)
    by = models.CharField(max_length=10, choices=ConfirmedBy)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()
    note = SealedTextField()

    class Meta:
        verbose_name = _("结果确认")
        constraints = [
            models.CheckConstraint(
                condition=~Q(by=ConfirmedBy.STATION) | ~Q(note=""),
                name="confirmation_by_station_has_a_note",
            )
        ]
