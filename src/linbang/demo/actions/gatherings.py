"""The year's collective activities of Xinzhu: planned, held, closed, with everybody who came."""

from datetime import datetime, time, timedelta

from linbang.demo.actions.community import Community
from linbang.demo.actions.planning import WEEKDAYS, Plan
from linbang.demo.actions.programme import Programme
from linbang.demo.rules.agenda import DESKS
from linbang.demo.rules.crowd import Crowd, Seat
from linbang.demo.rules.lines import Line
from linbang.demo.rules.programme import Held, Turn
from linbang.intake.activities.choices import ActivityKind, ActivityState
from linbang.intake.activities.models import Activity, Desk, Series

# How many days ago the absentee was missing, each time.
_MISSED = (range(30, 56), range(15, 29), range(3, 13))
_OUTCOME = "如期举办，秩序良好。居民希望下次早点通知。"


class Gatherings:
    """Writes what the year's plan says into a plan of rows, and gathers the places."""

    def __init__(
        self, community: Community, programme: Programme, crowd: Crowd, *, worker_id: int
    ) -> None:
        self.community = community
        self.programme = programme
        self.crowd = crowd
        self.worker_id = worker_id
        self.plan = Plan()
        self.seats: list[tuple[int, Seat]] = []
        self.activities: dict[str, Activity] = {}
        self.desks: list[Desk] = []
        # Stays away three times in the last weeks (rule 28), and is there at no other time.
        self.absentee = community.absentee_id
        self.missed: list[datetime] = []
        self.everybody = community.hands

    def hold(self, held: Held, number: int) -> Activity:
        """Add one activity of the year with its posts, shifts and places."""
        line, team = held.line, self.community.teams[held.line.team]
        first, last = held.turns[0].starts_at, max(turn.ends_at for turn in held.turns)
        planned_at = first - timedelta(days=21 + number % 5)
        longitude, latitude = self.community.spot()
        activity = self.plan.activity(
            team.organisation,
            key=f"demo:year:{number:03d}",
            name=held.name,
            created_at=planned_at,
            created_by_id=self.worker_id,
            kind=line.kind,
            brand=self.programme.brands[line.brand],
            campaign=self.programme.campaigns.get(line.campaign),
            project=self.programme.plan,
            categories=list(line.categories),
            beneficiaries=list(line.beneficiaries),
            content=line.content,
            conditions="身体健康，守时。",
            place_name=line.place,
            longitude=longitude,
            latitude=latitude,
            risk_text=line.risk,
            hazards=list(line.hazards),
            policy=self.programme.policy if line.hazards else None,
            with_minors=line.with_minors,
            leader_id=team.leader_id,
            people_served=held.served,
            outcome=_OUTCOME,
        )
        self.plan.step(
            activity, ActivityState.PUBLISHED, at=planned_at + timedelta(hours=5),
            by_id=self.worker_id,
        )  # fmt: skip
        self.plan.step(
            activity, ActivityState.CLOSED, at=last + timedelta(hours=2), by_id=team.leader_id
        )
        self._posts(activity, held)
        self.activities[held.name] = activity
        if held.line.kind == ActivityKind.CONSULT:
            self.desks = [
                self.plan.desk(activity, nth, department, list(topics))
                for nth, (department, topics) in enumerate(DESKS, start=1)
            ]
        return activity

    def _posts(self, activity: Activity, held: Held) -> None:
        series = self._series(activity, held) if len(held.days) > 1 else None
        for duty in held.line.duties:
            turns = [turn for turn in held.turns if turn.duty is duty]
            seats = [self._attend(activity, turn, held.line) for turn in turns]
            # A few places stay free, as they do.
            most = max(map(_placed, seats)) + self.crowd.rng.randrange(4)
            post = self.plan.post(
                activity, duty.name, tasks=duty.tasks, skills=list(duty.skills),
                qualifications=list(duty.qualifications), places=most,
                age_min=18 if held.line.hazards else None,
            )  # fmt: skip
            for turn, taken in zip(turns, seats, strict=True):
                shift = self.plan.shift(
                    post, turn.starts_at, turn.ends_at, series=series,
                    day=turn.starts_at.date() if series else None,
                )  # fmt: skip
                self.seats += [(shift.pk, seat) for seat in taken]

    def _series(self, activity: Activity, held: Held) -> Series:
        days = ",".join(WEEKDAYS[day] for day in sorted({day.weekday() for day in held.days}))
        return self.plan.series(
            activity, f"FREQ=WEEKLY;BYDAY={days}", starts_on=held.days[0],
            ends_on=held.days[-1], at=time(*held.line.starts), minutes=held.line.minutes,
        )  # fmt: skip

    def _attend(self, activity: Activity, turn: Turn, line: Line) -> list[Seat]:
        members = self.community.teams[line.team].member_ids
        able = self.community.able(turn.duty.qualifications, with_minors=line.with_minors)
        window = (turn.starts_at, turn.ends_at)
        seats = self.crowd.attend(
            window,
            turn.wanted,
            leader=activity.leader_id or self.worker_id,
            worker=self.worker_id,
            first=[one for one in members if able is None or one in able],
            others=self.everybody if able is None else sorted(able),
        )
        if able is None and self._is_to_be_missed(turn):
            self.missed.append(turn.starts_at)
            seats.append(self.crowd.miss(self.absentee, window))
        return seats

    def _is_to_be_missed(self, turn: Turn) -> bool:
        """Tell whether it is the next of the three, the last of them not long ago."""
        days_ago = (self.community.today - turn.starts_at.date()).days
        return len(self.missed) < len(_MISSED) and days_ago in _MISSED[len(self.missed)]


def _placed(seats: list[Seat]) -> int:
    return sum(seat.state == "confirmed" for seat in seats)
