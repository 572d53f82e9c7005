import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.people.models import Person
from linbang.operations.dispatch.models import Assignment
from linbang.operations.service.choices import PresenceMethod


class Visit(CellModel):
    """One volunteer's visit for one assignment; the secret makes its rotating code."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = CellOneToOneField(Assignment, models.PROTECT, related_name="visit")
    volunteer = AnyCellForeignKey(Person, models.PROTECT, related_name="visits")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    code_secret = SealedTextField()
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("上门服务")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="visit_window_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["volunteer", "-starts_at"], name="visit_by_volunteer")]


class _Presence(CellModel):
    """``at`` is when it was; ``recorded_at`` when it was written down, later only by staff."""

    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    method = models.CharField(max_length=10, choices=PresenceMethod)
    by_id = models.BigIntegerField()
    on_behalf_of_id = models.BigIntegerField(null=True)
    distance_m = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True, help_text=_("代办原因"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recorded_at__gte=models.F("at")),
                name="%(class)s_is_not_in_the_future",
            ),
            models.CheckConstraint(
                condition=models.Q(on_behalf_of_id=None)
                | ~models.Q(note="") & ~models.Q(on_behalf_of_id=models.F("by_id")),
                name="%(class)s_on_behalf_says_why",
            ),
            models.CheckConstraint(
                condition=~models.Q(method=PresenceMethod.LOCATION)
                | models.Q(distance_m__isnull=False),
                name="%(class)s_by_location_has_distance",
            ),
        ]


class CheckIn(_Presence):
    """The visit began. Append-only."""

    visit = CellOneToOneField(Visit, models.PROTECT, related_name="check_in")

    class Meta(_Presence.Meta):
        verbose_name = _("签到")


class CheckOut(_Presence):
    """The visit ended. Append-only."""

    visit = CellOneToOneField(Visit, models.PROTECT, related_name="check_out")
    report = SealedTextField(help_text=_("服务小结"))

    class Meta(_Presence.Meta):
        verbose_name = _("签退")


class WrongCode(CellModel):
    """A wrong code was entered; five in a minute close the entry for a while."""

    visit = CellForeignKey(Visit, models.CASCADE, related_name="wrong_codes")
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("错误的动态码")
        indexes = [models.Index(fields=["cell", "visit", "at"], name="wrong_code_by_visit")]
