import uuid
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from linbang.foundation.clock import local_date
from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.people.choices import Language, ServiceCategory, Sex, Skill
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.needs import rules
from linbang.intake.needs.choices import (
    ENDED_UNSERVED,
    LOOKING_FOR_SOMEBODY,
    STATE_TONES,
    HelpersReason,
    KnownRisk,
    NeedChannel,
    NeedState,
    Risk,
    Urgency,
)


class ChinaDay(models.Func):
    """The calendar day of an instant in China; immutable, hence fit for an index."""

    template = "((%(expressions)s AT TIME ZONE 'Asia/Shanghai')::date)"
    arity = 1
    output_field = models.DateField()


class ServiceItem(models.Model):
    """One thing a resident can ask for, in the service catalogue (a reference table)."""

    code = models.CharField(primary_key=True, max_length=24)
    category = models.CharField(max_length=4, choices=ServiceCategory)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    description_en = models.CharField(max_length=200, blank=True)
    icon = models.CharField(max_length=30)
    usual_minutes = models.PositiveSmallIntegerField()
    skills = ArrayField(models.CharField(max_length=2, choices=Skill), default=list, blank=True)
    risk = models.CharField(max_length=8, choices=Risk, default=Risk.LOW)
    risk_note = models.CharField(max_length=200, blank=True)
    helpers = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    is_offered = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("服务项目")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(usual_minutes__range=(15, 480)),
                name="service_item_lasts_15_minutes_to_8_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(helpers__range=(1, 4)), name="service_item_needs_1_to_4_helpers"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return _told(self.name, self.name_en)

    @property
    def explanation(self) -> str:
        """The description in the reader's language."""
        return _told(self.description, self.description_en)

    @property
    def caution(self) -> str:
        """The risk note in the reader's language, where the catalogue has it."""
        return gettext(self.risk_note) if self.risk_note else ""


class Need(CellModel):
    """A resident's request for help. ``state`` mirrors the newest ``NeedStep``.

    ``known_risks`` holds ``KnownRisk`` values joined by commas: they tell of health and home, so
    they are sealed like the note (rule 98). ``is_extra``: the station allows a second visit of
    the same kind that day (rule 65). ``answer_due_at``: when the station's first answer is due.
    ``helper_sex`` and ``helper_languages`` are wished of every helper, one of the languages each.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=80, db_collation="C", help_text=_("幂等键"))
    content_digest = models.CharField(max_length=32, blank=True)
    beneficiary = CellForeignKey(Person, models.PROTECT, related_name="needs")
    requested_by = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    taken_by = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=NeedChannel)
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    address = SealedTextField()
    phone = SealedTextField()
    note = SealedTextField()
    known_risks = SealedTextField()
    risk_note = SealedTextField()
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.NORMAL)
    helpers = models.PositiveSmallIntegerField(default=1)
    helpers_reason = models.CharField(max_length=60, blank=True)
    helper_sex = models.CharField(max_length=1, choices=Sex, blank=True, default="", db_default="")
    helper_languages = ArrayField(
        models.CharField(max_length=3, choices=Language), default=list, blank=True, db_default=[]
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_extra = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.OPENED)
    state_since = models.DateTimeField()

    class Meta:
        verbose_name = _("求助")
        constraints = [
            models.UniqueConstraint(fields=["cell", "key"], name="need_key_once"),
            # Rule 65. The visits of one day are a handful of rows, the index is partial.
            models.UniqueConstraint(
                "cell",
                "beneficiary",
                "item",
                ChinaDay("starts_at"),
                condition=models.Q(is_extra=False) & ~models.Q(state__in=ENDED_UNSERVED),
                name="need_same_kind_once_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="need_window_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(helpers__range=(1, 4)), name="need_wants_1_to_4_helpers"
            ),
            models.CheckConstraint(
                condition=models.Q(helper_sex__in=["", *Sex.values]),
                name="need_helper_sex_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(helper_languages__contained_by=Language.values),
                name="need_helper_languages_are_listed",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "state", "starts_at"], name="need_by_region_and_state"),
            models.Index(fields=["region", "opened_at"], name="need_by_region_and_time"),
            models.Index(fields=["cell", "beneficiary", "-opened_at"], name="need_by_beneficiary"),
            models.Index(fields=["requested_by", "-opened_at"], name="need_by_requester"),
            # What dispatch looks through every minute: a few rows, however many needs there were.
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=LOOKING_FOR_SOMEBODY),
                name="need_looking_for_somebody",
            ),
        ]

    @property
    def answer_due_date(self) -> date | None:
        """The last day on which the first answer is in time; its term ends at midnight."""
        due = self.answer_due_at
        return local_date(due - timedelta(microseconds=1)) if due else None

    @property
    def tone(self) -> str:
        """The colour of the state's label."""
        return STATE_TONES[self.state]

    @property
    def risks(self) -> tuple[KnownRisk, ...]:
        """The known risks as values with labels."""
        return tuple(KnownRisk(value) for value in self.known_risks.split(",") if value)

    @property
    def wishes(self) -> tuple[str, ...]:
        """What is wished of the helpers, in words of the active language."""
        return rules.wish_words(self.helper_sex, self.helper_languages)

    @property
    def helpers_reasons(self) -> tuple[HelpersReason, ...]:
        """Why more than one helper goes, as values with labels."""
        return tuple(HelpersReason(value) for value in self.helpers_reason.split(",") if value)


class NeedStep(CellModel):
    """One change of a need's state: who, when, for whom and why. Append-only."""

    need = CellForeignKey(Need, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=NeedState)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("求助进展")
        indexes = [models.Index(fields=["cell", "need", "id"], name="need_step_by_need")]


def _told(chinese: str, english: str) -> str:
    if (get_language() or "").startswith("en"):
        return english or chinese
    # Traditional Chinese comes from the message catalogue; a station's own items stay as typed.
    return gettext(chinese) if chinese else ""
