"""What ends with somebody who is gone (rule 9)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.operations.clearance.actions.guardians import withdraw_consents_of
from linbang.operations.clearance.actions.insurance import remove_insured_everywhere
from linbang.operations.clearance.actions.trainings import leave_all_sessions_of


@transaction.atomic
def release_person(*, person_id: int, by: Actor, now: datetime) -> None:
    """Give back places in trainings, take back consents by and for, leave the insured lists.

    What was accepted, frozen and learnt stays, as the law asks of records.
    """
    leave_all_sessions_of(person_id=person_id, by=by, now=now)
    withdraw_consents_of(person_id=person_id, by=by, now=now)
    remove_insured_everywhere(person_id=person_id, by=by, now=now)
