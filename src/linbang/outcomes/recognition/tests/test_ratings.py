"""Both sides rate, once, in time, and unseen until both are in (rule 53)."""

from datetime import timedelta

import pytest

from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotAllowed
from linbang.foundation.people.factories import (
    make_kinship,
    make_person,
    make_volunteer,
)
from linbang.intake.activities.factories import make_activity
from linbang.outcomes.recognition import actions, errors, queries
from linbang.outcomes.recognition.choices import RatedBy, Side
from linbang.outcomes.recognition.factories import make_hours, make_rating, make_visited
from linbang.outcomes.recognition.models import Rating
from linbang.outcomes.recognition.tests.cast import NOW, by, worker

pytestmark = pytest.mark.django_db
MORNING = NOW - timedelta(days=1)
# Ten working days after Tuesday the 19th of May.
LAST = NOW.replace(month=6, day=2, hour=23)


@pytest.fixture
def record():
    return make_visited(make_volunteer().person, now=MORNING)


def rate(record, who, side=Side.VOLUNTEER, points=(5, 4, 5), *, now=NOW, **how):
    actor = who if hasattr(who, "grants") else by(who)
    return actions.rate(record_id=record.pk, side=side, points=points, by=actor, now=now, **how)


def test_each_side_rates_once_and_neither_sees_before_both_did(record):
    resident, volunteer = record.beneficiary, record.person

    given = rate(record, resident, comment="很细心")
    hidden = queries.ratings_received(by(volunteer), now=NOW)
    rate(record, volunteer, Side.SERVICE, (4, 4, 4))
    [shown] = queries.ratings_received(by(volunteer), now=NOW)

    assert (given.rated_by, hidden) == (RatedBy.RESIDENT, [])
    assert (shown.points[0], shown.comment) == (("守时", 5), "很细心")
    with pytest.raises(errors.AlreadyRated):
        rate(record, resident, points=(1, 1, 1))
    assert len(queries.ratings_given(by(volunteer))) == 1


def test_single_rating_is_shown_when_the_time_is_over(record):
    rate(record, record.beneficiary, now=LAST)

    assert queries.ratings_received(by(record.person), now=LAST) == []
    after = LAST + timedelta(days=1)
    assert len(queries.ratings_received(by(record.person), now=after)) == 1
    assert len(queries.ratings_on_record(record, now=after)) == 1
    with pytest.raises(errors.RatingClosed):
        rate(record, record.person, Side.SERVICE, now=after)


def test_who_may_rate_a_visit(record):
    daughter, clerk = make_person("陈丽"), worker()
    make_kinship(record.beneficiary, daughter)

    for stranger in (by(make_person("路人")), clerk):
        with pytest.raises(NotAllowed):
            rate(record, stranger)
    with pytest.raises(errors.OwnRating):
        rate(record, record.person)
    with pytest.raises(NotAllowed):
        rate(record, record.beneficiary, Side.SERVICE)
    with pytest.raises(NotAllowed):
        rate(record, daughter, by_station=True)
    assert rate(record, daughter).rated_by == RatedBy.RELATIVE


def test_station_writes_down_what_was_said_on_the_phone(record):
    clerk = worker()
    assert queries.records_to_rate_by_phone(clerk, now=NOW).get() == record

    made = rate(record, clerk, by_station=True)

    assert (made.rated_by, made.by_id) == (RatedBy.STATION, clerk.person_id)
    assert not queries.records_to_rate_by_phone(clerk, now=NOW).exists()
    own = make_visited(make_actor_person(clerk), now=MORNING)
    with pytest.raises(errors.OwnRating):
        rate(own, clerk, by_station=True)


def make_actor_person(actor):
    from linbang.foundation.people.models import Person

    return make_volunteer(person=Person.objects.get(pk=actor.person_id)).person


