import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.activities.models import Activity, Project
from linbang.outcomes.recognition.choices import HonourLevel, HonourTarget, HonourVerdict


class Honour(CellModel):
    """A commendation somebody else granted, entered into the register (Order 67, article 9).

    Never made from hours. A volunteer's own entry waits for the station; what a worker enters for
    others is registered at once. Struck out with a reason, never deleted.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    granted_date = models.DateField()
    granted_by = models.CharField(max_length=80)
    document_name = models.CharField(max_length=120, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=12, choices=HonourLevel)
    target = models.CharField(max_length=10, choices=HonourTarget)
    person = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="honours")
    team = AnyCellForeignKey(Organisation, models.PROTECT, null=True, related_name="honours")
    activity = AnyCellForeignKey(Activity, models.PROTECT, null=True, related_name="honours")
    project = AnyCellForeignKey(Project, models.PROTECT, null=True, related_name="honours")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField()
    verdict = models.CharField(max_length=10, choices=HonourVerdict, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    struck_at = models.DateTimeField(null=True)
    struck_by_id = models.BigIntegerField(null=True)
    struck_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("表彰奖励")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    target=HonourTarget.PERSON,
                    person__isnull=False, team=None, activity=None, project=None,
                )
                | Q(
                    target=HonourTarget.TEAM,
                    team__isnull=False, person=None, activity=None, project=None,
                )
                | Q(
                    target=HonourTarget.ACTIVITY,
                    activity__isnull=False, person=None, team=None, project=None,
                )
                | Q(
                    target=HonourTarget.PROJECT,
                    project__isnull=False, person=None, team=None, activity=None,
                ),
                name="honour_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_at=None, decided_by_id=None)
                | ~Q(verdict="") & Q(decided_at__isnull=False, decided_by_id__isnull=False),
                name="honour_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=HonourVerdict.REFUSED) | ~Q(reason=""),
                name="honour_refused_says_why",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id=None)
                | Q(person=None)
                | ~Q(decided_by_id=F("person_id")),
                name="honour_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by_id=None, struck_reason="")
                | Q(struck_at__isnull=False, struck_by_id__isnull=False) & ~Q(struck_reason=""),
                name="honour_struck_says_why",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["region", "-granted_date"], name="honour_by_region"),
            models.Index(fields=["person", "-granted_date"], name="honour_by_person"),
            models.Index(fields=["team", "-granted_date"], name="honour_by_team"),
        ]


class HonourProof(CellModel):
    """The certificate or document as a picture or PDF, sealed. Append-only."""

    honour = CellOneToOneField(Honour, models.PROTECT, related_name="proof")
    media_type = models.CharField(max_length=20)
    # Base 64, so that one sealed kind of column serves words and pictures alike.
    content = SealedTextField()
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("表彰证明")
