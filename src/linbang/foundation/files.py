"""What a file is by its first bytes, whatever its name says."""

from collections.abc import Mapping

PDF = "application/pdf"
PHOTOS = frozenset({"image/jpeg", "image/png"})
PICTURES = PHOTOS | {"image/webp"}

_MAGIC: Mapping[bytes, str] = {
    b"%PDF-": PDF,
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


def media_type_of(content: bytes) -> str:
    """Return the media type of a PDF or a picture; empty for anything else."""
    for start, media_type in _MAGIC.items():
        if content.startswith(start):
            return media_type
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""
