import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.people.choices import ServiceCategory, Skill
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.needs.choices import NeedChannel, NeedState, Risk, Urgency


class ServiceItem(models.Model):
    """One thing a resident can ask for, in the service catalogue (a reference table)."""

    code = models.CharField(primary_key=True, max_length=24)
    category = models.CharField(max_length=4, choices=ServiceCategory)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    description_en = models.CharField(max_length=200, blank=True)
    icon = models.CharField(max_length=30)
    usual_minutes = models.PositiveSmallIntegerField()
    skills = ArrayField(models.CharField(max_length=2, choices=Skill), default=list, blank=True)
    risk = models.CharField(max_length=8, choices=Risk, default=Risk.LOW)
    risk_note = models.CharField(max_length=200, blank=True)
    helpers = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    is_offered = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("服务项目")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(usual_minutes__range=(15, 480)),
                name="service_item_lasts_15_minutes_to_8_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(helpers__range=(1, 4)), name="service_item_needs_1_to_4_helpers"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Need(CellModel):
    """A resident's request for help. ``state`` mirrors the newest ``NeedStep``."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=80, db_collation="C", help_text=_("幂等键"))
    beneficiary = CellForeignKey(Person, models.PROTECT, related_name="needs")
    requested_by = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    taken_by = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=NeedChannel)
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    address = SealedTextField()
    phone = SealedTextField()
    note = SealedTextField()
    known_risks = models.CharField(max_length=200, blank=True)
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.NORMAL)
    helpers = models.PositiveSmallIntegerField(default=1)
    helpers_reason = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    first_answered_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.OPENED)
    state_since = models.DateTimeField()

    class Meta:
        verbose_name = _("求助")
        constraints = [
            models.UniqueConstraint(fields=["cell", "key"], name="need_key_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="need_window_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(helpers__range=(1, 4)), name="need_wants_1_to_4_helpers"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "state", "starts_at"], name="need_by_region_and_state"),
            models.Index(fields=["region", "opened_at"], name="need_by_region_and_time"),
            models.Index(fields=["cell", "beneficiary", "-opened_at"], name="need_by_beneficiary"),
            models.Index(fields=["requested_by", "-opened_at"], name="need_by_requester"),
        ]


class NeedStep(CellModel):
    """One change of a need's state: who, when, for whom and why. Append-only."""

    need = CellForeignKey(Need, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=NeedState)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("求助进展")
        indexes = [models.Index(fields=["cell", "need", "id"], name="need_step_by_need")]
