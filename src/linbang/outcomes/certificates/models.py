import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.certificates.choices import CertificateState, EndReason


class PublishedKey(models.Model):
    """The public half of a key that has signed; published for as long as there are papers of it.

    Append-only. ``key`` is the 32 bytes in hexadecimal.
    """

    key_id = models.CharField(max_length=24, unique=True)
    key = models.CharField(max_length=64)
    first_used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("签名公钥")
        constraints = [
            models.CheckConstraint(
                condition=Q(key__regex=r"^[0-9a-f]{64}$"), name="published_key_has_32_bytes"
            )
        ]


class Certificate(CellModel):
    """What was certified, as it was then. Append-only; what ends it are rows of their own.

    ``lines`` and sums are frozen; ``payload`` is the line that ``signature`` (hexadecimal) signs.
    ``document_number`` is there only where the volunteer wanted it printed (rule 51). ``unit`` is
    empty when the records of all units are certified.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=14, unique=True)
    person = CellForeignKey(Person, models.PROTECT, related_name="certificates")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    name = models.CharField(max_length=50)
    volunteer_number = models.CharField(max_length=16, blank=True)
    document_number = SealedTextField()
    first_date = models.DateField()
    last_date = models.DateField()
    unit = models.CharField(max_length=100, blank=True)
    issuer = models.CharField(max_length=100)
    lines = models.JSONField()
    proved_minutes = models.PositiveIntegerField()
    entered_minutes = models.PositiveIntegerField()
    wants_seal = models.BooleanField(default=False)
    key = models.ForeignKey(PublishedKey, models.PROTECT, to_field="key_id", related_name="+")
    payload = models.CharField(max_length=400)
    signature = models.CharField(max_length=128)
    issued_by_id = models.BigIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name = _("服务证明")
        constraints = [
            models.CheckConstraint(
                condition=Q(proved_minutes__gt=0) | Q(entered_minutes__gt=0),
                name="certificate_certifies_something",
            ),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")),
                name="certificate_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^2\d{3}-[2-9A-HJKMNP-Z]{9}$"),
                name="certificate_number_says_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["cell", "person", "-issued_at"], name="certificate_by_person"),
            models.Index(fields=["region", "-issued_at"], name="certificate_by_region"),
        ]

    @property
    def minutes(self) -> int:
        return self.proved_minutes + self.entered_minutes


class CertifiedRecord(CellModel):
    """A record stands on a certificate: so a correction finds the paper. Append-only."""

    certificate = CellForeignKey(Certificate, models.PROTECT, related_name="records")
    record = CellForeignKey(ServiceRecord, models.PROTECT, related_name="certified")

    class Meta:
        verbose_name = _("证明中的记录")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "certificate", "record"], name="record_once_a_certificate"
            )
        ]


class CertificateEnding(CellModel):
    """A certificate may not be relied on any more, and why. Append-only.

    ``by_id`` is empty when a correction did it.
    """

    certificate = CellForeignKey(Certificate, models.PROTECT, related_name="endings")
    state = models.CharField(max_length=10, choices=CertificateState)
    reason = models.CharField(max_length=10, choices=EndReason)
    note = models.CharField(max_length=200, blank=True)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("证明失效")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "certificate", "state"], name="certificate_ends_once_a_state"
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.SUPERSEDED)
                | Q(state=CertificateState.REVOKED, by_id__isnull=False),
                name="certificate_revoked_by_somebody",
            ),
        ]


class SealedCopy(CellModel):
    """The sealed paper was given to the volunteer (rule 51). Append-only."""

    certificate = CellOneToOneField(Certificate, models.PROTECT, related_name="copy")
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("盖章件交付")


class NumberCheck(models.Model):
    """Somebody looked a number up: by keyed hash of the address, forgotten after two days."""

    address_digest = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("证明查验")
        indexes = [models.Index(fields=["address_digest", "at"], name="number_check_by_address")]
