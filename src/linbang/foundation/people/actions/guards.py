"""Who may write about whom, and in whose name the trail keeps it."""

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed
from linbang.foundation.people import queries
from linbang.foundation.people.errors import PersonUnconfirmed, RegionUnknown
from linbang.foundation.people.models import Person
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region


def require_may_edit(by: Actor, person: Person) -> None:
    """Let in the person, who may speak for them, and staff of their region; else NotAllowed."""
    if by.may(Permission.EDIT_PEOPLE, region=person.region_id):
        return
    if not queries.may_speak_for(by, person.pk):
        raise NotAllowed


def require_staff(by: Actor, person: Person, permission: Permission) -> None:
    """Let in who has the permission where the person lives; else NotAllowed."""
    if not by.may(permission, region=person.region_id):
        raise NotAllowed


def require_confirmed(person: Person) -> None:
    """Raise PersonUnconfirmed until consent is stored (rule 4)."""
    if not person.is_confirmed:
        raise PersonUnconfirmed


def require_home(code: str) -> Region:
    """Return the current community, grid or building of a code. Raises RegionUnknown."""
    region = Region.objects.current().filter(pk=code, level__gte=RegionLevel.COMMUNITY).first()
    if region is None:
        raise RegionUnknown(field="region_code")
    return region


def acting_for(by: Actor, person: Person) -> Actor:
    """Return the actor as the trail keeps it: for whom, when not for oneself (rule 102)."""
    if by.person_id in {person.pk, None}:
        return by
    # Field by field: a request's actor is lazy, which ``dataclasses.replace`` does not take.
    return Actor(
        account_id=by.account_id,
        person_id=by.person_id,
        cell=by.cell,
        grants=by.grants,
        address=by.address,
        is_system=by.is_system,
        on_behalf_of_id=person.pk,
    )
