"""A star from application to notice, grant and correction (rules 54 and 55)."""

from datetime import timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.events import announce
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_person
from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.events import RecordCorrected
from linbang.operations.service_records.models import RecordCorrection
from linbang.outcomes.recognition import actions, errors, queries
from linbang.outcomes.recognition.choices import (
    ApplicationState,
    ChangeKind,
    ObjectionOutcome,
    StarTab,
)
from linbang.outcomes.recognition.factories import (
    make_hours,
    make_rating,
    make_star,
)
from linbang.outcomes.recognition.models import StarApplication, StarChange
from linbang.outcomes.recognition.tests.cast import (
    AFTER,
    COMMUNITY,
    NOW,
    STREET,
    UNTIL,
    applied,
    approved,
    by,
    helper,
    worker,
)
from tests.flows.stage import run_waiting_jobs

pytestmark = pytest.mark.django_db
UPHELD, REJECTED = ObjectionOutcome.UPHELD, ObjectionOutcome.REJECTED


def object_to(application, person=None, *, now=NOW, text="他没有服务那么久"):
    who = by(person or make_person("邻居甲"))
    return actions.object_to_star(application=application.public_id, text=text, by=who, now=now)


def correct(record, minutes):
    """Correct a record that was never banked."""
    RecordCorrection.objects.create(
        cell=record.cell, record=record, credited_minutes=minutes, reason="多记", by_id=1, at=NOW
    )
    same = {"minutes_before": 0, "minutes_after": 0, "correction_id": 1}
    announce(RecordCorrected(record_id=record.pk, cell=record.cell, at=NOW, **same))


def told(template):
    return list(Notice.objects.filter(template=template).values_list("person_id", flat=True))


def test_star_is_asked_for_checked_put_on_notice_and_granted():
    person = helper(6000)
    make_hours(person, 90, starts_at=NOW - timedelta(days=30), kind=RecordKind.ENTERED)

    application = actions.apply_for_star(star=1, by=by(person), now=NOW)
    actions.approve_application(application_id=application.pk, by=worker(), now=NOW)
    early = actions.grant_stars(now=AFTER - timedelta(days=1))
    granted = actions.grant_stars(now=AFTER)
    again = actions.grant_stars(now=AFTER)

    application.refresh_from_db()
    assert (application.proved_minutes, application.entered_minutes) == (6000, 90)
    assert (application.scheme, application.scheme_version) == ("national", 1)
    assert (application.region_id, application.notice_until) == (COMMUNITY, UNTIL)
    assert (early, granted, again) == (0, 1, 0)
    assert (application.outcome, queries.star_of(person)) == (ApplicationState.GRANTED, 1)
    assert told("star_granted") == told("star_on_notice") == [person.pk]


def test_unreached_star_cannot_be_asked_for():
    person = helper(6000 - 30)

    with pytest.raises(errors.StarNotReached):
        actions.apply_for_star(star=1, by=by(person), now=NOW)
    with pytest.raises(errors.NotAVolunteer):
        actions.apply_for_star(star=1, by=by(make_person("路人")), now=NOW)
    with pytest.raises(NotAllowed):
        actions.apply_for_star(star=1, by=Actor.system(), now=NOW)


def test_second_application_waits_for_the_first():
    person = helper()
    first = actions.apply_for_star(star=1, by=by(person), now=NOW)

    with pytest.raises(errors.AlreadyApplied):
        actions.apply_for_star(star=1, by=by(person), now=NOW)
    actions.withdraw_application(application=first.public_id, by=by(person), now=NOW)
    with pytest.raises(errors.ApplicationDecided):
        actions.withdraw_application(application=first.public_id, by=by(person), now=NOW)
    assert actions.apply_for_star(star=1, by=by(person), now=NOW) != first


def test_others_applications_are_not_withdrawn():
    with pytest.raises(NotFound):
        actions.withdraw_application(
            application=applied().public_id, by=by(make_person("路人")), now=NOW
        )


def test_low_average_stands_in_the_way():
    person = helper()
    for record in make_hours(person, 3 * 1440, starts_at=NOW - timedelta(days=40)):
        make_rating(record, (2, 3, 3))

    with pytest.raises(errors.RatedTooLow):
        actions.apply_for_star(star=1, by=by(person), now=NOW)


