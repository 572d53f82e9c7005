import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.choices import (
    PLAN_UNDER_WAY,
    PLANNED_LIVE,
    DropCause,
    PlannedState,
    PlanStage,
    PlanState,
    Unfit,
)
from linbang.operations.dispatch.models.offers import Offer


class PlanRun(CellModel):
    """A plan of who goes to which visit of a place and a stretch of days, as ``matching`` made it.

    Nobody is asked before it is published. ``objective`` and ``bound`` are costs of
    ``matching.plans``; ``gap_millionths`` says how far above the best possible the plan may lie.
    ``figures``: filled, missing, hopeless, metres, fairness, and seconds by stage. ``night``: the
    day whose nightly round made it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    night = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.QUEUED)
    stage = models.PositiveSmallIntegerField(choices=PlanStage, default=PlanStage.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    weights_version = models.PositiveSmallIntegerField(null=True, blank=True)
    input_hash = models.CharField(max_length=32, blank=True)
    plan_hash = models.CharField(max_length=32, blank=True)
    objective = models.BigIntegerField(null=True, blank=True)
    bound = models.BigIntegerField(null=True, blank=True)
    gap_millionths = models.BigIntegerField(null=True, blank=True)
    figures = models.JSONField(default=dict)
    failure = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by_id = models.BigIntegerField(null=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("上门安排")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), ends_on__lt=F("starts_on") + 7),
                name="plan_run_spans_1_to_7_days",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="plan_run_progress_is_at_most_100"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(PlanState.READY, PlanState.PUBLISHED))
                | Q(made_at__isnull=False, objective__isnull=False),
                name="plan_run_ready_says_how_good_it_is",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.PUBLISHED) | Q(published_at__isnull=False),
                name="plan_run_published_says_when",
            ),
            models.UniqueConstraint(
                fields=["cell", "region"],
                condition=Q(state__in=PLAN_UNDER_WAY),
                name="plan_run_under_way_once_an_area",
            ),
        ]
        indexes = [models.Index(fields=["region", "-id"], name="plan_run_by_region")]


class PlannedVisit(CellModel):
    """One volunteer for one place of a need, as a plan or a worker put it; in the need's cell.

    ``rank``: her place among the candidates, 0 outside them; ``regret``: what she costs above the
    cheapest; ``blocker``: the visit for which that one was wanted more. ``is_fixed``: promised or
    asked before the plan was made. Whether an offer was accepted is read off the offer.
    ``overruled_for`` is a worker's reason for putting somebody else, or nobody, in this place;
    ``overruling`` keeps what that cost: metres, empty visits, cost.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = AnyCellForeignKey(PlanRun, models.CASCADE, related_name="visits")
    need = CellForeignKey(Need, models.PROTECT, related_name="+")
    volunteer = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    cost = models.PositiveIntegerField()
    regret = models.PositiveIntegerField(default=0)
    metres = models.PositiveIntegerField(null=True)
    tier = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    blocker = AnyCellForeignKey(Need, models.PROTECT, null=True, related_name="+")
    is_fixed = models.BooleanField(default=False)
    is_by_hand = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=PlannedState, default=PlannedState.PLANNED)
    offer = CellForeignKey(Offer, models.PROTECT, null=True, related_name="planned_visits")
    dropped_for = models.CharField(max_length=16, choices=DropCause, blank=True)
    unfit_for = models.CharField(max_length=16, choices=Unfit, blank=True)
    overruled_for = SealedTextField()
    overruled_by_id = models.BigIntegerField(null=True)
    overruled_at = models.DateTimeField(null=True, blank=True)
    overruling = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("安排中的一人一次上门")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "run", "need", "place"],
                condition=Q(state__in=PLANNED_LIVE),
                name="planned_visit_place_once",
            ),
            models.UniqueConstraint(
                fields=["cell", "run", "need", "volunteer"],
                condition=Q(state__in=PLANNED_LIVE),
                name="planned_visit_once_a_volunteer",
            ),
            models.CheckConstraint(
                condition=Q(place__range=(1, 4)), name="planned_visit_place_from_1_to_4"
            ),
            models.CheckConstraint(
                condition=~Q(state=PlannedState.OFFERED) | Q(offer__isnull=False),
                name="planned_visit_offered_has_an_offer",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlannedState.DROPPED) | ~Q(dropped_for=""),
                name="planned_visit_dropped_says_why",
            ),
        ]


class PlanGap(CellModel):
    """A need that a plan leaves short of helpers, and why. Lives in the need's cell.

    ``hopeless``: how many of the missing nobody is eligible for at all. ``causes``: the whole pool
    by first ``Unfit`` under "nobody", the candidates by first ``PlanCause`` under "busy".
    """

    run = AnyCellForeignKey(PlanRun, models.CASCADE, related_name="gaps")
    need = CellForeignKey(Need, models.PROTECT, related_name="+")
    missing = models.PositiveSmallIntegerField()
    hopeless = models.PositiveSmallIntegerField(default=0)
    causes = models.JSONField(default=dict)
    is_by_hand = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("安排中的缺口")
        constraints = [
            models.UniqueConstraint(fields=["cell", "run", "need"], name="plan_gap_once_a_need"),
            models.CheckConstraint(
                condition=Q(missing__range=(1, 4), hopeless__lte=F("missing")),
                name="plan_gap_misses_1_to_4",
            ),
        ]
