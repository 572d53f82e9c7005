import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import (
    AnyCellForeignKey,
    CellForeignKey,
    CellModel,
    CellOneToOneField,
)
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.operations.dispatch.choices import PairingEnd, PairingProposalState, Rhythm


class Pairing(CellModel):
    """A volunteer, or a unit or team, stands by a resident for a long time (一帮一、多帮一).

    Both were asked before: ``agreed_at`` and ``noted_by_id`` say when, and who wrote it down.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    beneficiary = CellForeignKey(Person, models.PROTECT, related_name="pairings")
    volunteer = AnyCellForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="paired_with"
    )
    organisation = AnyCellForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rhythm = models.CharField(max_length=12, choices=Rhythm, default=Rhythm.WEEKLY)
    note = SealedTextField()
    metres = models.PositiveIntegerField(null=True)
    reasons = models.JSONField(default=list)
    agreed_at = models.DateTimeField()
    noted_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_cause = models.CharField(max_length=12, choices=PairingEnd, blank=True)
    end_note = SealedTextField()
    ended_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("pairing", "结对")
        constraints = [
            models.CheckConstraint(
                condition=Q(volunteer=None, organisation__isnull=False)
                | Q(volunteer__isnull=False, organisation=None),
                name="pairing_has_one_helper",
            ),
            models.CheckConstraint(
                condition=~Q(beneficiary=F("volunteer")), name="pairing_joins_two_people"
            ),
            models.UniqueConstraint(
                fields=["cell", "beneficiary", "volunteer"],
                condition=Q(ended_at=None),
                name="pairing_open_once",
            ),
            models.UniqueConstraint(
                fields=["cell", "beneficiary", "organisation"],
                condition=Q(ended_at=None),
                name="pairing_open_once_a_group",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_cause="")
                | Q(ended_at__gte=F("agreed_at"), ended_at__isnull=False) & ~Q(end_cause=""),
                name="pairing_ended_says_why",
            ),
        ]

    @property
    def helper_name(self) -> str:
        """The volunteer's or the group's name."""
        return str(self.volunteer or self.organisation)


class PairingProposal(CellModel):
    """Pairings as ``matching`` proposed them for people of a place; each is asked and agreed
    by itself. ``figures`` keep what the library told.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    considered = models.PositiveIntegerField(help_text=_("看过多少人"))
    figures = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=PairingProposalState, default=PairingProposalState.OPEN
    )
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("结对方案")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PairingProposalState.OPEN, closed_at=None)
                | ~Q(state=PairingProposalState.OPEN) & Q(closed_at__isnull=False),
                name="pairing_proposal_closed_says_when",
            )
        ]
        indexes = [models.Index(fields=["region", "-id"], name="pairing_proposal_by_region")]


class ProposedPair(CellModel):
    """One place of a proposal: a resident, and who is proposed for her, or nobody and why.

    ``causes``: counted over all volunteers, by the first · ``pairing``: what became of it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = CellForeignKey(PairingProposal, models.CASCADE, related_name="pairs")
    beneficiary = CellForeignKey(Person, models.PROTECT, related_name="+")
    volunteer = AnyCellForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = AnyCellForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    metres = models.PositiveIntegerField(null=True)
    reasons = models.JSONField(default=list)
    causes = models.JSONField(default=dict)
    is_by_hand = models.BooleanField(default=False)
    pairing = CellOneToOneField(
        Pairing, models.PROTECT, null=True, blank=True, related_name="proposed"
    )

    class Meta:
        verbose_name = _("结对方案中的一对")
        constraints = [
            models.CheckConstraint(
                condition=Q(volunteer=None) | Q(organisation=None),
                name="proposed_pair_has_one_helper",
            ),
            models.UniqueConstraint(
                fields=["cell", "proposal", "beneficiary", "volunteer"],
                name="proposed_pair_once",
            ),
            models.UniqueConstraint(
                fields=["cell", "proposal", "beneficiary", "organisation"],
                name="proposed_pair_once_a_group",
            ),
        ]
