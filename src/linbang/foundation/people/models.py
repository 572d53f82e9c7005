import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Replace
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linbang.foundation.access.models import Account
from linbang.foundation.crypto import SealedTextField, blind_index
from linbang.foundation.db import (
    AnyCellForeignKey,
    CellForeignKey,
    CellModel,
    CellOneToOneField,
)
from linbang.foundation.people.choices import (
    ClaimState,
    ConsentKind,
    ConsentMethod,
    DisputeOutcome,
    DocumentType,
    Language,
    RegistrationChannel,
    Relation,
    ServiceCategory,
    Sex,
    Skill,
)
from linbang.foundation.people.rules import (
    VISITS_A_DAY,
    VISITS_A_DAY_MAX,
    VISITS_A_WEEK,
    VISITS_A_WEEK_MAX,
    document_key,
)
from linbang.foundation.places.models import Region


def document_digest(kind: str, number: str) -> str:
    """Return the blind index under which an identity is unique and found (rule 3)."""
    return blind_index(document_key(DocumentType(kind), number), purpose="people.document")


def phone_digest(phone: str) -> str:
    """Return the blind index of a person's phone; empty for none."""
    return blind_index(phone, purpose="people.phone") if phone else ""


def phone_tail_digest(phone: str) -> str:
    """Return the blind index of a phone's last four digits; empty for none."""
    return blind_index(phone[-4:], purpose="people.phone_tail") if phone else ""


class Household(CellModel):
    """People who live behind one door of a building."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    door = SealedTextField(help_text=_("单元与房号"))
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("家庭户")
        indexes = [models.Index(fields=["region"], name="household_by_region")]


class Person(CellModel):
    """One natural person, once; gives and receives.

    Registered by somebody else it stays unconfirmed until ``confirmed_at`` (rule 4).
    ``phone_tail_digest`` finds the last four digits within what one may see.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = CellOneToOneField(
        Account, models.PROTECT, null=True, blank=True, related_name="person"
    )
    name = models.CharField(max_length=50)
    pinyin = models.CharField(max_length=160, db_collation="C")
    initials = models.CharField(max_length=50, db_collation="C")
    # Clerks type "lixiuying" without spaces; a range of this column finds it.
    pinyin_key = models.GeneratedField(
        expression=Replace("pinyin", models.Value(" "), models.Value("")),
        output_field=models.CharField(max_length=160, db_collation="C"),
        db_persist=True,
    )
    sex = models.CharField(max_length=1, choices=Sex)
    birth_date = models.DateField()
    document_type = models.CharField(max_length=2, choices=DocumentType)
    document_number = SealedTextField()
    document_digest = models.CharField(max_length=32)
    phone = SealedTextField()
    phone_digest = models.CharField(max_length=32, blank=True)
    phone_tail_digest = models.CharField(max_length=32, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    household = CellForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="members"
    )
    address = SealedTextField(help_text=_("楼栋以下的详细地址"))
    channel = models.CharField(max_length=12, choices=RegistrationChannel)
    registered_by_id = models.BigIntegerField(null=True)
    registered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("人员")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "document_digest"], name="person_document_once"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None)
                | models.Q(closed_at__gte=models.F("registered_at")),
                name="person_closes_after_registration",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "id"], name="person_by_region"),
            models.Index(fields=["phone_digest"], name="person_by_phone"),
            models.Index(fields=["phone_tail_digest"], name="person_by_phone_tail"),
            models.Index(fields=["initials"], name="person_by_initials"),
            models.Index(fields=["pinyin_key"], name="person_by_pinyin"),
            models.Index(fields=["name"], name="person_by_name", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confirmed(self) -> bool:
        """Confirmed by the person, or by the guardian of a minor (rule 4)."""
        return self.confirmed_at is not None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Kinship(CellModel):
    """Who may speak for whom: a relative or guardian of a person."""

    person = CellForeignKey(Person, models.PROTECT, related_name="kin")
    relative = AnyCellForeignKey(Person, models.PROTECT, related_name="kin_of")
    relation = models.CharField(max_length=12, choices=Relation)
    is_guardian = models.BooleanField(default=False)
    declared_at = models.DateTimeField()
    declared_by_id = models.BigIntegerField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("亲属关系")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("relative")), name="kinship_joins_two_people"
            ),
            models.UniqueConstraint(
                fields=["cell", "person", "relative"],
                condition=models.Q(ended_at=None),
                name="kinship_once_a_pair",
            ),
        ]


