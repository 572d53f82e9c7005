"""What leaves the house is in the trail: files of others, pupils' hours, a team's cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from linbang.foundation import signing
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Organisation
from linbang.outcomes.certificates import queries, rules
from linbang.outcomes.certificates.errors import NoCards, PurposeMissing
from linbang.outcomes.certificates.models import Certificate
from linbang.outcomes.certificates.queries import Pupil, TeamCards


@dataclass(frozen=True, slots=True)
class Credits:
    """A school's pupils with their hours of a period."""

    school: Organisation
    first: date
    last: date
    pupils: Sequence[Pupil]


def note_look(
    *, certificate: Certificate, by: Actor, now: datetime, exported: bool = False
) -> None:
    """Leave in the trail that somebody looked at, or took out, another person's certificate."""
    if certificate.person_id == by.person_id:
        return
    audit.record(
        by=by,
        action="certificates.see_certificate",
        subject=certificate,
        region_code=certificate.region_id,
        outcome=Outcome.EXPORTED if exported else Outcome.SEEN,
        now=now,
    )


@transaction.atomic
def export_credits(
    *, school_id: int, first: date, last: date, purpose: str, by: Actor, now: datetime
) -> Credits:
    """Take a school's pupils' hours out, for a told purpose.

    Raises NotFound, PeriodUpsideDown, PurposeMissing. Source: rules 94 and 99.
    """
    school = queries.schools_to_export_for(by).filter(pk=school_id).first()
    if school is None:
        raise NotFound
    rules.require_period(first, last, today=local_date(now))
    if not purpose.strip():
        raise PurposeMissing(field="purpose")
    pupils = queries.pupils_of(school, first, last)
    period = f"{first.isoformat()}/{last.isoformat()}"
    audit.record(
        by=by,
        action="certificates.export_credits",
        subject=school,
        outcome=Outcome.EXPORTED,
        detail={"period": period, "pupils": len(pupils), "purpose": purpose.strip()},
        now=now,
    )
    return Credits(school, first, last, pupils)


@transaction.atomic
def print_team_cards(*, team_id: int, kind: str, by: Actor, now: datetime) -> TeamCards:
    """Return a team's cards to be printed. Raises NotFound, NoCards, CharacterMissing."""
    team = queries.teams_to_print_for(by).filter(pk=team_id).first()
    if team is None:
        raise NotFound
    found = queries.cards_of_team(team, now=now)
    if not found.cards:
        raise NoCards
    rules.require_printable([card.name for card in found.cards], printable=queries.printable())
    audit.record(
        by=by,
        action="certificates.print_cards",
        subject=team,
        outcome=Outcome.EXPORTED,
        detail={"kind": kind, "cards": len(found.cards)},
        now=now,
    )
    return found


def sign_credential(*, facts: rules.Facts, site: str, now: datetime) -> dict[str, Any]:
    """Return a certificate as a signed credential of the site."""
    credential = rules.credential_of(facts, site=site)
    options = rules.proof_options(site=site, key_id=signing.current_key_id(), now=now)
    signature = signing.sign(rules.signing_input(credential, options))
    return rules.secured(credential, options, signature)
