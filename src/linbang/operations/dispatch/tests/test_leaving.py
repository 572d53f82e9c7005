from datetime import timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_person, make_worker
from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import EscalationCause
from linbang.operations.dispatch.errors import ReasonMissing, VisitBegun
from linbang.operations.dispatch.factories import make_assignment, make_offer
from linbang.operations.dispatch.models import (
    Assignment,
    Commitment,
    Escalation,
    Offer,
    OfferAnswer,
)
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    actor_for,
    make_elder,
    make_helper,
    make_verified_need,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=5)


def make_taken(**columns: object) -> Assignment:
    columns.setdefault("state", NeedState.OFFERED)
    return make_assignment(make_verified_need(make_elder(), **columns), make_helper())


def leave(assignment: Assignment, *, by: Actor | None = None, reason: str = "孩子发烧") -> None:
    by = by or actor_for(assignment.volunteer)
    actions.leave_assignment(assignment_id=assignment.pk, reason=reason, by=by, now=LATER)


def test_leaving_frees_the_time_and_seeks_again() -> None:
    assignment = make_taken()
    make_helper("接替的")

    leave(assignment)
    ranking = actions.find_helpers(need_id=assignment.need_id, by=Actor.system(), now=LATER)

    assignment.refresh_from_db()
    need = assignment.need
    assert (assignment.ended_at, assignment.end_reason) == (LATER, "孩子发烧")
    assert Commitment.objects.get().released_at == LATER
    need.refresh_from_db()
    # The first search was five hours ago; a new round of asking has begun.
    assert need.state == NeedState.OFFERED
    assert ranking.candidacies.get().volunteer.name == "接替的"
    assert Notice.objects.filter(person=need.beneficiary, template="need_searching").exists()


def test_leaving_what_the_station_found_goes_back_to_it() -> None:
    assignment = make_taken(state=NeedState.ESCALATED)
    need = assignment.need
    Escalation.objects.create(
        cell=need.cell, need=need, cause="nobody", raised_at=MONDAY, taken_at=MONDAY
    )

    leave(assignment)

    need.refresh_from_db()
    escalation = Escalation.objects.get(taken_at=None)
    assert (need.state, escalation.cause) == (NeedState.ESCALATED, EscalationCause.HELPER_LEFT)


def test_one_of_two_leaving_keeps_the_other() -> None:
    first = make_taken(helpers=2)
    second = make_assignment(first.need, make_helper("乙二"))

    leave(first)

    second.refresh_from_db()
    first.need.refresh_from_db()
    assert (second.ended_at, first.need.state) == (None, NeedState.OFFERED)


def test_worker_leaves_on_behalf() -> None:
    assignment, worker = make_taken(), make_worker()

    leave(assignment, by=worker)

    event = AuditEvent.objects.get(action="dispatch.end_assignment")
    assert (event.person_id, event.on_behalf_of_id) == (
        worker.person_id, assignment.volunteer_id
    )  # fmt: skip
    assert Notice.objects.filter(person=assignment.volunteer, template="visit_cancelled").exists()


def test_leaving_twice_is_once() -> None:
    assignment = make_taken()

    leave(assignment)
    leave(assignment)

    assert AuditEvent.objects.filter(action="dispatch.end_assignment").count() == 1


def test_leaving_needs_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        leave(make_taken(), reason="  ")


def test_begun_visit_cannot_be_left() -> None:
    assignment = make_taken()
    assignment.need.state = NeedState.UNDER_WAY
    assignment.need.save(update_fields=["state"])

    with pytest.raises(VisitBegun):
        leave(assignment)


def test_outsiders_cannot_end_an_assignment() -> None:
    assignment = make_taken()

    for by in (
        actor_for(make_person("外人")),
        make_worker("邻居社区", region="450103001006"),
        actor_for(assignment.need.beneficiary),
    ):
        with pytest.raises(NotFound):
            leave(assignment, by=by)
    with pytest.raises(NotFound):
        actions.leave_assignment(assignment_id=0, reason="无", by=by, now=LATER)


def test_standing_down_frees_everybody() -> None:
    assignment = make_taken(helpers=2)
    need = assignment.need
    asked = make_offer(need, make_helper("还没答复"))
    Escalation.objects.create(cell=need.cell, need=need, cause="nobody", raised_at=MONDAY)
    need.state = NeedState.WITHDRAWN
    need.save(update_fields=["state"])

    now = MONDAY + timedelta(minutes=5)
    actions.stand_down(need_id=need.pk, by=Actor.system(), now=now)

    assignment.refresh_from_db()
    assert assignment.ended_at == now
    assert OfferAnswer.objects.get(offer=asked).answer == "withdrawn"
    assert not Commitment.objects.filter(released_at=None).exists()
    assert not Escalation.objects.filter(taken_at=None).exists()
    told = Notice.objects.filter(created_at=now).order_by("template", "id")
    assert [(notice.person_id, notice.template) for notice in told] == [
        (asked.volunteer_id, "offer_withdrawn"), (assignment.volunteer_id, "visit_cancelled")
    ]  # fmt: skip
    assert actions.find_helpers(need_id=need.pk, by=Actor.system(), now=now) is None
    assert Offer.objects.count() == 2


def test_one_of_two_leaving_keeps_the_open_escalation() -> None:
    assignment = make_taken(helpers=2, state=NeedState.ESCALATED)
    need = assignment.need
    Escalation.objects.create(cell=need.cell, need=need, cause="nobody", raised_at=MONDAY)

    leave(assignment)

    assert Escalation.objects.get(taken_at=None).cause == EscalationCause.NOBODY
