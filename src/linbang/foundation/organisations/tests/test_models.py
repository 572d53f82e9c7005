from datetime import date

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.organisations.models import Liaison
from linbang.foundation.people.factories import make_person
from linbang.foundation.places.factories import COMMUNITY

pytestmark = pytest.mark.django_db


def same_code():
    make_unit(credit_code="91110000600037341L")
    make_unit(credit_code="91110000600037341L")


def same_name():
    make_unit("新竹社区")
    make_unit("新竹社区")


def same_member():
    member = make_membership(make_team())
    make_membership(member.organisation, member.person, approved=False)


def make_liaison(times=1, **columns):
    unit, person = make_unit(), make_person()
    for _each in range(times):
        Liaison.objects.create(
            cell=unit.cell, organisation=unit, person=person, region_id=COMMUNITY,
            since_date=date(2026, 11, 22), **columns,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("team_has_content_and_membership", lambda: make_team(content="")),
        ("organisation_credit_code_once", same_code),
        ("organisation_name_once_a_region", same_name),
        ("membership_once_an_organisation", same_member),
        ("liaison_ends_after_start", lambda: make_liaison(until_date=date(2026, 11, 21))),
        ("liaison_once_a_region", lambda: make_liaison(times=2)),
    ],
)
def test_table_keeps_its_promises(constraint, broken):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        broken()


def test_unit_is_no_team():
    assert (str(make_team("甲队")), make_team().is_team, make_unit().is_team) == (
        "甲队",
        True,
        False,
    )
