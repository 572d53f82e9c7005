"""A visit's life: planned, begun, ended, by each kind of proof."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation import events
from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import BUILDING
from linbang.foundation.places.models import Region
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.intake.needs.models import Need
from linbang.operations.service import actions, errors, queries
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.events import (
    VisitCancelled,
    VisitEnded,
    VisitPlanned,
    VisitStarted,
)
from linbang.operations.service.factories import make_accepted, make_presence, make_visit
from linbang.operations.service.models import CheckIn, CheckOut, Visit, WrongCode

pytestmark = pytest.mark.django_db


@dataclass
class Cast:
    elder: Person
    daughter: Person
    volunteer: Person
    worker: Actor
    outsider: Actor
    need: Need
    visit: Visit

    @property
    def helper(self) -> Actor:
        return make_actor(self.volunteer)

    @property
    def start(self) -> datetime:
        return self.visit.starts_at


@pytest.fixture
def cast() -> Cast:
    elder, daughter = make_person("李秀英"), make_person("陈丽")
    make_kinship(elder, daughter)
    volunteer = make_volunteer("王建国").person
    need = make_need(elder, state=NeedState.ASSIGNED)
    visit = make_visit(need=need, volunteer=volunteer)
    return Cast(
        elder=elder,
        daughter=daughter,
        volunteer=volunteer,
        worker=make_worker(),
        outsider=make_actor(make_volunteer("赵外人").person),
        need=need,
        visit=visit,
    )


@contextmanager
def heard(*kinds: type[events.Event]) -> Iterator[list[events.Event]]:
    news: list[events.Event] = []
    reactions = dict.fromkeys(kinds, (news.append,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "_reactions", lambda: reactions)
        yield news


def enter(cast: Cast, *, now: datetime, code: str | None = None) -> CheckIn:
    code = queries.code_now(cast.visit, now).digits if code is None else code
    return actions.check_in(
        visit_id=cast.visit.id, method=PresenceMethod.CODE, code=code, by=cast.helper, now=now
    )


def leave(cast: Cast, *, now: datetime) -> CheckOut:
    code = queries.code_now(cast.visit, now).digits
    return actions.check_out(
        visit_id=cast.visit.id,
        method=PresenceMethod.CODE,
        code=code,
        report=" 打扫了厨房 ",
        by=cast.helper,
        now=now,
    )


def test_plan_visit_takes_the_needs_window_once(cast: Cast) -> None:
    assignment = make_accepted(
        make_need(make_person("黄奶奶"), state=NeedState.ASSIGNED), make_volunteer("刘二").person
    )

    with heard(VisitPlanned) as news:
        first = actions.plan_visit(assignment_id=assignment.id, now=cast.need.opened_at)
        again = actions.plan_visit(assignment_id=assignment.id, now=cast.need.opened_at)

    assert again == first
    assert (first.starts_at, first.ends_at) == (assignment.need.starts_at, assignment.need.ends_at)
    assert news == [VisitPlanned(visit_id=first.id, cell=first.cell, at=cast.need.opened_at)]
    assert Notice.objects.get(person=first.volunteer).template == "visit_planned"


def test_cancel_visit_once_and_before_it_begins(cast: Cast) -> None:
    with heard(VisitCancelled) as news:
        for _ in range(2):
            actions.cancel_visit(assignment_id=cast.visit.assignment_id, now=cast.start)

    cast.visit.refresh_from_db()
    assert cast.visit.cancelled_at == cast.start
    assert len(news) == 1
    with pytest.raises(errors.VisitCancelledAlready):
        enter(cast, now=cast.start)


def test_cancel_visit_without_a_visit_is_nothing() -> None:
    assert actions.cancel_visit(assignment_id=0, now=make_need(make_person()).opened_at) is None


def test_cancel_visit_that_has_begun_is_refused(cast: Cast) -> None:
    enter(cast, now=cast.start)

    with pytest.raises(errors.VisitAlreadyStarted):
        actions.cancel_visit(assignment_id=cast.visit.assignment_id, now=cast.start)


def test_check_in_by_code_starts_the_visit(cast: Cast) -> None:
    with heard(VisitStarted) as news:
        presence = enter(cast, now=cast.start)

    cast.need.refresh_from_db()
    assert (presence.at, presence.method, presence.by_id) == (
        cast.start,
        PresenceMethod.CODE,
        cast.volunteer.id,
    )
    assert cast.need.state == NeedState.UNDER_WAY
    assert news == [VisitStarted(visit_id=cast.visit.id, cell=cast.visit.cell, at=cast.start)]
    event = AuditEvent.objects.get(action="service.check_in")
    assert (event.person_id, event.detail) == (cast.volunteer.id, {"method": "code"})


def test_second_check_in_returns_the_first(cast: Cast) -> None:
    first = enter(cast, now=cast.start)

    again = enter(cast, now=cast.start + timedelta(minutes=5), code="000000")

    assert again == first
    assert WrongCode.objects.count() == 0


def test_code_of_the_step_before_is_accepted(cast: Cast) -> None:
    shown = queries.code_now(cast.visit, cast.start).digits

    presence = enter(cast, now=cast.start + timedelta(seconds=45), code=shown)

    assert presence.at == cast.start + timedelta(seconds=45)


def wrong_code(cast: Cast, now: datetime) -> str:
    right = {
        queries.code_now(cast.visit, now + timedelta(seconds=shift)).digits
        for shift in (-30, 0, 30)
    }
    return next(code for code in ("111111", "222222", "333333", "444444") if code not in right)


def test_five_wrong_codes_close_the_door_for_a_minute(cast: Cast) -> None:
    now = cast.start
    for _ in range(5):
        with pytest.raises(errors.CodeIsWrong):
            enter(cast, now=now, code=wrong_code(cast, now))

    with pytest.raises(errors.TooManyWrongCodes):
        enter(cast, now=now)

    assert WrongCode.objects.count() == 5
    assert enter(cast, now=now + timedelta(seconds=61)).method == PresenceMethod.CODE


@pytest.mark.parametrize(("north_m", "is_near"), [(0, True), (190, True), (210, False)])
def test_check_in_by_location_within_the_circle(cast: Cast, north_m: int, is_near: bool) -> None:
    building = Region.objects.get(code=BUILDING)
    latitude = building.latitude + north_m / 111_195  # metres a degree on the mean sphere
    call = {
        "visit_id": cast.visit.id,
        "method": PresenceMethod.LOCATION,
        "latitude": latitude,
        "longitude": building.longitude,
        "by": cast.helper,
        "now": cast.start,
    }

    if is_near:
        assert actions.check_in(**call).distance_m == pytest.approx(north_m, abs=1)
        return
    with pytest.raises(errors.TooFarAway) as refusal:
        actions.check_in(**call)
    assert refusal.value.params["distance_m"] == pytest.approx(north_m, abs=1)


def test_location_needs_a_position_and_a_point(cast: Cast) -> None:
    call = {
        "visit_id": cast.visit.id,
        "method": PresenceMethod.LOCATION,
        "by": cast.helper,
        "now": cast.start,
    }
    with pytest.raises(errors.LocationMissing):
        actions.check_in(**call)

    Region.objects.filter(code=BUILDING).update(latitude=None, longitude=None)

    with pytest.raises(errors.LocationUnknown):
        actions.check_in(latitude=22.8, longitude=108.3, **call)


@pytest.mark.parametrize("speaker", ["elder", "daughter"])
def test_residents_word_counts_for_both_ends(cast: Cast, speaker: str) -> None:
    actor = make_actor(getattr(cast, speaker))
    word = {"visit_id": cast.visit.id, "method": PresenceMethod.WORD, "by": actor}

    came = actions.check_in(now=cast.start, **word)
    left = actions.check_out(now=cast.visit.ends_at, **word)

    assert (came.by_id, left.by_id) == (actor.person_id, actor.person_id)
    assert came.on_behalf_of_id is None


def test_staff_acts_on_behalf_and_says_why(cast: Cast) -> None:
    staff = {"visit_id": cast.visit.id, "method": PresenceMethod.STAFF, "by": cast.worker}
    now = cast.visit.ends_at + timedelta(hours=3)
    with pytest.raises(errors.ReasonMissing):
        actions.check_in(at=cast.start, now=now, **staff)

    came = actions.check_in(at=cast.start, note="没有手机", now=now, **staff)

    assert (came.at, came.recorded_at, came.note) == (cast.start, now, "没有手机")
    assert came.on_behalf_of_id == cast.volunteer.id
    event = AuditEvent.objects.get(action="service.check_in")
    assert (event.person_id, event.on_behalf_of_id) == (cast.worker.person_id, cast.volunteer.id)
    with pytest.raises(errors.BeyondPlannedEnd):
        actions.check_out(at=now, note="没有手机", now=now, **staff)
    with pytest.raises(errors.NotThenYet):
        actions.check_out(at=cast.visit.ends_at, note="没有手机", now=cast.start, **staff)


@pytest.mark.parametrize(
    ("who", "method"),
    [
        ("outsider", PresenceMethod.CODE),
        ("outsider", PresenceMethod.WORD),
        ("outsider", PresenceMethod.STAFF),
        ("elder", PresenceMethod.CODE),
        ("helper", PresenceMethod.WORD),
        ("helper", PresenceMethod.STAFF),
        ("worker", PresenceMethod.WORD),
        ("worker", PresenceMethod.LOCATION),
    ],
)
def test_each_proof_is_given_by_whom_it_belongs_to(
    cast: Cast, who: str, method: PresenceMethod
) -> None:
    found = getattr(cast, who)
    actor = make_actor(found) if isinstance(found, Person) else found

    with pytest.raises(NotAllowed):
        actions.check_in(
            visit_id=cast.visit.id, method=method, code="123456", note="x", by=actor, now=cast.start
        )

    assert WrongCode.objects.count() == 0


def test_volunteer_who_is_kin_gives_no_word_for_herself(cast: Cast) -> None:
    make_kinship(cast.elder, cast.volunteer)

    with pytest.raises(NotAllowed):
        actions.check_in(
            visit_id=cast.visit.id, method=PresenceMethod.WORD, by=cast.helper, now=cast.start
        )


def test_worker_elsewhere_handles_nothing_here(cast: Cast) -> None:
    elsewhere = make_worker("周远", region="450103001006")

    with pytest.raises(NotAllowed):
        actions.check_in(
            visit_id=cast.visit.id,
            method=PresenceMethod.STAFF,
            note="x",
            by=elsewhere,
            now=cast.start,
        )


def test_check_in_outside_its_hours_is_refused(cast: Cast) -> None:
    with pytest.raises(errors.TooEarly):
        enter(cast, now=cast.start - timedelta(minutes=61))
    with pytest.raises(errors.TooLateToCheckIn):
        enter(cast, now=cast.visit.ends_at)


def test_check_in_waits_for_the_second_helper(cast: Cast) -> None:
    Need.objects.filter(pk=cast.need.pk).update(state=NeedState.OFFERED)

    with pytest.raises(errors.HelpersMissing):
        enter(cast, now=cast.start)


def test_check_out_ends_the_visit_and_serves_the_need(cast: Cast) -> None:
    enter(cast, now=cast.start)
    with heard(VisitEnded) as news:
        left = leave(cast, now=cast.visit.ends_at)
        again = leave(cast, now=cast.visit.ends_at + timedelta(minutes=2))

    cast.need.refresh_from_db()
    assert again == left
    assert left.report == "打扫了厨房"
    assert cast.need.state == NeedState.SERVED
    assert news == [VisitEnded(visit_id=cast.visit.id, cell=cast.visit.cell, at=cast.visit.ends_at)]


def test_check_out_refuses_what_cannot_be(cast: Cast) -> None:
    with pytest.raises(errors.NotCheckedIn):
        leave(cast, now=cast.start)
    enter(cast, now=cast.start)
    with pytest.raises(errors.TooShort):
        leave(cast, now=cast.start + timedelta(seconds=30))
    with pytest.raises(errors.TooLateToCheckOut):
        leave(cast, now=cast.start + timedelta(hours=25))


def test_need_is_served_when_every_helper_has_left(cast: Cast) -> None:
    other = make_visit(need=cast.need, volunteer=make_volunteer("刘二").person, place=2)
    enter(cast, now=cast.start)
    leave(cast, now=cast.visit.ends_at)
    cast.need.refresh_from_db()
    assert cast.need.state == NeedState.UNDER_WAY

    staff = {"visit_id": other.id, "method": PresenceMethod.STAFF, "by": cast.worker, "note": "x"}
    actions.check_in(at=cast.start, now=cast.visit.ends_at, **staff)
    actions.check_out(at=cast.visit.ends_at, now=cast.visit.ends_at, **staff)

    cast.need.refresh_from_db()
    assert cast.need.state == NeedState.SERVED


def test_absence_of_one_helper_keeps_nothing_open(cast: Cast) -> None:
    other = make_visit(need=cast.need, volunteer=make_volunteer("刘二").person, place=2)
    enter(cast, now=cast.start)
    leave(cast, now=cast.visit.ends_at)

    for _ in range(2):
        actions.record_absence(
            visit_id=other.id, note="电话不通", by=cast.worker, now=cast.visit.ends_at
        )

    cast.need.refresh_from_db()
    assert cast.need.state == NeedState.SERVED


def test_absence_of_the_only_helper_lapses_the_need(cast: Cast) -> None:
    actions.record_absence(
        visit_id=cast.visit.id, note="电话不通", by=cast.worker, now=cast.visit.ends_at
    )

    cast.need.refresh_from_db()
    assert cast.need.state == NeedState.LAPSED


def test_absence_is_refused_without_cause(cast: Cast) -> None:
    call = {"visit_id": cast.visit.id, "by": cast.worker}
    with pytest.raises(errors.NotMissed):
        actions.record_absence(note="x", now=cast.start, **call)
    with pytest.raises(errors.ReasonMissing):
        actions.record_absence(note=" ", now=cast.visit.ends_at, **call)
    with pytest.raises(NotAllowed):
        actions.record_absence(
            visit_id=cast.visit.id, note="x", by=cast.outsider, now=cast.visit.ends_at
        )


def test_forgotten_check_out_is_reminded_once(cast: Cast) -> None:
    enter(cast, now=cast.start)
    late = cast.visit.ends_at + timedelta(minutes=31)

    actions.remind_check_outs(now=cast.visit.ends_at)
    reminded = [actions.remind_check_outs(now=late) for _ in range(2)]

    assert reminded == [1, 1]
    assert Notice.objects.filter(template="visit_forgotten").count() == 1


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (CheckIn, {"at": timedelta(minutes=1)}, "checkin_is_not_in_the_future"),
        (CheckIn, {"on_behalf_of_id": 5}, "checkin_on_behalf_says_why"),
        (CheckIn, {"on_behalf_of_id": 7, "note": "x"}, "checkin_on_behalf_says_why"),
        (CheckIn, {"method": PresenceMethod.LOCATION}, "checkin_by_location_has_distance"),
        (CheckOut, {"at": timedelta(minutes=1)}, "checkout_is_not_in_the_future"),
        (CheckOut, {"on_behalf_of_id": 5}, "checkout_on_behalf_says_why"),
        (CheckOut, {"on_behalf_of_id": 7, "note": "x"}, "checkout_on_behalf_says_why"),
        (CheckOut, {"method": PresenceMethod.LOCATION}, "checkout_by_location_has_distance"),
    ],
)
def test_presence_constraints_hold(
    cast: Cast, model: type[CheckIn], fields: dict[str, Any], constraint: str
) -> None:
    values = {
        "cell": cast.visit.cell,
        "visit": cast.visit,
        "recorded_at": cast.start,
        "method": PresenceMethod.CODE,
        "by_id": 7,
        **fields,
        "at": cast.start + fields.get("at", timedelta(0)),
    }

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**values)


def test_visit_window_ends_after_start(cast: Cast) -> None:
    cast.visit.ends_at = cast.start

    with pytest.raises(IntegrityError, match="visit_window_ends_after_start"):
        cast.visit.save(update_fields=["ends_at"])


def test_presence_is_append_only(cast: Cast) -> None:
    make_presence(cast.visit)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        CheckIn.objects.update(by_id=1)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        CheckOut.objects.all().delete()


def test_community_officer_may_act_on_behalf(cast: Cast) -> None:
    officer = make_worker("何主任", role=Role.COMMUNITY_OFFICER)

    came = actions.check_in(
        visit_id=cast.visit.id,
        method=PresenceMethod.STAFF,
        note="现场代办",
        by=officer,
        now=cast.start,
    )

    assert came.by_id == officer.person_id
