"""Each cause in words, with what to do next and where."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.factories import make_team
from linbang.foundation.people.factories import make_person
from linbang.foundation.places.factories import NEIGHBOUR_COMMUNITY
from linbang.intake.activities.choices import Audience
from linbang.intake.activities.factories import (
    BEFORE,
    SATURDAY,
    make_activity,
    make_post,
    make_shift,
)
from linbang.operations.clearance import queries
from linbang.operations.clearance.choices import NEXT_STEPS, Cause
from linbang.operations.clearance.factories import (
    make_child,
    make_consent_request,
    make_enrolment,
    make_session,
    make_suspension,
    make_training,
)
from linbang.operations.clearance.tests.cast import make_helper

pytestmark = pytest.mark.django_db


def lines(person, shift, **more):
    [clearance] = queries.clearance_of(person.pk, [shift], BEFORE, **more)
    return clearance.causes


def shift_of(post=None, **activity):
    return make_shift(post=make_post(make_activity(**activity), **(post or {})))


def test_cleared_shift_needs_one_query(django_assert_num_queries):
    shift, person = shift_of(), make_helper()

    with django_assert_num_queries(1):
        [clearance] = queries.clearance_of(person.pk, [shift], BEFORE)

    assert (clearance.shift_id, clearance.is_cleared, clearance.causes) == (shift.pk, True, ())
    assert not clearance.is_settled_by_accepting


def test_every_cause_has_a_next_step():
    assert set(NEXT_STEPS) == set(Cause)


def test_words_name_the_day_and_the_organiser():
    team = make_team("红帽子队")
    person = make_helper()
    make_suspension(person)

    paused, outside = lines(person, shift_of(organiser=team, audience=Audience.MEMBERS))

    assert (paused.words, paused.next_step) == (
        "报名暂停中",
        "到 6月11日 周四 自动恢复；觉得不对，可以申诉。",
    )
    assert paused.url == "/clearance/#suspension"
    assert outside.next_step == "申请加入红帽子队，批准后就能报名。"
    assert outside.url == f"/teams/{team.public_id}/"


@pytest.mark.parametrize(
    ("cause", "url", "label"),
    [
        (Cause.NOT_VOLUNTEER, "/me/volunteer/", "成为志愿者"),
        (Cause.TOO_OLD, "/activities/{activity}/", "看其他岗位"),
        (Cause.VETTING_MISSING, "/stations/", "找服务站"),
        (Cause.RISK_NOT_ACCEPTED, "/clearance/activities/{activity}/", "看风险告知"),
        (Cause.AGREEMENT_MISSING, "/clearance/activities/{activity}/", "看协议"),
        (Cause.NOT_INSURED, "/activities/{activity}/", "看联系方式"),
    ],
)
def test_links_lead_where_it_can_be_settled(cause, url, label):
    shift = shift_of({"age_max": 30}, hazards=["traffic"], with_minors=True, needs_agreement=True)
    resident = make_person(birth_date=date(1980, 1, 1))

    found = {line.cause: line for line in lines(resident, shift)}

    assert found[cause].url == url.format(activity=shift.activity.public_id)
    assert found[cause].label == label


def test_reading_and_accepting_settles_it_alone():
    shift, person = shift_of(needs_agreement=True), make_helper()

    [clearance] = queries.clearance_of(person.pk, [shift], BEFORE)

    assert clearance.is_settled_by_accepting


def untrained():
    return make_helper(), shift_of({"qualifications": ["first-aid"]})


def test_training_leads_to_the_nearest_sitting_in_time():
    person, shift = untrained()
    training = make_training()
    far = make_training("街道急救", region=NEIGHBOUR_COMMUNITY)
    make_session(far, starts_at=BEFORE + timedelta(hours=1))
    make_session(training, starts_at=SATURDAY + timedelta(days=1))
    full = make_session(training, starts_at=BEFORE + timedelta(hours=2), places=1)
    make_enrolment(full)
    make_session(
        training,
        starts_at=BEFORE + timedelta(hours=3),
        cancelled_at=BEFORE,
        cancel_reason="停电",
    )
    chosen = make_session(training, starts_at=BEFORE + timedelta(days=2))

    [line] = lines(person, shift)

    assert line.words == "缺少所需资格（应急救护培训）"
    assert line.next_step == "5月14日 周四有应急救护培训，合格后就能报名。"
    assert line.url == f"/clearance/sessions/{chosen.public_id}/"


def test_sitting_after_the_shift_is_better_than_none():
    person, shift = untrained()
    later = make_session(starts_at=SATURDAY + timedelta(days=1))

    [line] = lines(person, shift)

    assert line.url == f"/clearance/sessions/{later.public_id}/"


def test_who_is_enrolled_is_told_so():
    person, shift = untrained()
    mine = make_session(starts_at=BEFORE + timedelta(days=1))
    make_enrolment(mine, person)

    [line] = lines(person, shift)

    assert line.next_step == "您已报了5月13日 周三的应急救护培训，合格后就能报名。"
    assert line.label == "看培训"


def test_without_a_sitting_the_list_of_trainings_is_shown():
    person, shift = untrained()

    [line] = lines(person, shift)

    assert (line.url, line.label) == ("/clearance/trainings/", "看培训")
    assert line.next_step == "近期没有安排这项培训，可以问问社区服务站。"


def test_licence_is_verified_at_the_station():
    person, shift = make_helper(), shift_of({"qualifications": ["driving", "gone"]})

    licence, unknown = lines(person, shift)

    assert (licence.words, licence.url) == ("缺少所需资格（机动车驾驶证）", "/stations/")
    assert unknown.words == "缺少所需资格（gone）"


def test_guardian_is_asked_once():
    child, _ = make_child()
    shift = shift_of()

    before = {line.cause: line for line in lines(child, shift)}[Cause.GUARDIAN_CONSENT]
    make_consent_request(shift.activity, child)
    after = {line.cause: line for line in lines(child, shift)}[Cause.GUARDIAN_CONSENT]

    assert (before.label, after.label) == ("请监护人同意", "看进展")
    assert after.next_step == "已经问了监护人，等对方同意。"


def test_guardian_reads_links_for_the_child():
    child, guardian = make_child()
    shift = shift_of()

    found = lines(child, shift, reader_id=guardian.pk)

    [line] = [line for line in found if line.cause == Cause.GUARDIAN_CONSENT]
    assert line.url == (
        f"/clearance/activities/{shift.activity.public_id}/?person={child.public_id}"
    )


def test_many_shifts_cost_no_more_queries_than_one():
    person = make_person(birth_date=date(2013, 1, 1))
    make_suspension(person)
    make_session(starts_at=BEFORE + timedelta(days=1))
    shifts = [
        shift_of({"qualifications": ["first-aid"]}, hazards=["fire"], audience=Audience.MEMBERS)
        for _ in range(3)
    ]

    def cost(some):
        with CaptureQueriesContext(connection) as captured:
            queries.clearance_of(person.pk, some, BEFORE, reader_id=1)
        return len(captured)

    assert cost(shifts[:1]) == cost(shifts) == 7


def test_words_follow_the_reader():
    person, shift = untrained()

    with translation.override("en"):
        [line] = lines(person, shift)
        joined = queries.causes_in_words(["not_volunteer", "qualification_missing:first-aid"])

    assert line.words == "A qualification is missing (First-aid training)"
    assert (
        joined == "Not a registered volunteer yet; A qualification is missing (First-aid training)"
    )


def test_causes_are_joined_for_a_refusal():
    assert queries.causes_in_words(["not_volunteer", "suspended"]) == (
        "还不是注册志愿者；报名暂停中"
    )


def test_day_words_carry_the_year_when_it_is_another():
    now = BEFORE.astimezone(CHINA)

    assert queries.day_words(date(2027, 1, 2), now=now) == "2027年1月2日 周六"
    with translation.override("en"):
        assert queries.day_words(BEFORE, now=now) == "Tue 12 May"
    with translation.override("fr"):
        assert queries.day_words(BEFORE, now=now) == "Tue 12 May"
