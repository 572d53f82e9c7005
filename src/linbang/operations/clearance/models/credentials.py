import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import CellForeignKey, CellModel
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Qualification
from linbang.operations.clearance.choices import CredentialSource


class Credential(CellModel):
    """A person has a qualification for a time. Renewal is a row of its own.

    Valid from ``valid_from`` up to and including ``valid_until``; no end means for good.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="credentials")
    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=CredentialSource)
    source_id = models.BigIntegerField(null=True, help_text=_("培训报名编号"))
    number = SealedTextField(help_text=_("证书编号"))
    issued_by = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    verified_at = models.DateTimeField()
    verified_by_id = models.BigIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("资格证明")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="credential_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoke_reason=""),
                name="credential_revoked_says_why",
            ),
            models.UniqueConstraint(
                fields=["cell", "source", "source_id"],
                condition=Q(source_id__isnull=False),
                name="credential_once_a_source",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "qualification"], name="credential_by_person"),
            models.Index(fields=["cell", "valid_until"], name="credential_by_expiry"),
        ]
