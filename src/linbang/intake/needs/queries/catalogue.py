"""Reads of the service catalogue."""

from django.db.models import Count, QuerySet

from linbang.intake.needs.models import Need, ServiceItem


def items_offered() -> QuerySet[ServiceItem]:
    """Return the service items that may be asked for, in catalogue order."""
    return ServiceItem.objects.filter(is_offered=True).order_by("position", "code")


def items_by_use(person_id: int, *, cell: str) -> list[ServiceItem]:
    """Return the items on offer, those this person asked for most often first; two queries."""
    asked = dict(
        Need.objects.filter(cell=cell, beneficiary_id=person_id)
        .values_list("item")
        .annotate(times=Count("id"))
    )
    return sorted(items_offered(), key=lambda item: (-asked.get(item.pk, 0), item.position))
