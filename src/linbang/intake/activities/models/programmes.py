import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.places.models import Region


class _Programme(CellModel):
    """What brands, campaigns and projects have in common: whose they are, and where."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organiser = AnyCellForeignKey(Organisation, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    name = models.CharField(max_length=50)
    summary = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Brand(_Programme):
    """A name people know, over years: 邻里相助, 六进社区."""

    class Meta:
        verbose_name = _("品牌")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "region", "name"], name="brand_name_once_a_region"
            )
        ]


class Campaign(_Programme):
    """A stretch of time with one theme: a service week, a service month."""

    brand = CellForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="campaigns")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("主题行动")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"
            )
        ]


class Project(_Programme):
    """Service run as a project (项目化运作): period, field, goals, budget, measured results."""

    campaign = CellForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="projects"
    )
    field = models.CharField(max_length=4, choices=ServiceCategory)
    starts_on = models.DateField()
    ends_on = models.DateField()
    goals = models.TextField()
    budget_fen = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("项目")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="project_ends_after_start"
            )
        ]


class ProjectMeasure(CellModel):
    """One result a project is measured by: what was aimed at, what was reached."""

    project = CellForeignKey(Project, models.CASCADE, related_name="measures")
    name = models.CharField(max_length=50)
    unit = models.CharField(max_length=20)
    target = models.PositiveIntegerField()
    reached = models.PositiveIntegerField(null=True, blank=True)
    measured_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("项目成效")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "project", "name"], name="project_measure_once_a_name"
            ),
            models.CheckConstraint(
                condition=Q(reached=None) | Q(measured_on__isnull=False),
                name="project_measure_reached_has_a_day",
            ),
        ]


class KeyPeriod(CellModel):
    """Days on which a region keeps watch with many people (重点时期)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    name = models.CharField(max_length=50)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("重点时期")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="key_period_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name
