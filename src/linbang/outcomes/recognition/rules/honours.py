"""What may enter the register of honours, over plain values (Order 67, article 9)."""

from datetime import date

from linbang.foundation.files import media_type_of
from linbang.outcomes.recognition import errors
from linbang.outcomes.recognition.choices import PROVED_LEVELS, HonourLevel, HonourState

PROOF_BYTES_MAX = 4 * 1024 * 1024


def require_past(granted_date: date, *, today: date) -> None:
    """Refuse an honour of tomorrow. Raises HonourDateAhead."""
    if granted_date > today:
        raise errors.HonourDateAhead(field="granted_date")


def require_proof(level: HonourLevel, content: bytes) -> str:
    """Return the media type of the proof by its first bytes, empty where none is given or needed.

    Raises ProofMissing for the county level and above, ProofTooLarge, ProofUnreadable.
    """
    if not content:
        if level in PROVED_LEVELS:
            raise errors.ProofMissing(field="proof")
        return ""
    if len(content) > PROOF_BYTES_MAX:
        raise errors.ProofTooLarge(field="proof", megabytes=PROOF_BYTES_MAX // 1024**2)
    if not (media_type := media_type_of(content)):
        raise errors.ProofUnreadable(field="proof")
    return media_type


def honour_state(*, verdict: str, is_struck: bool) -> HonourState:
    """Tell where an honour stands."""
    if is_struck:
        return HonourState.STRUCK
    return HonourState(verdict) if verdict else HonourState.WAITING
