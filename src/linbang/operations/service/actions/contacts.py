"""A leader rings a volunteer up; the look at the number is logged."""

from datetime import datetime

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotFound
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import queries


def see_phone(*, sign_up: SignUp, by: Actor, now: datetime) -> str:
    """Return the telephone number of somebody with a place, for who leads the shift.

    Raises NotFound for everybody else.
    """
    if not queries.seats_led_by(by).filter(pk=sign_up.pk).exists():
        raise NotFound
    audit.record(
        by=by,
        action="service.see_phone",
        subject=sign_up,
        region_code=sign_up.shift.activity.region_id,
        now=now,
    )
    return str(sign_up.person.phone)
