"""Looks at somebody else's savings leave a trail."""

from datetime import datetime

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.people.models import Person


def note_look(*, person: Person, by: Actor, now: datetime) -> None:
    """Leave in the trail that somebody looked at another person's savings."""
    if person.pk == by.person_id:
        return
    audit.record(
        by=by,
        action="time_bank.see_statement",
        subject=person,
        outcome=Outcome.SEEN,
        now=now,
    )
