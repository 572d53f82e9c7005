from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotAllowed
from linbang.foundation.people.factories import make_person, make_volunteer, make_worker
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import BUILDING, COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.foundation.places.models import Region
from linbang.reporting.briefs import actions, queries, rules
from linbang.reporting.briefs.actions import Text
from linbang.reporting.briefs.errors import PeriodNotBegun, PersonalDataInBrief, TextMissing
from linbang.reporting.briefs.factories import make_brief, make_span
from linbang.reporting.briefs.models import Brief
from linbang.reporting.statistics.factories import make_service

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)
TENTH = datetime(2026, 11, 10, 9, 0, tzinfo=CHINA)


@pytest.fixture
def officer():
    return make_worker("刘洋", role=Role.COMMUNITY_OFFICER)


def test_numbers_run_by_year_without_gap(officer):
    briefs = [make_brief(officer, now=NOW, title=title) for title in ("甲", "乙", "丙")]
    later = make_brief(officer, now=NOW + timedelta(days=40), title="丁")

    assert [(one.year, one.number) for one in briefs] == [(2026, 1), (2026, 2), (2026, 3)]
    assert (later.year, later.number) == (2027, 1)


def test_places_number_apart(officer):
    street = make_worker("陆文涛", region="450103001", role=Role.STREET_OFFICER)

    make_brief(officer, now=NOW)
    other = make_brief(street, now=NOW, region="450103001")

    assert other.number == 1


def test_same_text_twice_is_one_brief(officer):
    assert make_brief(officer, now=NOW) == make_brief(officer, now=NOW)
    assert Brief.objects.count() == 1


def test_figures_stay_as_issued(officer):
    volunteer, resident = make_volunteer().person, make_person()
    make_service(volunteer, resident, starts_at=TENTH)
    brief = make_brief(officer, now=NOW)

    make_service(volunteer, resident, starts_at=TENTH + timedelta(days=1))

    brief.refresh_from_db()
    assert brief.figures["total"]["person_times"] == 1
    assert (brief.figures["asked_on"], brief.figures_asked_at) == ("2026年12月1日", NOW)
    event = AuditEvent.objects.get(action="briefs.issue_brief")
    assert event.detail == {"year": 2026, "number": 1}


@pytest.mark.parametrize("part", ["unit", "title", "body"])
def test_missing_text_is_refused(officer, part):
    text = Text(**{"unit": "新竹社区", "title": "情况", "body": "平稳", part: " \n"})

    with pytest.raises(TextMissing) as refused:
        actions.issue_brief(region_code=COMMUNITY, span=make_span(), text=text, by=officer, now=NOW)
    assert refused.value.code == "brief_text_missing"


def test_period_ahead_is_refused(officer):
    with pytest.raises(PeriodNotBegun) as refused:
        make_brief(officer, now=NOW, period="2027-01")
    assert refused.value.code == "period_not_begun"


@pytest.mark.parametrize("part", ["unit", "title", "body", "distribution"])
def test_beneficiary_is_never_named(officer, part):
    make_service(make_volunteer().person, make_person("欧阳秀英"), starts_at=TENTH)
    text = Text(**{"unit": "社区", "title": "情况", "body": "平稳", part: "感谢欧阳秀英老人"})

    with pytest.raises(PersonalDataInBrief) as refused:
        actions.issue_brief(region_code=COMMUNITY, span=make_span(), text=text, by=officer, now=NOW)
    assert refused.value.params == {"found": "欧阳秀英"}
    assert not Brief.objects.exists()


def test_volunteer_may_be_named(officer):
    make_service(make_volunteer("何光明").person, make_person("欧阳秀英"), starts_at=TENTH)

    brief = make_brief(officer, now=NOW, title="何光明：三年上门陪聊")

    assert brief.title == "何光明：三年上门陪聊"


def test_drafts_name_no_beneficiary(officer):
    names = ("欧阳秀英", "赵桂兰", "孙玉梅", "周美华", "吴淑珍", "郑兰")
    volunteer = make_volunteer().person
    for day, name in enumerate(names):
        make_service(volunteer, make_person(name), starts_at=TENTH + timedelta(days=day))
    region = Region.objects.get(code=COMMUNITY)

    facts = queries.snapshot_of(region, span=make_span(), asked_at=NOW)
    draft = rules.draft_of(facts)

    told = f"{draft.title}{draft.body}{facts.to_json()}"
    assert facts.total.beneficiaries == 6
    people = Person.objects.filter(name__in=names)
    secrets = {s for p in people for s in (p.name, p.phone, p.document_number, p.address)}
    assert [secret for secret in secrets if secret in told] == []


@pytest.mark.parametrize("region", [NEIGHBOUR_COMMUNITY, "450103001"])
def test_issue_beyond_scope_is_refused(officer, region):
    with pytest.raises(NotAllowed):
        make_brief(officer, now=NOW, region=region)


def test_worker_may_not_issue():
    with pytest.raises(NotAllowed):
        make_brief(make_worker(), now=NOW)


def test_brief_is_issued_by_a_person(officer):
    with pytest.raises(NotAllowed):
        make_brief(Actor.system(), now=NOW)


def test_brief_never_changes(officer):
    brief = make_brief(officer, now=NOW)

    with pytest.raises(IntegrityError, match="briefs_brief is append-only"):
        brief.save(update_fields=["title"])


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("brief_number_once", {}),
        (
            "brief_period_ends_after_start",
            {"number": 2, "period_ends_on": TENTH.date().replace(day=1, month=10)},
        ),
        ("brief_numbers_start_at_one", {"number": 0}),
    ],
)
def test_database_keeps_briefs_in_order(officer, constraint, values):
    brief = make_brief(officer, now=NOW)
    columns = {
        field.attname: getattr(brief, field.attname)
        for field in Brief._meta.concrete_fields
        if field.name not in ("id", "public_id")
    }

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Brief.objects.create(**{**columns, **values})


@pytest.mark.django_db(transaction=True)
def test_two_issue_at_once():
    officer = make_worker("刘洋", role=Role.COMMUNITY_OFFICER)
    make_person(region=BUILDING)
    start = Barrier(2)

    def issue(title):
        try:
            start.wait(timeout=10)
            return make_brief(officer, now=NOW, title=title).number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbers = sorted(pool.map(issue, ("甲", "乙")))

    assert numbers == [1, 2]
