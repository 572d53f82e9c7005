from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import InsurancePolicy, Shift


class InsuredPerson(CellModel):
    """A person stands on the list of a policy that covers named people."""

    policy = CellForeignKey(InsurancePolicy, models.PROTECT, related_name="insured")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("被保险人")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "policy", "person"],
                condition=models.Q(removed_at=None),
                name="insured_person_once_a_policy",
            )
        ]


class InsuredList(CellModel):
    """Who is insured for a high-risk shift, frozen at its start (rule 81). Append-only."""

    shift = CellOneToOneField(Shift, models.PROTECT, related_name="insured_list")
    policy = AnyCellForeignKey(InsurancePolicy, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("班次投保名单")


class InsuredListEntry(CellModel):
    """One person of a frozen list. Append-only."""

    insured_list = CellForeignKey(InsuredList, models.PROTECT, related_name="entries")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("班次被保险人")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "insured_list", "person"], name="insured_list_entry_once"
            )
        ]
