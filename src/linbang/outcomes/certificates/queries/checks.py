"""How often an address looked numbers up."""

from datetime import datetime

from linbang.outcomes.certificates import rules
from linbang.outcomes.certificates.models import NumberCheck


def checks_from(digest: str, *, now: datetime) -> int:
    """Count the look-ups of an address that still weigh."""
    since = now - rules.CHECKS_WITHIN
    return NumberCheck.objects.filter(address_digest=digest, at__gt=since).count()
