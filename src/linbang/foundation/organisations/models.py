import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import CODE_COLLATION, AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.organisations.choices import (
    MemberRole,
    OrganisationKind,
    TeamMembership,
    TeamRank,
)
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def under(self, path: str) -> "OrganisationQuerySet":
        """Keep the organisation of a path and all below it."""
        return self.filter(path__gte=path, path__lt=path + ":")


class Organisation(CellModel):
    """A unit or a team; ``path`` is ten digits a level, so a subtree is a prefix range."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=OrganisationKind)
    # A parent may sit in another county (a district's detachment over its brigades).
    parent = AnyCellForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=120, unique=True, db_collation=CODE_COLLATION)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    credit_code = models.CharField(max_length=18, blank=True)
    approved_by = AnyCellForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="approved_teams"
    )
    rank = models.CharField(max_length=12, choices=TeamRank, blank=True)
    content = models.CharField(max_length=4, choices=ServiceCategory, blank=True)
    membership = models.CharField(max_length=16, choices=TeamMembership, blank=True)
    contact_name = models.CharField(max_length=50, blank=True)
    contact_phone = SealedTextField()
    founded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=OrganisationKind.TEAM)
                | models.Q(content__gt="", membership__gt=""),
                name="team_has_content_and_membership",
            ),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~models.Q(credit_code=""),
                name="organisation_credit_code_once",
            ),
            models.UniqueConstraint(
                fields=["cell", "region", "name"], name="organisation_name_once_a_region"
            ),
        ]
        indexes = [models.Index(fields=["region", "id"], name="organisation_by_region")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_team(self) -> bool:
        return self.kind == OrganisationKind.TEAM


class Membership(CellModel):
    """A person belongs to an organisation; ended, never deleted. Approval is ``approved_at``."""

    organisation = CellForeignKey(Organisation, models.PROTECT, related_name="memberships")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=MemberRole, default=MemberRole.MEMBER)
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("成员")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "organisation", "person"],
                condition=models.Q(ended_at=None),
                name="membership_once_an_organisation",
            )
        ]


class Liaison(CellModel):
    """The named person who keeps an organisation in touch with a region (派驻联络员)."""

    organisation = CellForeignKey(Organisation, models.PROTECT, related_name="liaisons")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    since_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("联络员")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_date=None)
                | models.Q(until_date__gte=models.F("since_date")),
                name="liaison_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["cell", "organisation", "person", "region"],
                condition=models.Q(until_date=None),
                name="liaison_once_a_region",
            ),
        ]
