"""What a certificate's QR code says: enough to believe it without network."""

import base64
from dataclasses import dataclass
from datetime import date

_MARK = "LB1"
_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Payload:
    """The signed words of a certificate. The name is masked: a code is photographed easily."""

    number: str
    name: str
    first: date
    last: date
    proved: int
    entered: int
    issuer: str
    issued: date
    key_id: str


def written(payload: Payload) -> str:
    """Write a payload as the one line that is signed."""
    fields = (
        _MARK,
        payload.number,
        payload.name,
        _day(payload.first),
        _day(payload.last),
        str(payload.proved),
        str(payload.entered),
        payload.issuer,
        _day(payload.issued),
        payload.key_id,
    )
    return "|".join(field.replace("|", " ") for field in fields)


def parse(text: str) -> Payload | None:
    """Read a line back; none for anything else."""
    fields = text.split("|")
    if len(fields) != _FIELDS or fields[0] != _MARK:
        return None
    try:
        return Payload(
            number=fields[1],
            name=fields[2],
            first=_date(fields[3]),
            last=_date(fields[4]),
            proved=int(fields[5]),
            entered=int(fields[6]),
            issuer=fields[7],
            issued=_date(fields[8]),
            key_id=fields[9],
        )
    except ValueError:
        return None


def encoded(text: str, signature: bytes) -> str:
    """Return line and signature as the fragment of an address."""
    return f"{_base64(text.encode())}.{_base64(signature)}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _date(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
