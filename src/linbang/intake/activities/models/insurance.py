import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellModel
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.places.models import Region
from linbang.intake.activities.choices import PolicyScope


class InsurancePolicy(CellModel):
    """Accident cover the organiser bought (VSR 17, rule 16); who is on it is clearance's.

    The period is half-open: cover ends at ``ends_at``.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organiser = AnyCellForeignKey(Organisation, models.PROTECT, related_name="policies")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    insurer = models.CharField(max_length=80)
    number = models.CharField(max_length=60)
    scope = models.CharField(max_length=10, choices=PolicyScope, default=PolicyScope.SIGNED_UP)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sum_fen = models.PositiveBigIntegerField(default=0)
    entered_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("保险单")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="policy_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["cell", "insurer", "number"], name="policy_number_once_an_insurer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.insurer} {self.number}"
