"""Care listings for tests."""

from datetime import date

from linbang.foundation.people.models import Person
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.models import CareListing, category_digest


def make_listing(
    person: Person,
    category: CareCategory = CareCategory.AGED,
    *,
    note: str = "",
    listed_on: date = date(2026, 1, 5),
    ended_on: date | None = None,
) -> CareListing:
    """Put a person on the register where they live."""
    return CareListing.objects.create(
        cell=person.cell,
        person=person,
        region_id=person.region_id,
        category=category,
        category_digest=category_digest(category),
        note=note,
        listed_on=listed_on,
        ended_on=ended_on,
    )