def test_leader_rates_the_people_of_the_own_activity():
    leader = make_volunteer("覃桂芳").person
    activity = make_activity("清洁家园", leader=leader)
    people = [make_volunteer(f"志愿者{n}").person for n in "甲乙"]
    found = [
        make_hours(person, 1500, starts_at=MORNING, activity=activity)[0]
        for person in (*people, leader)
    ]

    # Two comings on one shift are rated once, and nobody rates herself.
    waiting = queries.records_to_rate_as_leader(activity, by_id=leader.pk, now=NOW)
    assert set(waiting) == set(found[:2])
    done, refusals = actions.rate_many(
        points={one.pk: (5, 5, 5) for one in found}, by=by(leader), now=NOW
    )
    assert (done, [one.code for one in refusals]) == (2, ["own_rating"])
    with pytest.raises(NotAllowed):
        rate(found[0], make_person("路人"))
    with pytest.raises(NotAllowed):
        rate(found[0], worker(), by_station=True)
    second = people[0].service_records.order_by("id").last()
    with pytest.raises(errors.AlreadyRated):
        rate(second, leader)


def test_points_are_checked(record):
    with pytest.raises(errors.PointsOutOfRange):
        rate(record, record.beneficiary, points=(5, 5, 6))


def test_average_counts_shown_ratings_from_three_on():
    person = make_volunteer().person
    long_ago = MORNING - timedelta(days=60)
    records = make_hours(person, 3 * 1440, starts_at=long_ago)
    for record, points in zip(records[:2], [(5, 5, 5), (4, 4, 4)], strict=True):
        make_rating(record, points)
    assert queries.rating_of(person, now=NOW) == queries.RatingSum(None, 2)

    make_rating(records[2], (4, 5, 4))
    fresh = make_visited(person, now=MORNING)
    make_rating(fresh, (1, 1, 1))

    assert queries.rating_of(person, now=NOW).text == "4.4"
    make_rating(fresh, side=Side.SERVICE)
    assert queries.rating_of(person, now=NOW).count == 4


def test_leader_sees_what_is_said_of_the_service_from_three_on_and_by_nobody():
    activity = make_activity("清洁家园")
    people = [make_volunteer(f"志愿者{n}").person for n in "甲乙丙"]
    found = [make_hours(one, 60, starts_at=MORNING, activity=activity)[0] for one in people]
    for record, point in zip(found, (5, 4, 4), strict=True):
        make_rating(record, (point, 5, 3), side=Side.SERVICE, comment=f"说明{point}")

    assert queries.feedback_on(activity, now=NOW) is None
    for record in found[:2]:
        make_rating(record)
    assert queries.feedback_on(activity, now=NOW) is None
    make_rating(found[2])
    told = queries.feedback_on(activity, now=NOW)

    assert told.averages == (("培训和说明", "4.3"), ("组织协作", "5.0"), ("执行落实", "3.0"))
    assert sorted(told.comments) == ["说明4", "说明4", "说明5"]


def test_lists_show_what_waits_to_be_rated(record):
    old = make_visited(record.person, now=MORNING - timedelta(days=60))
    volunteer, resident = by(record.person), by(record.beneficiary)

    assert queries.records_to_rate_as_volunteer(volunteer, now=NOW).get() == record
    assert queries.records_to_rate_as_resident(resident, now=NOW).get() == record
    assert not queries.records_to_rate_as_resident(volunteer, now=NOW).exists()
    assert queries.is_over(old, now=NOW)
    assert queries.due_date(record).isoformat() == "2026-06-02"
    record.drafted_at = NOW.astimezone(CHINA).replace(year=2098)
    assert queries.due_date(record) is None
    assert Rating.objects.count() == 0


def test_dispatch_learns_only_what_is_shown():
    helper = make_volunteer()
    for days in range(3):
        record = make_visited(helper.person, now=MORNING - timedelta(days=days))
        make_rating(record, points=(5, 4, 5))

    early = actions.pass_on_ratings(now=NOW)
    late = actions.pass_on_ratings(now=LAST + timedelta(days=1))
    again = actions.pass_on_ratings(now=LAST + timedelta(days=1))

    helper.refresh_from_db()
    assert (early, late, again, helper.rating) == (0, 1, 0, 4.7)