def test_only_the_own_communitys_worker_checks_and_never_for_herself():
    application, clerk = applied(), worker()
    own = applied(helper(name="陈静"))
    gainer = worker("别人")
    StarApplication.objects.filter(pk=own.pk).update(person_id=gainer.person_id)

    for stranger in (by(make_person("路人")), worker("邻社", region="450103001006")):
        with pytest.raises(NotAllowed):
            actions.approve_application(application_id=application.pk, by=stranger, now=NOW)
    with pytest.raises(errors.OwnStar):
        actions.approve_application(application_id=own.pk, by=gainer, now=NOW)
    actions.approve_application(application_id=application.pk, by=clerk, now=NOW)
    with pytest.raises(errors.ApplicationDecided):
        actions.refuse_application(application_id=application.pk, reason="重复", by=clerk, now=NOW)


def test_refusal_says_why():
    application, clerk = applied(), worker()
    how = {"application_id": application.pk, "by": clerk, "now": NOW}

    with pytest.raises(errors.StarReasonMissing):
        actions.refuse_application(reason=" ", **how)
    refused = actions.refuse_application(reason="资料不全", **how)

    assert (refused.outcome, refused.reason) == (ApplicationState.REFUSED, "资料不全")
    assert told("star_refused") == [application.person_id]


def test_approval_looks_at_the_hours_anew():
    application = applied(helper(5000))

    with pytest.raises(errors.StarNotReached):
        actions.approve_application(application_id=application.pk, by=worker(), now=NOW)


def test_objection_stops_the_grant_until_it_is_answered():
    application = approved()
    made = object_to(application)
    waiting = actions.grant_stars(now=AFTER)
    colleague = worker("韦玉兰", Role.COMMUNITY_OFFICER)
    answer = {"objection": made.public_id, "answer": "签到记录齐全", "by": colleague, "now": AFTER}
    actions.answer_objection(outcome=REJECTED, **answer)

    assert waiting == 0
    assert told("star_objected") == [application.person_id]
    assert told("star_objection_answered") == [made.by_id]
    with pytest.raises(errors.StarObjectionAnswered):
        actions.answer_objection(outcome=UPHELD, **answer)
    assert actions.grant_stars(now=AFTER) == 1


def test_upheld_objection_ends_the_application():
    application = approved()
    made = object_to(application)

    actions.answer_objection(
        objection=made.public_id, outcome=UPHELD, answer="确实不足", by=worker("韦玉兰"), now=NOW
    )

    application.refresh_from_db()
    assert (application.outcome, application.reason) == (ApplicationState.STOPPED, "确实不足")
    assert actions.grant_stars(now=AFTER) == 0
    with pytest.raises(errors.StarNoticeOver):
        object_to(application)


def test_objection_is_answered_by_somebody_else():
    person = helper()
    application = approved(person)
    approver = worker("替身")
    StarApplication.objects.update(approved_by_id=approver.person_id)
    objector = worker("也是同事")
    made = actions.object_to_star(
        application=application.public_id, text="不对", by=objector, now=NOW
    )
    how = {"objection": made.public_id, "outcome": REJECTED, "answer": "核实过", "now": NOW}

    for hands in (approver, objector):
        with pytest.raises(errors.OwnStar):
            actions.answer_objection(by=hands, **how)
    with pytest.raises(NotAllowed):
        actions.answer_objection(by=by(person), **how)
    with pytest.raises(errors.StarReasonMissing):
        actions.answer_objection(by=worker("第三人"), **{**how, "answer": " "})


def test_objections_are_for_the_notice():
    application = approved()
    neighbour = make_person("邻居乙")

    assert object_to(application, neighbour) == object_to(application, neighbour)
    with pytest.raises(errors.OwnStar):
        object_to(application, application.person)
    with pytest.raises(errors.StarReasonMissing):
        object_to(application, text=" ")
    with pytest.raises(errors.StarNoticeOver):
        object_to(application, now=AFTER)


def test_hours_corrected_during_the_notice_let_the_application_lapse():
    person = helper()
    application = approved(person)
    record = person.service_records.first()
    correct(record, 60)

    assert actions.grant_stars(now=AFTER) == 0
    application.refresh_from_db()
    assert application.outcome == ApplicationState.LAPSED
    assert queries.star_of(person) == 0


@pytest.mark.parametrize(
    ("held", "hours", "left", "template"),
    [(2, 299, 1, "star_lowered"), (1, 99, 0, "star_taken_back")],
)
def test_corrected_hours_lower_a_star_once(held, hours, left, template):
    person = helper(hours * 60 + 60)
    make_star(person, held, now=NOW)
    record = person.service_records.order_by("id").last()

    correct(record, 0)
    run_waiting_jobs()
    again = actions.review_star(record_id=record.pk, now=NOW)

    newest = queries.newest_change(person)
    assert (newest.kind, newest.star, again) == (ChangeKind.LOWERED, left, None)
    assert newest.reason
    assert told(template) == [person.pk]


