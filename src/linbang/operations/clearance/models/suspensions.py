import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.people.models import Person
from linbang.operations.clearance.choices import AppealState, SuspensionCause


class Suspension(CellModel):
    """A person's sign-ups are paused for a time (rule 28); lifted early by a person, on appeal."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="suspensions")
    cause = models.CharField(max_length=10, choices=SuspensionCause)
    reason = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("报名暂停")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="suspension_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["cell", "person", "cause", "starts_at"], name="suspension_once_a_start"
            ),
        ]
        indexes = [models.Index(fields=["person", "-ends_at"], name="suspension_by_person")]


class Appeal(CellModel):
    """The suspended person asks a human being to look again (PIPL 24)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    suspension = CellOneToOneField(Suspension, models.PROTECT, related_name="appeal")
    text = SealedTextField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=AppealState, default=AppealState.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("申诉")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=AppealState.OPEN, decided_at=None)
                | ~Q(state=AppealState.OPEN) & Q(decided_at__isnull=False) & ~Q(answer=""),
                name="appeal_decided_says_when_and_why",
            )
        ]
