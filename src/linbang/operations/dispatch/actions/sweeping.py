"""The round that loses no order: what lapsed, who looks again, what can no longer be done."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.intake.needs.actions import advance_need
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.queries import lock_need
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.actions.closing import expire_offers
from linbang.operations.dispatch.actions.leaving import release
from linbang.operations.dispatch.actions.seeking import find_helpers
from linbang.operations.dispatch.actions.telling import tell_askers


def sweep(*, now: datetime) -> int:
    """Make sure that no order is silently lost: expire offers, look again for every need that
    waits, and let those lapse whose time has passed without enough helpers.

    Returns how many needs were touched; each in its own transaction.
    """
    by = Actor.system()
    expire_offers(now=now)
    waiting = queries.needs_waiting(now=now)
    for need_id, ends_at in waiting:
        if ends_at <= now:
            let_lapse(need_id, by=by, now=now)
        else:
            find_helpers(need_id=need_id, by=by, now=now)
    return len(waiting)


@transaction.atomic
def let_lapse(need_id: int, *, by: Actor, now: datetime) -> None:
    """End a need that found too few helpers in time; a lone helper of two is freed (rule 63)."""
    need = lock_need(need_id)
    if need.state in queries.WAITING and need.ends_at <= now:
        # First the state: nobody is sought again for the helper who is freed.
        advance_need(need=need, state=NeedState.LAPSED, by=by, now=now)
        release(need, by=by, now=now)
        tell_askers("need_lapsed", need, now=now)
