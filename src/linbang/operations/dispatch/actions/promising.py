"""A person's time is promised to a place on a shift; the database refuses a second promise."""

from collections.abc import Sequence
from datetime import datetime

from linbang.operations.dispatch.choices import CommitmentSource
from linbang.operations.dispatch.models import Commitment, SignUp


def promise(sign_ups: Sequence[SignUp], *, now: datetime) -> None:
    """Promise people's time to their places; their locks are held (``queries.lock_people``)."""
    Commitment.objects.bulk_create(
        Commitment(
            cell=sign_up.person.cell,
            person_id=sign_up.person_id,
            during=(sign_up.shift.starts_at, sign_up.shift.ends_at),
            source=CommitmentSource.SHIFT,
            source_id=sign_up.pk,
            made_at=now,
        )
        for sign_up in sign_ups
    )
