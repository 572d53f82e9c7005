import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.places.models import Region
from linbang.operations.service_records.choices import (
    FlagKind,
    FlagOutcome,
    RecordKind,
    SpotMethod,
    SpotOutcome,
)
from linbang.operations.service_records.models.records import ServiceRecord


class RecordFlag(CellModel):
    """A doubt about a record (rule 45), with the figures that raised it. Append-only.

    ``facts`` are numbers, never about a person. ``had_counted``: the evidence came late, and the
    record is looked into while it counts.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = CellForeignKey(ServiceRecord, models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=10, choices=FlagKind)
    facts = models.JSONField(default=dict)
    had_counted = models.BooleanField(default=False)
    raised_at = models.DateTimeField()

    class Meta:
        verbose_name = _("核查提醒")
        constraints = [
            models.UniqueConstraint(fields=["cell", "record", "kind"], name="flag_once_a_kind")
        ]


class FlagDecision(CellModel):
    """What a person found out about a doubt. Append-only.

    The second turn is a refused voiding's: it clears what the first upheld.
    """

    flag = CellForeignKey(RecordFlag, models.PROTECT, related_name="decisions")
    turn = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=8, choices=FlagOutcome)
    reason = models.CharField(max_length=200)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("核查结果")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "flag", "turn"], name="flag_decided_once_a_turn"
            ),
            models.CheckConstraint(
                condition=Q(turn=1) | Q(turn=2, outcome=FlagOutcome.CLEARED),
                name="flag_second_turn_clears",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="flag_decision_has_a_reason"),
        ]


class SpotRound(CellModel):
    """One drawing of records to be checked; anybody can draw it again from ``seed``. Append-only.

    ``proved`` and ``entered`` are how many counted records of each kind there were to draw from.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    from_date = models.DateField()
    until_date = models.DateField()
    seed = models.BigIntegerField()
    proved = models.PositiveIntegerField()
    entered = models.PositiveIntegerField()
    drawn_by_id = models.BigIntegerField()
    drawn_at = models.DateTimeField()

    class Meta:
        verbose_name = _("抽查")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__gte=models.F("from_date")),
                name="spot_round_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["region", "-id"], name="spot_round_by_region")]


class SpotCheck(CellModel):
    """One record of a round, and what was found; its outcome is written once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = CellForeignKey(SpotRound, models.PROTECT, related_name="checks")
    record = AnyCellForeignKey(ServiceRecord, models.PROTECT, related_name="spot_checks")
    stratum = models.CharField(max_length=8, choices=RecordKind)
    outcome = models.CharField(max_length=10, choices=SpotOutcome, blank=True)
    method = models.CharField(max_length=8, choices=SpotMethod, blank=True)
    note = SealedTextField()
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("抽查记录")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "round", "record"], name="spot_check_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", method="", by_id=None, at=None)
                | ~Q(outcome="") & ~Q(method="") & Q(by_id__isnull=False, at__isnull=False),
                name="spot_check_outcome_is_whole",
            ),
        ]
