from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField, blind_index
from linbang.foundation.db import CellForeignKey, CellModel
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region


def category_digest(category: str) -> str:
    """Return the blind index under which a category is counted and found."""
    return blind_index(category, purpose="care.category")


class CareListing(CellModel):
    """A person stands on the care register in one category, from a day on.

    The category is sealed and found by its keyed hash (rule 98); ``region`` is where the person
    lived when listed, so that figures never need to open it.
    """

    person = CellForeignKey(Person, models.PROTECT, related_name="care_listings")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    category = SealedTextField()
    category_digest = models.CharField(max_length=32)
    note = SealedTextField()
    listed_on = models.DateField()
    listed_by_id = models.BigIntegerField(null=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("关爱名册")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "person", "category_digest"],
                condition=models.Q(ended_on=None),
                name="care_listing_once_a_category",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("listed_on")),
                name="care_listing_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["region", "category_digest"], name="care_by_region")]
