import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.places.models import Region
from linbang.outcomes.time_bank.choices import SchemeCode


class SchemeAdoption(models.Model):
    """A place decided how time is saved in it, from then on. Append-only; the latest counts.

    ``name`` and ``unit`` are its own words, "" for the preset's; ``limits`` what it set otherwise.
    A reference table of few rows: a scheme may be a province's, so it has no cell.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=16, choices=SchemeCode)
    scheme_version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=8, blank=True)
    limits = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=200)
    adopted_at = models.DateTimeField()
    adopted_by_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("储蓄办法")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="adoption_has_a_reason"),
            models.UniqueConstraint(fields=["region", "adopted_at"], name="adoption_once_a_moment"),
        ]
