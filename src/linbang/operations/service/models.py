import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.people.models import Person
from linbang.operations.dispatch.models import Assignment
from linbang.operations.service.choices import PresenceMethod


class Visit(CellModel):
    """One volunteer's visit for one assignment; the secret makes its rotating code."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = CellOneToOneField(Assignment, models.PROTECT, related_name="visit")
    volunteer = AnyCellForeignKey(Person, models.PROTECT, related_name="visits")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    code_secret = SealedTextField()
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("上门服务")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="visit_window_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["volunteer", "-starts_at"], name="visit_by_volunteer")]


class _Presence(CellModel):
    at = models.DateTimeField()
    method = models.CharField(max_length=10, choices=PresenceMethod)
    by_id = models.BigIntegerField()
    on_behalf_of_id = models.BigIntegerField(null=True)
    distance_m = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True


class CheckIn(_Presence):
    """The visit began. Append-only."""

    visit = CellOneToOneField(Visit, models.PROTECT, related_name="check_in")

    class Meta:
        verbose_name = _("签到")


class CheckOut(_Presence):
    """The visit ended. Append-only."""

    visit = CellOneToOneField(Visit, models.PROTECT, related_name="check_out")
    report = SealedTextField(help_text=_("服务小结"))

    class Meta:
        verbose_name = _("签退")
