"""The keys that anybody may verify with."""

from linbang.foundation import signing
from linbang.outcomes.certificates.models import PublishedKey


def published_keys() -> dict[str, bytes]:
    """Return every public key that has signed or may sign now, by key id; one query."""
    kept = PublishedKey.objects.order_by("first_used_at", "id").values_list("key_id", "key")
    return {**signing.public_keys(), **{key_id: bytes.fromhex(key) for key_id, key in kept}}
