import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import (
    AnyCellForeignKey,
    CellForeignKey,
    CellModel,
    CellOneToOneField,
)
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch.choices import (
    SIGN_UP_ENDED,
    SignUpChannel,
    SignUpState,
    StandInState,
)


class ShiftPlaces(CellModel):
    """How many places of a shift are taken, and how many people wait: the counter of sign-up.

    A table of its own, so that the row every sign-up changes is narrow and no index is touched
    (performance §7). ``taken`` counts confirmed and held sign-ups and reserved places.
    """

    shift = CellOneToOneField(Shift, models.PROTECT, related_name="load")
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("班次名额")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")), name="places_taken_at_most_all"
            )
        ]


class Reservation(CellModel):
    """Places of a shift kept for a unit or team until it names its people."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shift = CellForeignKey(Shift, models.PROTECT, related_name="reservations")
    organisation = AnyCellForeignKey(Organisation, models.PROTECT, related_name="+")
    places = models.PositiveSmallIntegerField(help_text=_("还没有落实到人的名额"))
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("预留名额")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "shift", "organisation"],
                condition=Q(released_at=None),
                name="reservation_once_a_unit",
            )
        ]


class SignUp(CellModel):
    """A person's place on a shift, or the wait for one. Lives in the shift's cell; never deleted.

    ``key`` is the caller's idempotency key: a late repetition finds this row whatever became of
    it. ``held_until`` is the end of a timed offer of a freed place (rule 25). ``is_late``: given
    back within 24 hours of the start (rule 28), but never before ``free_until``: whoever was
    rostered, or whose shift was moved, has a day to say no (rule 27).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Without an index of its own: while the planner knows little of the table, it would prefer
    # that to the unique one, and read a whole crowd for each newcomer.
    shift = CellForeignKey(Shift, models.PROTECT, related_name="sign_ups", db_index=False)
    # sign_up_by_person finds them; every further index is paid for at each sign-up.
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="sign_ups", db_index=False)
    state = models.CharField(max_length=10, choices=SignUpState)
    channel = models.CharField(max_length=10, choices=SignUpChannel)
    key = models.CharField(max_length=64, db_collation="C", blank=True)
    asked_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    free_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    is_late = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("报名")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "shift", "person"],
                condition=Q(ended_at=None),
                name="sign_up_once_a_shift",
            ),
            models.UniqueConstraint(
                fields=["cell", "person", "key"], condition=~Q(key=""), name="sign_up_key_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SIGN_UP_ENDED, ended_at__isnull=False)
                | ~Q(state__in=SIGN_UP_ENDED) & Q(ended_at=None),
                name="sign_up_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignUpState.HELD) | Q(held_until__isnull=False),
                name="sign_up_held_says_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignUpState.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="sign_up_confirmed_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["cell", "shift", "id"], name="sign_up_by_shift"),
            models.Index(fields=["person", "-id"], name="sign_up_by_person"),
            models.Index(
                fields=["held_until"],
                condition=Q(state=SignUpState.HELD),
                name="sign_up_held",
            ),
        ]


class StandIn(CellModel):
    """Somebody seeks a stand-in for a place, or a swap; responsible until it is taken (Tapir)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sign_up = CellForeignKey(SignUp, models.PROTECT, related_name="stand_ins")
    # A swap names the other's place; a plain search for a stand-in names nobody.
    swap_with = CellForeignKey(
        SignUp, models.PROTECT, null=True, blank=True, related_name="swaps_asked"
    )
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=StandInState, default=StandInState.OPEN)
    asked_at = models.DateTimeField()
    taken_by = CellForeignKey(
        SignUp, models.PROTECT, null=True, blank=True, related_name="stands_in_for"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("找人替班")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "sign_up"],
                condition=Q(state=StandInState.OPEN),
                name="stand_in_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=StandInState.OPEN, ended_at=None)
                | ~Q(state=StandInState.OPEN) & Q(ended_at__isnull=False),
                name="stand_in_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=StandInState.TAKEN) | Q(taken_by__isnull=False),
                name="stand_in_taken_says_by_whom",
            ),
        ]
