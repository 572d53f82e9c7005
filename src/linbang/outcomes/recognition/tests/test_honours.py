"""The register of honours (Order 67, article 9)."""

from datetime import date, timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.factories import make_membership, make_team
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import make_activity
from linbang.outcomes.recognition import actions, errors, queries
from linbang.outcomes.recognition.actions import HonourDetails
from linbang.outcomes.recognition.choices import HonourLevel, HonourState, HonourVerdict
from linbang.outcomes.recognition.factories import make_honour
from linbang.outcomes.recognition.queries import HonourFilters
from linbang.outcomes.recognition.tests.cast import COMMUNITY, NOW, STREET, by, worker

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n...."
REGISTERED, REFUSED = HonourVerdict.REGISTERED, HonourVerdict.REFUSED


def details(level=HonourLevel.STREET, **changes):
    told = {"name": "优秀志愿者", "granted_date": date(2026, 3, 5), "granted_by": "新竹街道办事处"}
    return HonourDetails(level=level, **{**told, **changes})


def enter(whose, who, level=HonourLevel.STREET, proof=b"", **changes):
    return actions.enter_honour(
        details=details(level, **changes), whose=whose, proof=proof, by=who, now=NOW
    )


@pytest.fixture
def volunteer() -> Person:
    return make_volunteer("王建国").person


def test_own_entry_waits_for_the_station(volunteer):
    honour = enter(volunteer, by(volunteer), HonourLevel.CITY, PNG)
    [mine] = queries.honour_rows(queries.honours_of(by(volunteer)))
    clerk = worker()

    assert (mine.state, mine.has_proof, mine.whose) == (HonourState.WAITING, True, "王建国")
    assert list(queries.waiting(queries.honours_kept_by(clerk))) == [honour]
    actions.decide_honour(honour=honour.public_id, verdict=REGISTERED, by=clerk, now=NOW)
    assert queries.registered(queries.register_visible_to(clerk)).get() == honour
    assert Notice.objects.get(template="honour_registered").person_id == volunteer.pk
    with pytest.raises(errors.HonourDecided):
        actions.decide_honour(honour=honour.public_id, verdict=REGISTERED, by=clerk, now=NOW)


def test_worker_enters_for_others_at_once(volunteer):
    team, activity = make_team("红帽子分队"), make_activity("清洁家园")
    make_membership(team, volunteer, now=NOW - timedelta(days=9))
    clerk = worker()

    for target in (volunteer, team, activity):
        enter(target, clerk)

    rows = queries.honour_rows(queries.register_visible_to(clerk))
    assert {row.whose for row in rows} == {"王建国", "红帽子分队", "清洁家园"}
    assert {row.state for row in rows} == {HonourState.REGISTERED}
    mine = queries.honour_rows(queries.honours_of(by(volunteer)))
    assert {row.whose for row in mine} == {"王建国", "红帽子分队"}
    assert queries.honours_of_team(team).count() == 1


def test_own_honour_is_checked_by_somebody_else():
    clerk = worker()
    person = Person.objects.get(pk=clerk.person_id)
    honour = enter(person, clerk)

    assert honour.verdict == ""
    with pytest.raises(errors.OwnHonour):
        actions.decide_honour(honour=honour.public_id, verdict=REGISTERED, by=clerk, now=NOW)
    registered = make_honour(person, now=NOW)
    with pytest.raises(errors.OwnHonour):
        actions.strike_honour(honour=registered.public_id, reason="x", by=clerk, now=NOW)


def test_nobody_enters_for_others_elsewhere(volunteer):
    for stranger in (by(make_person("路人")), worker("邻社", region="450103001006")):
        with pytest.raises(NotAllowed):
            enter(volunteer, stranger)


def test_entries_are_checked(volunteer):
    with pytest.raises(errors.ProofMissing):
        enter(volunteer, by(volunteer), HonourLevel.COUNTY)
    with pytest.raises(errors.HonourDateAhead):
        enter(volunteer, by(volunteer), granted_date=date(2026, 5, 21))


