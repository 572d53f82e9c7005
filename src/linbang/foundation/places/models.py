import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CODE_COLLATION, CellModel
from linbang.foundation.places.choices import RegionLevel, StationFeature, Weekday


class RegionQuerySet(models.QuerySet["Region"]):
    def within(self, prefix: str) -> "RegionQuerySet":
        """Keep the subtree of a code: a range of the primary key, hence an index scan."""
        return self.filter(code__gte=prefix, code__lt=prefix + ":")

    def current(self) -> "RegionQuerySet":
        return self.filter(valid_to=None)


class Region(models.Model):
    """A node of the place tree; its code is its path (2-4-6-9-12, then grid 15, building 18)."""

    code = models.CharField(primary_key=True, max_length=18, db_collation=CODE_COLLATION)
    name = models.CharField(max_length=80)
    level = models.SmallIntegerField(choices=RegionLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    pinyin = models.CharField(max_length=160, blank=True)
    initials = models.CharField(max_length=40, blank=True)
    former_names = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("区划")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d+$"), name="region_code_is_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=RegionLevel.values), name="region_level_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="region_validity_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cell(self) -> str:
        return self.code[:6]


class Station(CellModel):
    """A service station (志愿服务站): where residents and volunteers are looked after."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, related_name="stations")
    address = models.CharField(max_length=160)
    phone = models.CharField(max_length=20, blank=True)
    longitude = models.FloatField()
    latitude = models.FloatField()
    features = ArrayField(
        models.CharField(max_length=12, choices=StationFeature), default=list, blank=True
    )

    class Meta:
        verbose_name = _("服务站")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="station_location_is_on_earth",
            ),
            models.UniqueConstraint(
                fields=["cell", "region", "name"], name="station_name_once_a_region"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_standard(self) -> bool:
        """Has all six haves (rule 14)."""
        return set(self.features) >= set(StationFeature.values)


class OpeningHours(models.Model):
    """One opening window of a station on a weekday."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="opening_hours")
    weekday = models.SmallIntegerField(choices=Weekday)
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        verbose_name = _("开放时间")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="opening_hours_end_after_start",
            ),
            models.UniqueConstraint(
                fields=["station", "weekday", "opens_at"], name="opening_hours_once_a_start"
            ),
        ]
