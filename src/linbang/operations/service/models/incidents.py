import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.activities.models import Activity
from linbang.operations.service.choices import IncidentKind


class Incident(CellModel):
    """Something went wrong on duty (rule 82): told at once, complete within 48 hours.

    What happened to whom is sealed; insurance needs the record within 48 hours (ZYBJ).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=64, db_collation="C")
    activity = CellForeignKey(Activity, models.PROTECT, related_name="incidents")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=IncidentKind)
    person = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="+")
    who = SealedTextField(help_text=_("当事人"))
    happened_at = models.DateTimeField()
    place = models.CharField(max_length=160)
    what = SealedTextField(help_text=_("经过"))
    first_aid = SealedTextField(help_text=_("现场处置"))
    hospital = SealedTextField(help_text=_("送医情况"))
    witnesses = SealedTextField(help_text=_("见证人"))
    reported_at = models.DateTimeField()
    reported_by_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("意外情况")
        constraints = [
            models.UniqueConstraint(fields=["cell", "key"], name="incident_key_once"),
            models.CheckConstraint(
                condition=Q(reported_at__gte=F("happened_at")),
                name="incident_is_told_after_it_happened",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-reported_at"], name="incident_by_region"),
            models.Index(
                fields=["due_at"], condition=Q(completed_at=None), name="incident_incomplete"
            ),
        ]


class IncidentPhoto(CellModel):
    """A photograph of an incident, sealed like the rest."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = CellForeignKey(Incident, models.PROTECT, related_name="photos")
    media_type = models.CharField(max_length=20)
    # Base 64, so that one sealed kind of column serves words and pictures alike.
    image = SealedTextField()
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("意外情况照片")