def test_refused_and_struck_say_why(volunteer):
    clerk = worker()
    waiting, standing = enter(volunteer, by(volunteer)), make_honour(volunteer, now=NOW)
    refusing = {"honour": waiting.public_id, "by": clerk, "now": NOW, "verdict": REFUSED}
    striking = {"honour": standing.public_id, "by": clerk, "now": NOW}

    with pytest.raises(errors.StarReasonMissing):
        actions.decide_honour(**refusing)
    actions.decide_honour(reason="不是志愿服务表彰", **refusing)
    with pytest.raises(errors.HonourDecided):
        actions.strike_honour(honour=waiting.public_id, reason="x", by=clerk, now=NOW)
    actions.strike_honour(reason="登记错了人", **striking)
    with pytest.raises(errors.HonourDecided):
        actions.strike_honour(reason="登记错了人", **striking)

    rows = queries.honour_rows(queries.honours_of(by(volunteer)).order_by("id"))
    assert [(row.state, row.reason) for row in rows] == [
        (HonourState.REFUSED, "不是志愿服务表彰"),
        (HonourState.STRUCK, "登记错了人"),
    ]
    assert Notice.objects.filter(template="honour_refused").count() == 2
    assert not queries.registered(queries.register_visible_to(clerk)).exists()


def test_proof_is_seen_by_few_and_leaves_a_trail(volunteer):
    honour = enter(volunteer, by(volunteer), proof=PNG)
    clerk, look = worker(), {"honour": honour.public_id, "now": NOW}

    assert actions.see_proof(by=by(volunteer), **look) == ("image/png", PNG)
    assert not AuditEvent.objects.filter(action="recognition.see_proof").exists()
    actions.see_proof(by=clerk, **look)
    assert AuditEvent.objects.get(action="recognition.see_proof").about_id == volunteer.pk
    with pytest.raises(NotFound):
        actions.see_proof(by=by(make_person("路人")), **look)
    with pytest.raises(NotFound):
        actions.see_proof(
            honour=make_honour(volunteer, now=NOW).public_id, by=by(volunteer), now=NOW
        )


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, {"甲", "乙"}),
        ({"level": "city"}, {"乙"}),
        ({"target": "team"}, set()),
        ({"since": date(2026, 3, 6)}, {"乙"}),
        ({"until": date(2026, 3, 6)}, {"甲"}),
        ({"text": "王"}, {"甲", "乙"}),
        ({"text": "甲"}, {"甲"}),
        ({"region": STREET}, {"甲", "乙"}),
        ({"region": "450103001006"}, set()),
    ],
)
def test_register_is_filtered_and_taken_along(volunteer, wanted, names):
    make_honour(volunteer, now=NOW, name="甲")
    make_honour(volunteer, now=NOW, name="乙", level="city", granted_date=date(2026, 4, 1))
    make_honour(make_person("邻居", region="450103001006"), now=NOW, name="丙")
    make_honour(volunteer, now=NOW, name="丁", verdict="", decided_at=None, decided_by_id=None)
    officer = worker("韦玉兰", Role.COMMUNITY_OFFICER)

    rows = actions.export_honours(wanted=HonourFilters(**wanted), by=officer, now=NOW)

    assert {row.name for row in rows} == names
    assert AuditEvent.objects.get(action="recognition.export_honours").detail["rows"] == len(names)


def test_export_is_for_officers():
    with pytest.raises(NotAllowed):
        actions.export_honours(wanted=HonourFilters(), by=worker(), now=NOW)
    district = worker("区里", Role.DISTRICT_OFFICER, COMMUNITY[:6])
    assert actions.export_honours(wanted=HonourFilters(), by=district, now=NOW) == []


def test_worker_names_one_volunteer(volunteer):
    clerk = worker()

    assert queries.person_to_honour(clerk, volunteer.volunteer.number) == volunteer
    assert queries.person_to_honour(clerk, " 王建国 ") == volunteer
    make_volunteer("王建国")
    assert queries.person_to_honour(clerk, "王建国") is None
    assert queries.teams_to_honour(clerk).count() == 0
    assert queries.activities_to_honour(clerk).count() == 0
    assert queries.projects_to_honour(clerk).count() == 0
