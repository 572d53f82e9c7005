import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.places.models import Region
from linbang.intake.activities.choices import PointKind


class DutyPoint(CellModel):
    """A crossing, service point, patrol or fire post that is staffed for a long time (Huli)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=14, choices=PointKind)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    name = models.CharField(max_length=50)
    address = models.CharField(max_length=160, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    is_demonstration = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("值勤点")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "region", "name"], name="duty_point_name_once_a_region"
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="duty_point_location_is_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PointPairing(CellModel):
    """A unit keeps a point, alone or with others ("one-to-one" or "N-to-one", Huli)."""

    point = CellForeignKey(DutyPoint, models.PROTECT, related_name="pairings")
    organisation = AnyCellForeignKey(Organisation, models.PROTECT, related_name="+")
    since_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("点位结对")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "point", "organisation"],
                condition=Q(until_date=None),
                name="point_pairing_once_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("since_date")),
                name="point_pairing_ends_after_start",
            ),
        ]
