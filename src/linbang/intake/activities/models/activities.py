import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.choices import ServiceCategory, Skill
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.activities.choices import (
    STATE_TONES,
    ActivityKind,
    ActivityState,
    Audience,
    Beneficiary,
    Guarantee,
    Hazard,
    SignUpMode,
)
from linbang.intake.activities.models.insurance import InsurancePolicy
from linbang.intake.activities.models.points import DutyPoint
from linbang.intake.activities.models.programmes import Brand, Campaign, KeyPeriod, Project


class Activity(CellModel):
    """What people come together for; its posts say whom it needs, its shifts when.

    ``state`` mirrors the newest ``ActivityStep``. ``risk_version`` rises whenever the risk text
    changes: who accepted an older one is asked again (rule 19). ``radius_m`` is the circle of
    check-in by location, 0 for none (rule 30). ``needs_agreement`` is kept by the actions: one of
    rule 21's causes that are the activity's own holds. ``brand`` is the brand of the campaign, of
    the project's campaign, or its own: kept here so that figures by brand are one look-up.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=80, db_collation="C", help_text=_("幂等键"))
    kind = models.CharField(max_length=10, choices=ActivityKind, default=ActivityKind.GATHERING)
    organiser = AnyCellForeignKey(Organisation, models.PROTECT, related_name="activities")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    brand = CellForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="activities")
    campaign = CellForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="activities"
    )
    project = CellForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="activities"
    )
    key_period = CellForeignKey(
        KeyPeriod, models.PROTECT, null=True, blank=True, related_name="activities"
    )

    name = models.CharField(max_length=50)
    categories = ArrayField(models.CharField(max_length=4, choices=ServiceCategory), default=list)
    beneficiaries = ArrayField(
        models.CharField(max_length=2, choices=Beneficiary), default=list, blank=True
    )
    content = models.TextField(blank=True)
    conditions = models.CharField(max_length=500, blank=True)
    place_name = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=160, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    radius_m = models.PositiveSmallIntegerField(default=200)

    audience = models.CharField(max_length=10, choices=Audience, default=Audience.EVERYONE)
    mode = models.CharField(max_length=10, choices=SignUpMode, default=SignUpMode.INSTANT)
    has_waiting_list = models.BooleanField(default=True)
    sign_up_opens_at = models.DateTimeField(null=True, blank=True)
    sign_up_closes_at = models.DateTimeField(null=True, blank=True)

    risk_text = models.TextField(blank=True)
    risk_version = models.PositiveSmallIntegerField(default=1)
    hazards = ArrayField(models.CharField(max_length=12, choices=Hazard), default=list, blank=True)
    policy = AnyCellForeignKey(
        InsurancePolicy, models.PROTECT, null=True, blank=True, related_name="activities"
    )
    guarantees = ArrayField(
        models.CharField(max_length=2, choices=Guarantee), default=list, blank=True
    )
    guarantee_note = models.CharField(max_length=200, blank=True)
    with_minors = models.BooleanField(default=False, help_text=_("与未成年人密切接触"))
    is_outside_city = models.BooleanField(default=False)
    wants_agreement = models.BooleanField(default=False, help_text=_("一方要求签协议"))
    needs_agreement = models.BooleanField(default=False, help_text=_("须签志愿服务协议"))
    allowance_fen = models.PositiveIntegerField(default=0, help_text=_("每人每天补贴（分）"))
    allowance_reason = models.CharField(max_length=200, blank=True)
    declares_none_forbidden = models.BooleanField(default=False)

    leader = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="led_activities")
    contact_name = models.CharField(max_length=50, blank=True)
    contact_phone = SealedTextField(help_text=_("公开的联系电话"))

    state = models.CharField(max_length=10, choices=ActivityState, default=ActivityState.DRAFT)
    state_since = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    people_served = models.PositiveIntegerField(null=True, blank=True, help_text=_("服务对象人次"))
    outcome = models.CharField(max_length=500, blank=True, help_text=_("活动小结"))

    class Meta:
        verbose_name = _("活动")
        constraints = [
            models.UniqueConstraint(fields=["cell", "key"], name="activity_key_once"),
            models.CheckConstraint(condition=~Q(name=""), name="activity_has_a_name"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="activity_location_is_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(radius_m__range=(0, 9999)), name="activity_radius_up_to_9999_m"
            ),
            models.CheckConstraint(
                condition=Q(sign_up_opens_at=None)
                | Q(sign_up_closes_at=None)
                | Q(sign_up_closes_at__gt=F("sign_up_opens_at")),
                name="activity_sign_up_closes_after_opening",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "state", "id"], name="activity_by_region_and_state"),
            models.Index(fields=["organiser", "-id"], name="activity_by_organiser"),
            models.Index(
                fields=["cell", "brand"],
                condition=Q(brand__isnull=False),
                name="activity_by_brand",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_high_risk(self) -> bool:
        return bool(self.hazards)

    @property
    def tone(self) -> str:
        """The colour of the state's label."""
        return STATE_TONES[self.state]

    @property
    def category_labels(self) -> str:
        """The service categories by name."""
        return "、".join(str(ServiceCategory(code).label) for code in self.categories)


class ActivityStep(CellModel):
    """One change of an activity's state: who, when, why. Append-only."""

    activity = CellForeignKey(Activity, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=ActivityState)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("活动进展")
        indexes = [models.Index(fields=["cell", "activity", "id"], name="activity_step_by_time")]


class Desk(CellModel):
    """A booth of a consult event (咨询台): whose it is, and what people ask about there."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = CellForeignKey(Activity, models.CASCADE, related_name="desks")
    number = models.PositiveSmallIntegerField()
    department = models.CharField(max_length=60)
    topics = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        verbose_name = _("咨询台")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "activity", "number"], name="desk_number_once_an_activity"
            )
        ]

    def __str__(self) -> str:
        return self.department


class Post(CellModel):
    """Whom an activity needs (岗位): tasks, skills, qualifications, age; how many a shift.

    ``skills`` advise, ``qualifications`` (codes of ``Qualification``) decide (rule 20).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = CellForeignKey(Activity, models.CASCADE, related_name="posts")
    point = CellForeignKey(DutyPoint, models.PROTECT, null=True, blank=True, related_name="posts")
    desk = CellForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="posts")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=50)
    tasks = models.CharField(max_length=500, blank=True)
    skills = ArrayField(models.CharField(max_length=2, choices=Skill), default=list, blank=True)
    qualifications = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    age_min = models.PositiveSmallIntegerField(null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(null=True, blank=True)
    places = models.PositiveSmallIntegerField()
    places_min = models.PositiveSmallIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("岗位")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "activity", "name"],
                condition=Q(removed_at=None),
                name="post_name_once_an_activity",
            ),
            models.CheckConstraint(
                condition=Q(places__range=(1, 5000), places_min__lte=F("places")),
                name="post_places_cover_the_minimum",
            ),
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_max__gte=F("age_min")),
                name="post_ages_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name
