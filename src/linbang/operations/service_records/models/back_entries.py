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
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.activities.models import Activity


class BackEntry(CellModel):
    """Service entered afterwards (补录), that no machine and no roll saw. Append-only.

    Of an activity that is known, or of one that never was: then ``title`` alone names it. Who
    enters has declared in a stated version that it is true; ``refusals`` are the lines of the
    list that were not taken, as JSON.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=80, db_collation="C", help_text=_("幂等键"))
    content_digest = models.CharField(max_length=64)
    activity = AnyCellForeignKey(Activity, models.PROTECT, null=True, related_name="back_entries")
    organiser = AnyCellForeignKey(Organisation, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    title = models.CharField(max_length=50)
    category = models.CharField(max_length=4, choices=ServiceCategory)
    reason = models.CharField(max_length=200)
    declaration_version = models.PositiveSmallIntegerField()
    refusals = SealedTextField()
    entered_by = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("事后补录")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "entered_by", "key"], name="back_entry_key_once"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(title=""), name="back_entry_says_what_and_why"
            ),
            models.CheckConstraint(
                condition=Q(declaration_version__gt=0), name="back_entry_is_declared_true"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="back_entry_by_region"),
            models.Index(fields=["entered_by", "-id"], name="back_entry_by_hand"),
        ]


class BackEntryProof(CellModel):
    """The file that shows it: a PDF or a picture, sealed. Append-only."""

    back_entry = CellOneToOneField(BackEntry, models.PROTECT, related_name="proof")
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, db_collation="C")
    # Base 64, as the photographs of incidents.
    content = SealedTextField()

    class Meta:
        verbose_name = _("补录证明材料")
        constraints = [
            models.CheckConstraint(
                condition=Q(size__range=(1, 5 * 1024 * 1024)),
                name="proof_is_five_megabytes_at_most",
            )
        ]


class BackEntrySegment(CellModel):
    """When somebody served, and when it was planned. Append-only.

    ``is_late``: entered after the ten working days (rule 42).
    """

    back_entry = CellForeignKey(BackEntry, models.PROTECT, related_name="segments")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned_starts_at = models.DateTimeField()
    planned_ends_at = models.DateTimeField()
    is_late = models.BooleanField()

    class Meta:
        verbose_name = _("补录时段")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), planned_ends_at__gt=F("planned_starts_at")),
                name="entry_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["person", "-starts_at"], name="entry_by_person")]
