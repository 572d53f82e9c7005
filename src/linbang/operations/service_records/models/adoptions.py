import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellModel
from linbang.foundation.places.models import Region


class PolicyAdoption(CellModel):
    """From a day on, hours served in a region are credited by a policy. Append-only.

    The nearest region above a service holds; of one region's the latest day, of one day's the
    latest row.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    code = models.CharField(max_length=24)
    version = models.PositiveSmallIntegerField()
    from_date = models.DateField()
    reason = models.CharField(max_length=200)
    adopted_at = models.DateTimeField()
    adopted_by_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("计时规则的采用")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="adoption_says_why"),
        ]
        indexes = [models.Index(fields=["region", "-from_date", "-id"], name="adoption_by_region")]
