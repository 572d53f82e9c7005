"""Who stands at a desk, and where she can be signed in."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from linbang.foundation.errors import Refused
from linbang.foundation.people import queries as people
from linbang.foundation.people import rules as person_rules
from linbang.foundation.people.choices import DocumentType
from linbang.foundation.people.models import Person, document_digest, phone_digest
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import regions_under
from linbang.intake.activities.choices import ShiftState
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.service import rules
from linbang.operations.service.queries.attendances import card_holder

_SAME_PHONE_MAX = 8


def people_known_by(text: str, *, today: date) -> list[Person]:
    """Return who is registered under what was typed at a desk, exactly: nothing is searched.

    A resident's ID number, a volunteer number, or a whole phone number; several people of a family
    may share a phone.
    """
    words = text.strip().upper()
    if person_rules.is_volunteer_number(words):
        holder = card_holder(words)
        return [holder] if holder else []
    try:
        document = person_rules.read_document(DocumentType.RESIDENT_ID, words, today=today)
    except Refused:
        return _under_phone(words)
    known = people.person_with_document(document_digest(document.type, document.number))
    return [known] if known else []


def is_serving(person: Person) -> bool:
    """Tell whether a person is confirmed and a volunteer, so that nothing needs a tick."""
    return person.is_confirmed and people.is_volunteer(person.pk)


def texts_to_accept(activity: Activity) -> list[AcceptanceKind]:
    """Return what a visitor must accept before a place on the activity (rules 19 and 21)."""
    due = {
        AcceptanceKind.RISK: activity.is_high_risk,
        AcceptanceKind.AGREEMENT: activity.needs_agreement,
    }
    return [kind for kind, is_due in due.items() if is_due]


def shifts_to_walk_into(activity: Activity, now: datetime) -> list[Shift]:
    """Return the shifts somebody at a desk can be signed in to now, those running first."""
    shifts = Shift.objects.filter(
        cell=activity.cell,
        activity=activity,
        state=ShiftState.PLANNED,
        starts_at__lte=now + rules.SHIFT_CHECK_IN_OPENS,
        ends_at__gt=now,
    )
    return list(shifts.select_related("post", "load").order_by("starts_at", "post__position", "id"))


def shift_to_walk_into(activity: Activity, shift: UUID, now: datetime) -> Shift | None:
    """Return one of these shifts by its public id."""
    return next((one for one in shifts_to_walk_into(activity, now) if one.public_id == shift), None)


def homes_near(activity: Activity) -> Sequence[Region]:
    """Return the communities where people at an event may live: its own, or those around it."""
    code = activity.region_id
    community = code[: RegionLevel.COMMUNITY]
    if len(code) >= RegionLevel.COMMUNITY:
        return list(Region.objects.filter(pk=community))
    return list(regions_under(code, level=RegionLevel.COMMUNITY)[:500])


def _under_phone(text: str) -> list[Person]:
    try:
        phone = person_rules.normal_phone(text)
    except Refused:
        return []
    return list(
        Person.objects.filter(
            phone_digest=phone_digest(phone), phone_digest__gt="", closed_at=None
        ).order_by("pinyin", "id")[:_SAME_PHONE_MAX]
    )
