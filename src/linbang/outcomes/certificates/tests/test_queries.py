"""Pupils of a school, and fonts where the system has more."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.people.factories import make_actor, make_volunteer, make_worker
from linbang.outcomes.certificates import actions, errors, queries
from linbang.outcomes.certificates.factories import make_certificate, make_served
from linbang.outcomes.certificates.queries import fonts

NINE = datetime(2026, 5, 16, 9, tzinfo=CHINA)
NOW = datetime(2026, 5, 20, 10, tzinfo=CHINA)
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 20)


@pytest.mark.django_db
def test_pupils_are_listed_by_class_with_what_counts_in_the_period() -> None:
    school = make_unit("新竹小学", kind=OrganisationKind.SCHOOL)
    group = make_team("七（1）班", parent=school)
    pupil, idle = (make_volunteer(name).person for name in ("黄小宇", "李小闲"))
    for person in (pupil, idle):
        make_membership(school, person)
    make_membership(group, pupil)
    make_membership(make_team("别的队伍"), pupil)
    make_served(pupil, starts_at=NINE)
    make_served(pupil, starts_at=NINE + timedelta(days=1), minutes=30, proved=False)
    make_served(pupil, starts_at=NINE - timedelta(days=60))
    certificate = make_certificate(pupil, first=FIRST, last=LAST, now=NOW)

    with CaptureQueriesContext(connection) as captured:
        rows = queries.pupils_of(school, FIRST, LAST)

    assert len(captured) == 3
    assert [(row.group, row.name, row.proved, row.entered, row.certificate) for row in rows] == [
        ("", "李小闲", 0, 0, ""),
        ("七（1）班", "黄小宇", 120, 30, certificate.number),
    ]


@pytest.mark.django_db
def test_schools_are_exported_by_their_own_and_by_officers() -> None:
    school = make_unit("新竹小学", kind=OrganisationKind.SCHOOL)
    other = make_unit("新竹公司", kind=OrganisationKind.COMPANY)
    person = make_volunteer("莫雅婷").person
    teacher = make_actor(person, Role.TEAM_LEADER, organisation_path=school.path)
    clerk = make_actor(
        make_volunteer("会计").person, Role.TEAM_LEADER, organisation_path=other.path
    )
    officer = make_worker("韦丽华", role=Role.COMMUNITY_OFFICER)

    for actor in (teacher, officer):
        assert list(queries.schools_to_export_for(actor)) == [school]
    for actor in (clerk, make_worker(), Actor()):
        assert not queries.schools_to_export_for(actor).exists()
    wish = {"school_id": school.pk, "first": FIRST, "last": LAST, "now": NOW}
    with pytest.raises(NotFound):
        actions.export_credits(**wish, purpose="学分", by=clerk)
    with pytest.raises(errors.PurposeMissing):
        actions.export_credits(**wish, purpose="", by=teacher)
    assert actions.export_credits(**wish, purpose="学分", by=officer).pupils == []


@pytest.mark.django_db
def test_cards_refuse_strangers_and_empty_teams() -> None:
    team = make_team("新队伍")
    wish = {"team_id": team.pk, "kind": "identity", "now": NOW}

    with pytest.raises(NotFound):
        actions.print_team_cards(**wish, by=make_actor(make_volunteer().person))
    with pytest.raises(errors.NoCards):
        actions.print_team_cards(**wish, by=make_worker())


def test_system_font_is_asked_only_for_what_ours_lacks(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(fonts, "SYSTEM", (tmp_path / "missing.ttc",))
    assert queries.system_font() is None
    assert len(queries.printable()) == 1

    monkeypatch.setattr(fonts, "SYSTEM", (fonts.OWN,))
    assert queries.system_font() == fonts.OWN
    assert len(queries.printable()) == 2
