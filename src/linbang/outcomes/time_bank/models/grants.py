from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.ledger.models import Account, Transfer
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region


class Grant(CellModel):
    """The pool gave a needy elder time for one month (rule 71); kept in a book of its own.

    Once a person and month. It cannot be given away, is spent before what was saved, and what is
    left when the month is over goes back: then there is a ``GrantReturn``. Append-only.
    """

    person = CellForeignKey(Person, models.PROTECT, related_name="+")
    month = models.DateField()
    account = CellOneToOneField(Account, models.PROTECT, related_name="+")
    transfer = CellOneToOneField(Transfer, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False)
    minutes = models.PositiveIntegerField()
    expires_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("每月赠时")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "person", "month"], name="grant_once_a_person_and_month"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="grant_gives_something"),
            models.CheckConstraint(condition=Q(month__day=1), name="grant_month_is_its_first_day"),
        ]
        indexes = [
            models.Index(fields=["month", "region"], name="grant_by_month"),
            models.Index(fields=["expires_at"], name="grant_by_expiry"),
        ]


class GrantReturn(CellModel):
    """A month's grant ended; what was left of it went back, perhaps nothing. Append-only."""

    grant = CellOneToOneField(Grant, models.PROTECT, related_name="returned")
    transfer = CellOneToOneField(Transfer, models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("赠时收回")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes=0, transfer=None) | Q(minutes__gt=0, transfer__isnull=False),
                name="grant_return_moves_what_it_says",
            )
        ]
