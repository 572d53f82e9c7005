"""Where something is the matter: waiting, replacing, hurt, paused, asking a parent."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from linbang.demo.actions.agenda import Agenda
from linbang.demo.actions.community import CELL, Community
from linbang.demo.actions.copying import copy_in, numbered
from linbang.demo.rules import figures
from linbang.demo.rules.crowd import Seat
from linbang.intake.activities.models import Activity, Desk, Shift
from linbang.operations.clearance.choices import SuspensionCause
from linbang.operations.clearance.models import Appeal, ConsentRequest, GuardianConsent, Suspension
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.models import Reservation, SignUp, StandIn
from linbang.operations.service.choices import IncidentKind
from linbang.operations.service.models import DeskTally, Incident

# A freed place is held for half an hour (rule 25); the demo is looked at for longer.
_HELD_FOR = timedelta(hours=2)


def add_seats(agenda: Agenda) -> None:
    """Add a full shift with its waiting list, a held place, and requests to be decided."""
    full = agenda.activities["中医义诊进小区"].shifts[0]
    # One has withdrawn, the first of the list is offered her place, two wait behind him.
    for state, person in zip(
        ("withdrawn", "held", "waiting", "waiting"),
        (*_free(agenda, full, 1), agenda.cast["volunteer"].pk, *_free(agenda, full, 2)),
        strict=True,
    ):
        agenda.seats.append((full.pk, _seat(agenda, person, state)))
    wanted = agenda.activities["公益法律咨询员招募"].shifts[0]
    for person in _free(agenda, wanted, 4):
        agenda.seats.append((wanted.pk, _seat(agenda, person, "requested")))


def _seat(agenda: Agenda, person: int, state: str) -> Seat:
    now = agenda.now
    asked_at = now - timedelta(hours=agenda.crowd.rng.randrange(4, 60))
    is_over = state == "withdrawn"
    return Seat(
        person, state, "self", asked_at, person,
        held_until=now + _HELD_FOR if state == "held" else None,
        ended_at=now - timedelta(minutes=4) if is_over else None,
        reason="时间有冲突" if is_over else "",
    )  # fmt: skip


def _free(agenda: Agenda, shift: Shift, count: int) -> list[int]:
    hands = [one for one in agenda.community.hands if one not in agenda.community.cast_ids]
    window = (shift.starts_at, shift.ends_at)
    return agenda.crowd.pick(window, count, first=[], others=hands)


def keep_places(agenda: Agenda) -> None:
    """Keep places of one shift for a team that has not named its people yet."""
    shift = agenda.activities["十二队联合互助日"].shifts[0]
    team = agenda.community.teams["家电维修队"]
    Reservation.objects.create(
        cell=CELL, shift_id=shift.pk, organisation=team.organisation,
        places=2,
        made_at=agenda.now - timedelta(days=1), made_by_id=team.leader_id,
    )  # fmt: skip


def seek_stand_ins(agenda: Agenda) -> None:
    """Let two people seek somebody to take their places, one of them tomorrow's."""
    for name, note in (("周末清洁家园", "那天要陪老人复查"), ("楼道小修小补日", "孩子开家长会")):
        shift = agenda.activities[name].shifts[0]
        sign_up = (
            SignUp.objects.filter(cell=CELL, shift_id=shift.pk, state=SignUpState.CONFIRMED)
            .exclude(person_id__in=agenda.community.cast_ids)
            .order_by("id")[0]
        )
        StandIn.objects.create(
            cell=CELL, sign_up=sign_up, note=note, asked_at=agenda.now - timedelta(hours=5)
        )


def count_at_desks(
    desks: Iterable[Desk], *, by_id: int, first_at: datetime, last_at: datetime
) -> None:
    """Write the strokes of every desk, some topics being asked for more than others."""
    tallies = []
    for desk in desks:
        for nth, topic in enumerate(desk.topics):
            strokes = 2 + (desk.number * 5 + nth * 3) % 7
            tallies += [
                DeskTally(
                    cell=CELL, desk=desk, topic=topic, people=1 + (turn + desk.number) % 3,
                    at=first_at + (last_at - first_at) * (turn + 1) / strokes, by_id=by_id,
                    key=f"demo:{desk.pk}:{nth}:{turn}",
                )
                for turn in range(strokes)
            ]  # fmt: skip
    copy_in(numbered(tallies))


def report_incident(activity: Activity, *, happened_at: datetime, by_id: int) -> None:
    """Report a fall at yesterday's drill; half of the form is still to be filled in."""
    reported_at = happened_at + timedelta(minutes=9)
    Incident.objects.create(
        cell=CELL, key="demo:incident", activity_id=activity.pk, region_id=figures.COMMUNITY,
        kind=IncidentKind.INJURY, who="参加演练的居民，女，约六十岁", happened_at=happened_at,
        place="3栋一单元一楼楼梯口", what="下楼集合时踩空一级台阶，右脚踝扭伤。",
        first_aid="就地坐下，冰敷十分钟。",
        reported_at=reported_at, reported_by_id=by_id, due_at=reported_at + timedelta(hours=48),
    )  # fmt: skip


def pause_absentee(community: Community, missed: list[datetime]) -> None:
    """Pause the sign-ups of whoever stayed away three times, with an open appeal (rule 28)."""
    starts_at = missed[-1] + timedelta(days=1)
    suspension = Suspension.objects.create(
        cell=CELL, person_id=community.absentee_id, cause=SuspensionCause.NO_SHOWS,
        starts_at=starts_at, ends_at=starts_at + timedelta(days=30),
    )  # fmt: skip
    Appeal.objects.create(
        cell=CELL, suspension=suspension, opened_at=starts_at + timedelta(hours=20),
        text="那两周我母亲住院，手机也丢了，没法取消报名。请帮我恢复。",
    )  # fmt: skip


def let_child_take_part(agenda: Agenda) -> None:
    """Store the parent's consent to where her child has a place, and what he asks for next."""
    ConsentRequest.objects.create(
        cell=CELL, activity_id=agenda.activities["旧物换绿植"].activity.pk,
        person=agenda.cast["child"], asked_at=agenda.now - timedelta(hours=6),
        asked_by_id=agenda.cast["child"].pk,
    )  # fmt: skip
    GuardianConsent.objects.create(
        cell=CELL, activity_id=agenda.activities["小小志愿者·图书角"].activity.pk,
        person=agenda.cast["child"], guardian=agenda.cast["parent"],
        given_at=agenda.now - timedelta(days=3),
    )  # fmt: skip
