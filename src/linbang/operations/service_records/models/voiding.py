import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.operations.service_records.choices import AppealOutcome
from linbang.operations.service_records.models.records import ServiceRecord


class RecordVoid(CellModel):
    """A record is voided: proposed by one officer, decided by another (rule 55). Never deleted.

    In force from ``voided_at`` until ``lifted_at``; the record stays, and counts for nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = CellForeignKey(ServiceRecord, models.PROTECT, related_name="voids")
    reason = models.CharField(max_length=200)
    evidence = models.CharField(max_length=200, help_text=_("材料编号或存放处"))
    proposed_by_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    voided_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("作废")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "record"],
                condition=Q(refused_at=None, lifted_at=None),
                name="void_once_a_record",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""), name="void_says_why_and_on_what"
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id=None, voided_at=None, refused_at=None)
                | Q(decided_by_id__isnull=False, voided_at__isnull=False, refused_at=None)
                | Q(decided_by_id__isnull=False, voided_at=None, refused_at__isnull=False),
                name="void_has_one_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id=None) | ~Q(decided_by_id=F("proposed_by_id")),
                name="void_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("voided_at")),
                name="void_lifted_after_voiding",
            ),
        ]


class VoidAppeal(CellModel):
    """Who lost hours, or the activity's leader, says that the voiding was wrong; answered once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    void = CellOneToOneField(RecordVoid, models.PROTECT, related_name="appeal")
    by_id = models.BigIntegerField()
    text = SealedTextField()
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=AppealOutcome, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("作废申诉")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_by_id=None, answered_at=None)
                | ~Q(outcome="")
                & ~Q(answer="")
                & Q(answered_by_id__isnull=False, answered_at__isnull=False),
                name="appeal_answer_is_whole",
            ),
        ]


class ServiceBar(CellModel):
    """After proven false hours, new hours of a person or a unit wait for an officer (rule 55).

    For one to three years; ends early when the voiding it rests on is lifted.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    void = CellForeignKey(RecordVoid, models.PROTECT, related_name="bars")
    person = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="+")
    organisation = AnyCellForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    from_date = models.DateField()
    until_date = models.DateField()
    reason = models.CharField(max_length=200)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("须先核查期")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation=None)
                | Q(person=None, organisation__isnull=False),
                name="bar_concerns_one_person_or_unit",
            ),
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date") + timedelta(days=365))
                & Q(until_date__lte=F("from_date") + timedelta(days=1096)),
                name="bar_lasts_one_to_three_years",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "until_date"], name="bar_by_person"),
            models.Index(fields=["organisation", "until_date"], name="bar_by_organisation"),
        ]
