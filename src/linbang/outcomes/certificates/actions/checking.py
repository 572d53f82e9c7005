"""Looking a number up, by anybody (rule 49)."""

from datetime import datetime, timedelta

from linbang.foundation.crypto import blind_index
from linbang.outcomes.certificates import queries, rules
from linbang.outcomes.certificates.errors import TooManyChecks
from linbang.outcomes.certificates.models import NumberCheck
from linbang.outcomes.certificates.queries import Checked


def check_number(*, number: str, address: str | None, now: datetime) -> Checked | None:
    """Return what a number stands for; none for one that was never given, in as many steps.

    Each look-up counts, whatever it finds. Raises TooManyChecks.
    """
    digest = blind_index(address or "", purpose="certificates.check")
    if queries.checks_from(digest, now=now) >= rules.CHECKS_MAX:
        raise TooManyChecks
    NumberCheck.objects.create(address_digest=digest, at=now)
    return queries.checked(rules.normal_number(number))


def forget_checks(*, now: datetime) -> None:
    """Delete look-ups after two days."""
    NumberCheck.objects.filter(at__lt=now - timedelta(days=2)).delete()