def test_review_takes_nothing_that_is_reached_and_gives_nothing():
    person = helper(18_000 + 60)
    record = person.service_records.order_by("id").last()

    assert actions.review_star(record_id=record.pk, now=NOW) is None
    make_star(person, 1, now=NOW)
    assert actions.review_star(record_id=record.pk, now=NOW) is None
    assert queries.star_of(person) == 1


def test_yearly_hours_of_another_year_do_not_count():
    person = helper(0)
    make_hours(person, 20 * 60)
    make_hours(person, 20 * 60, starts_at=NOW - timedelta(days=300))
    adopt("street")

    page = queries.star_page(person, now=NOW)
    assert (page.standing.minutes, page.asked, page.next_star) == (1200, 2, 1)
    application = actions.apply_for_star(star=2, by=by(person), now=NOW)
    actions.approve_application(application_id=application.pk, by=worker(), now=NOW)
    actions.grant_stars(now=AFTER)
    assert StarChange.objects.get().year == 2026
    assert queries.star_page(person, now=AFTER).history[0].scheme == "街道社区按年标准"


def adopt(code, region=COMMUNITY, *, actor=None):
    actor = actor or worker("陆文涛", Role.STREET_OFFICER, STREET)
    return actions.adopt_scheme(region_code=region, code=code, version=1, by=actor, now=NOW)


def test_nearest_region_decides_which_table_holds():
    officer = worker("陆文涛", Role.STREET_OFFICER, STREET)
    building = helper(0).region_id

    assert queries.scheme_at(building).table.code == "national"
    adopt("beijing", STREET, actor=officer)
    assert queries.scheme_at(building).table.code == "beijing"
    adopt("street", COMMUNITY, actor=officer)
    adopt("zhangjiagang", COMMUNITY, actor=officer)
    adopt("national", STREET, actor=officer)
    here = queries.scheme_at(building)
    assert (here.table.code, here.region.pk) == ("zhangjiagang", COMMUNITY)


def test_tables_are_adopted_by_street_and_district_only():
    officer = worker("陆文涛", Role.STREET_OFFICER, STREET)
    adopt("beijing", STREET, actor=officer)

    with pytest.raises(errors.SchemeInForce):
        adopt("beijing", STREET, actor=officer)
    with pytest.raises(errors.SchemeUnknown):
        adopt("moon", STREET, actor=officer)
    for other in (worker(), worker("别处", Role.STREET_OFFICER, "450103001006")):
        with pytest.raises(NotAllowed):
            adopt("street", actor=other)


def test_preview_counts_who_would_reach_which_star():
    for minutes in (1800, 3600, 6000):
        helper(minutes, name=f"志愿者{minutes}")
    holder = helper(18_000)
    make_star(holder, 1, now=NOW)
    region = holder.region.parent.parent

    from linbang.outcomes.recognition.rules import levels

    counts = queries.star_counts(region, then=levels.ZHANGJIAGANG, now=NOW)
    assert [(one.holding, one.reaching, one.reaching_then) for one in counts] == [
        (1, 1, 1), (0, 1, 1), (0, 0, 1), (0, 0, 0), (0, 0, 1),
    ]  # fmt: skip


def test_desk_has_a_heap_for_each_step():
    clerk = worker()
    applied()
    approved(helper(name="公示中"))
    object_to(approved(helper(name="有异议")))
    actions.refuse_application(
        application_id=applied(helper(name="未通过")).pk, reason="x", by=clerk, now=NOW
    )

    sizes = {tab: queries.applications_on_tab(clerk, tab).count() for tab in StarTab}
    assert sizes == dict.fromkeys(StarTab, 1)
    assert queries.applications_to_check(clerk) == 2
    assert queries.applications_to_check(worker("邻社", region="450103001006")) == 0


def test_closed_registration_is_on_no_list():
    application = approved()
    assert queries.applications_on_notice(NOW, community=COMMUNITY).count() == 1
    application.person.closed_at = AFTER
    application.person.save(update_fields=["closed_at"])

    assert not queries.applications_on_notice(NOW).exists()
    with pytest.raises(NotFound):
        queries.application_on_notice(application.public_id, now=NOW)
