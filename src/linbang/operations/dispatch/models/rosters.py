import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch.choices import ProposalState, SignUpVerdict


class RosterProposal(CellModel):
    """A fair roster as ``matching`` proposed it; nobody is signed up until a planner confirms.

    ``organisation`` says whose people were looked at; none means the volunteers of the place.
    ``figures`` keep what the library told: fairness, and the gaps with their causes.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = CellForeignKey(Activity, models.PROTECT, related_name="rosters")
    organisation = AnyCellForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    day_cap = models.PositiveSmallIntegerField(help_text=_("每人每天最多几个班次"))
    fills = models.BooleanField(help_text=_("排到满员"))
    considered = models.PositiveIntegerField(help_text=_("看过多少人"))
    figures = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("排班方案")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="roster_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN, decided_at=None)
                | ~Q(state=ProposalState.OPEN) & Q(decided_at__isnull=False),
                name="roster_decided_says_when",
            ),
        ]
        indexes = [models.Index(fields=["cell", "activity", "-id"], name="roster_by_activity")]


class RosterPair(CellModel):
    """One person for one shift of a proposal; ``verdict`` is what became of it when confirmed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = CellForeignKey(RosterProposal, models.CASCADE, related_name="pairs")
    shift = CellForeignKey(Shift, models.PROTECT, related_name="+")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    is_by_hand = models.BooleanField(default=False)
    verdict = models.CharField(max_length=16, choices=SignUpVerdict, blank=True)
    causes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("排班方案中的一人一班")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "proposal", "shift", "person"], name="roster_pair_once"
            )
        ]
