"""What is told when a person registers, in one value each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from linbang.foundation.people.choices import (
    DocumentType,
    RegistrationChannel,
    Relation,
    Sex,
    UnmaskReason,
)
from linbang.foundation.people.errors import ReasonMissing

NOTE_MIN = 2


@dataclass(frozen=True, kw_only=True)
class Registration:
    """Who registers: birth date and sex may stay open where the document tells them."""

    name: str
    document_number: str
    region_code: str
    document_type: DocumentType = DocumentType.RESIDENT_ID
    birth_date: date | None = None
    sex: Sex | None = None
    phone: str = ""
    address: str = ""
    channel: RegistrationChannel = RegistrationChannel.SELF


@dataclass(frozen=True, kw_only=True)
class Guardian:
    """Who consents for a minor."""

    person_id: int
    relation: Relation = Relation.PARENT


@dataclass(frozen=True, kw_only=True)
class VolunteerDetails:
    """What a volunteer offers; codes of the national lists.

    Languages besides Mandarin and visit limits: None leaves them as they are.
    """

    skills: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    availability: int = 0
    languages: tuple[str, ...] | None = None
    visits_a_day: int | None = None
    visits_a_week: int | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """What may change of a person after registration; None leaves it as it is."""

    phone: str | None = None
    region_code: str | None = None
    address: str | None = None


def require_reason(reason: str, note: str, *, approved: Iterable[UnmaskReason]) -> UnmaskReason:
    """Return the reason if it is one of the approved ones, and told when it is "other".

    Raises ReasonMissing (rules 98 and 99).
    """
    if reason not in set(approved) or (
        reason == UnmaskReason.OTHER and len(note.strip()) < NOTE_MIN
    ):
        raise ReasonMissing(field="reason")
    return UnmaskReason(reason)
