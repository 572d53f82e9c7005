"""Who seeks a stand-in or a swap."""

from datetime import datetime

from django.db.models import QuerySet

from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import StandInState
from linbang.operations.dispatch.models import StandIn


def stand_ins() -> QuerySet[StandIn]:
    """Return searches for stand-ins and swaps with the places they are about."""
    return StandIn.objects.select_related(
        "sign_up__shift__activity__organiser",
        "sign_up__shift__post",
        "sign_up__person",
        "swap_with__shift__activity__organiser",
        "swap_with__shift__post",
        "swap_with__person",
        "taken_by",
    )


def stand_in_of_id(stand_in_id: int) -> StandIn:
    """Return a search with the places it is about. Raises NotFound."""
    search = stand_ins().filter(pk=stand_in_id).first()
    if search is None:
        raise NotFound
    return search


def searches_to_lapse(*, now: datetime) -> list[int]:
    """Return the open searches for shifts that have begun."""
    lapsed = StandIn.objects.filter(
        state=StandInState.OPEN,
        sign_up__shift__starts_at__lte=now,
        sign_up__shift__starts_at__gt=now - rules.STARTED_LOOKS_BACK,
    )
    return list(lapsed.order_by("id").values_list("pk", flat=True))


def person_with_id(person_id: int) -> Person:
    """Return a person whose record is open. Raises NotFound."""
    person = Person.objects.filter(pk=person_id, closed_at=None).first()
    if person is None:
        raise NotFound
    return person
