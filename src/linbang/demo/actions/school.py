"""A school whose teacher may take out its pupils' hours, and certificates that were issued."""

from datetime import datetime, timedelta

from linbang.demo.actions.cast import acting
from linbang.demo.actions.community import Community
from linbang.demo.rules import figures
from linbang.foundation.clock import local_date
from linbang.foundation.organisations.actions import (
    appoint_leader,
    approve_membership,
    ask_to_join,
    register_organisation,
)
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.models import Membership
from linbang.foundation.organisations.rules import UnitDetails, credit_check_character
from linbang.foundation.people.models import Person
from linbang.outcomes.certificates.actions import issue_certificate

_CODE = "12450103400000001"
_PUPILS = 2
_PUPILS_AGES = (12, 15)


def write_school(community: Community, cast: dict[str, Person], *, now: datetime) -> None:
    """Register a school with its teacher and three pupils, the cast's child among them."""
    worker = acting(cast["worker"])
    school = register_organisation(
        details=UnitDetails(
            name="新竹中学（演示）",
            kind=OrganisationKind.SCHOOL,
            region_code=figures.COMMUNITY,
            credit_code=_CODE + credit_check_character(_CODE),
        ),
        by=worker,
        now=now - timedelta(days=90),
    )
    young, old = _PUPILS_AGES
    others = [
        one
        for one in community.people
        if young <= community.age(one) <= old and one.pk not in community.cast_ids
    ]

    def join(person: Person) -> Membership:
        asked = ask_to_join(
            organisation_id=school.pk, person_id=person.pk, by=acting(person),
            now=now - timedelta(days=80),
        )  # fmt: skip
        return approve_membership(membership_id=asked.pk, by=worker, now=now - timedelta(days=79))

    for pupil in (cast["child"], *others[:_PUPILS]):
        join(pupil)
    appoint_leader(
        membership_id=join(cast["teacher"]).pk, by=acting(cast["officer"]),
        now=now - timedelta(days=78),
    )  # fmt: skip


def write_certificate(volunteer: Person, *, now: datetime) -> None:
    """Let the volunteer certify his own year, and ask for the sealed paper at the station."""
    yesterday = local_date(now) - timedelta(days=1)
    issue_certificate(
        person_id=volunteer.pk, first=yesterday - timedelta(days=364), last=yesterday,
        by=acting(volunteer), now=now - timedelta(hours=20), wants_seal=True,
    )  # fmt: skip
