"""When the record of an incident is due, what it must tell, and which pictures are taken."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from linbang.foundation import files
from linbang.operations.service import errors

# The record is complete within 48 hours, or insurance may refuse (ZYBJ; rule 82).
INCIDENT_DUE = timedelta(hours=48)
INCIDENT_REMINDER = timedelta(hours=12)
PHOTOS_MAX = 5
PHOTO_BYTES_MAX = 6 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class IncidentDetails:
    """What is known of an incident; the first four are asked for at once."""

    who: str
    what: str
    place: str
    first_aid: str
    hospital: str = ""
    witnesses: str = ""

    def trimmed(self) -> "IncidentDetails":
        """Return the same without blanks around."""
        return IncidentDetails(**{name: text.strip() for name, text in asdict(self).items()})


def require_told(details: IncidentDetails, *, complete: bool) -> None:
    """Refuse a report that leaves out what must be told: at first, and when it is complete.

    Raises IncidentPartMissing with the field.
    """
    asked = ["who", "what", "place", "first_aid"]
    for field in [*asked, "hospital", "witnesses"] if complete else asked:
        if not getattr(details, field).strip():
            raise errors.IncidentPartMissing(field=field)


def require_picture(content: bytes) -> str:
    """Return the media type of a picture by its first bytes, whatever its name says.

    Raises PhotoNotAPicture, PhotoTooLarge.
    """
    if len(content) > PHOTO_BYTES_MAX:
        raise errors.PhotoTooLarge(field="photo", megabytes=PHOTO_BYTES_MAX // 1024**2)
    if (media_type := files.media_type_of(content)) not in files.PICTURES:
        raise errors.PhotoNotAPicture(field="photo")
    return media_type


def is_overdue(due_at: datetime, *, completed: bool, now: datetime) -> bool:
    """Tell whether the record should have been complete."""
    return not completed and now > due_at