class VolunteerProfile(CellModel):
    """What a person gives: number, skills, categories, free time, languages.

    ``availability``: 24 bits, weekday × part then holidays (``choices.DayPart``). The home point
    is the building's, or one of the volunteer's own rounded to about 100 m. ``languages`` are
    those besides Mandarin; ``visits_a_day`` and ``visits_a_week`` bind plans, not the volunteer.
    """

    person = CellOneToOneField(Person, models.PROTECT, related_name="volunteer")
    number = models.CharField(max_length=16, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    skills = ArrayField(models.CharField(max_length=2, choices=Skill), default=list, blank=True)
    categories = ArrayField(models.CharField(max_length=4, choices=ServiceCategory), default=list)
    availability = models.IntegerField(default=0)
    languages = ArrayField(
        models.CharField(max_length=3, choices=Language), default=list, blank=True, db_default=[]
    )
    visits_a_day = models.PositiveSmallIntegerField(default=VISITS_A_DAY, db_default=VISITS_A_DAY)
    visits_a_week = models.PositiveSmallIntegerField(
        default=VISITS_A_WEEK, db_default=VISITS_A_WEEK
    )
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    rating = models.FloatField(null=True, blank=True)
    activated_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("志愿者档案")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^V\d{10}$"),
                name="volunteer_number_is_a_serial",
            ),
            models.CheckConstraint(
                condition=models.Q(availability__range=(0, (1 << 24) - 1)),
                name="volunteer_availability_has_24_bits",
            ),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)),
                name="volunteer_rating_from_1_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(languages__contained_by=Language.values),
                name="volunteer_languages_are_listed",
            ),
            models.CheckConstraint(
                condition=models.Q(visits_a_day__range=(1, VISITS_A_DAY_MAX)),
                name="volunteer_visits_a_day_from_1_to_3",
            ),
            models.CheckConstraint(
                condition=models.Q(visits_a_week__range=(1, VISITS_A_WEEK_MAX)),
                name="volunteer_visits_a_week_from_1_to_7",
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "id"],
                condition=models.Q(ended_at=None),
                name="active_volunteer_by_region",
            )
        ]

    @property
    def category_labels(self) -> str:
        """The service categories by name."""
        return "、".join(str(ServiceCategory(code).label) for code in self.categories)

    @property
    def skill_labels(self) -> str:
        """The skills by name."""
        return "、".join(str(Skill(code).label) for code in self.skills)

    @property
    def language_labels(self) -> str:
        """The languages besides Mandarin by name."""
        return "、".join(str(Language(code).label) for code in self.languages)


class ConsentText(models.Model):
    """One version of what people agree to; published texts never change."""

    kind = models.CharField(max_length=16, choices=ConsentKind)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    body = models.TextField()
    body_en = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("同意书")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="consent_text_version_once")
        ]

    @property
    def heading(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" else self.title

    @property
    def wording(self) -> str:
        """The text in the reader's language; the Chinese one is what counts."""
        return self.body_en if get_language() == "en" else self.body


class Consent(CellModel):
    """A person's agreement to one version, by whom and how; withdrawn, never deleted."""

    person = CellForeignKey(Person, models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    given_by = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    method = models.CharField(max_length=12, choices=ConsentMethod)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("同意记录")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "person", "text"],
                condition=models.Q(withdrawn_at=None),
                name="consent_once_a_version",
            )
        ]


class IdentityClaim(CellModel):
    """Somebody says that a record registered under an identity is their own (rule 3)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="claims")
    phone = SealedTextField()
    phone_digest = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ClaimState, default=ClaimState.OPEN)
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("账号认领")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "person", "phone_digest"],
                condition=models.Q(state=ClaimState.OPEN),
                name="identity_claim_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ClaimState.OPEN, decided_at=None)
                | ~models.Q(state=ClaimState.OPEN) & models.Q(decided_at__isnull=False),
                name="identity_claim_decided_has_time",
            ),
        ]


class RegistrationLookup(models.Model):
    """One try of "am I registered?", by keyed hash of the document and by address; forgotten
    after two days. Kept for the limits alone: the trail knows what was answered.

    ``question`` is the hash of the sum that was asked; each is answered once.
    """

    question = models.CharField(max_length=32)
    document_digest = models.CharField(max_length=32, blank=True)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("登记查询")
        constraints = [
            models.UniqueConstraint(fields=["question"], name="lookup_question_answered_once")
        ]
        indexes = [
            models.Index(fields=["document_digest", "at"], name="lookup_by_document"),
            models.Index(fields=["address", "at"], name="lookup_by_address"),
        ]


class RegistrationDispute(CellModel):
    """Somebody who is registered says that it was not by them (rule 5); answered once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="disputes")
    phone = SealedTextField()
    phone_digest = models.CharField(max_length=32)
    text = SealedTextField()
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=DisputeOutcome, blank=True)
    reply = SealedTextField()
    answered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("登记异议")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "person", "phone_digest"],
                condition=models.Q(answered_at=None),
                name="registration_dispute_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", answered_at=None, answered_by_id=None)
                | ~models.Q(outcome="")
                & models.Q(answered_at__isnull=False, answered_by_id__isnull=False),
                name="registration_dispute_answer_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"],
                condition=models.Q(answered_at=None),
                name="registration_dispute_open",
            )
        ]
