import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import (
    AnyCellForeignKey,
    CellForeignKey,
    CellModel,
    CellOneToOneField,
)
from linbang.foundation.people.models import Person
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.choices import Answer, EscalationCause


class Ranking(CellModel):
    """One look for helpers: whom the rules ranked, and why the others were left out."""

    need = CellForeignKey(Need, models.PROTECT, related_name="rankings")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    weights_version = models.PositiveSmallIntegerField()
    area = models.CharField(max_length=18, db_collation="C")
    considered = models.PositiveIntegerField()
    rejected = models.JSONField(default=dict, help_text=_("未入选原因及人数"))

    class Meta:
        verbose_name = _("派单排序")
        indexes = [models.Index(fields=["cell", "need", "-id"], name="ranking_by_need")]


class Candidacy(CellModel):
    """One candidate of a ranking, with the reasons a person can read (PIPL 24)."""

    ranking = CellForeignKey(Ranking, models.CASCADE, related_name="candidacies")
    volunteer = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    metres = models.PositiveIntegerField(null=True)
    reasons = models.JSONField(default=list)

    class Meta:
        verbose_name = _("候选人")
        constraints = [
            models.UniqueConstraint(fields=["cell", "ranking", "rank"], name="candidacy_rank_once"),
            models.UniqueConstraint(
                fields=["cell", "ranking", "volunteer"], name="candidacy_volunteer_once"
            ),
        ]


class Offer(CellModel):
    """A need put to one volunteer until a time; open while it has no answer."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    need = CellForeignKey(Need, models.PROTECT, related_name="offers")
    volunteer = AnyCellForeignKey(Person, models.PROTECT, related_name="offers")
    candidacy = CellForeignKey(Candidacy, models.PROTECT, null=True, related_name="+")
    reasons = models.JSONField(default=list)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    offered_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("派单邀请")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("offered_at")), name="offer_expires_after_start"
            )
        ]
        indexes = [
            models.Index(fields=["cell", "need", "id"], name="offer_by_need"),
            models.Index(fields=["volunteer", "-offered_at"], name="offer_by_volunteer"),
            models.Index(fields=["expires_at"], name="offer_by_expiry"),
        ]


class OfferAnswer(CellModel):
    """The one end of an offer: accepted, refused, expired or withdrawn. Append-only."""

    offer = CellOneToOneField(Offer, models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=10, choices=Answer)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("邀请答复")


class Assignment(CellModel):
    """A volunteer takes one of a need's places; ended only by leaving it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    need = CellForeignKey(Need, models.PROTECT, related_name="assignments")
    offer = CellOneToOneField(Offer, models.PROTECT, related_name="assignment")
    volunteer = AnyCellForeignKey(Person, models.PROTECT, related_name="assignments")
    place = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("接单")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "need", "place"],
                condition=Q(ended_at=None),
                name="assignment_place_taken_once",
            ),
            models.UniqueConstraint(
                fields=["cell", "need", "volunteer"],
                condition=Q(ended_at=None),
                name="assignment_once_a_volunteer",
            ),
            models.CheckConstraint(
                condition=Q(place__range=(1, 4)), name="assignment_place_from_1_to_4"
            ),
        ]
        indexes = [
            models.Index(fields=["volunteer", "-accepted_at"], name="assignment_by_volunteer")
        ]


class Escalation(CellModel):
    """A station worker must find the helper by hand; open until taken."""

    need = CellForeignKey(Need, models.PROTECT, related_name="escalations")
    cause = models.CharField(max_length=16, choices=EscalationCause)
    raised_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("转站点处理")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "need"], condition=Q(taken_at=None), name="escalation_open_once"
            )
        ]


class BlockedPair(CellModel):
    """A resident and a volunteer who are not to be brought together; the reason is sealed off."""

    beneficiary = CellForeignKey(Person, models.PROTECT, related_name="+")
    volunteer = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    reason = SealedTextField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("不予配对")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "beneficiary", "volunteer"],
                condition=Q(ended_at=None),
                name="blocked_pair_once",
            )
        ]
