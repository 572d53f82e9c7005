import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellModel
from linbang.foundation.places.models import Region


class Brief(CellModel):
    """A numbered work brief of a region; issued, it never changes. Numbers run by year, gapless."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=100)
    title = models.CharField(max_length=120)
    period_starts_on = models.DateField()
    period_ends_on = models.DateField()
    figures = models.JSONField()
    body = models.TextField()
    distribution = models.CharField(max_length=200, blank=True)
    figures_asked_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    issued_by_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("工作简报")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "region", "year", "number"], name="brief_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(period_ends_on__gte=models.F("period_starts_on")),
                name="brief_period_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="brief_numbers_start_at_one"
            ),
        ]
