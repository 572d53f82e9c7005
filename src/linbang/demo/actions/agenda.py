"""What is coming up in Xinzhu: activities with posts, desks, rhythms, and who has a place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from linbang.demo.actions.community import CELL, Community
from linbang.demo.actions.copying import copy_in, numbered
from linbang.demo.actions.planning import WEEKDAYS, Plan
from linbang.demo.actions.programme import Programme
from linbang.demo.rules import figures
from linbang.demo.rules.agenda import AGENDA, DESKS, NOW, Coming, Opening
from linbang.demo.rules.crowd import Crowd, Seat, Stay
from linbang.foundation.people.models import Person
from linbang.foundation.workdays import CalendarYearMissing, is_workday
from linbang.intake.activities.choices import ActivityState, DayRule, PointKind
from linbang.intake.activities.models import Activity, Desk, DutyPoint, Post, Shift

_POINTS = (
    (PointKind.CROSSING, "新竹路与东葛路口"),
    (PointKind.CROSSING, "新竹小学门口"),
    (PointKind.PATROL, "东区巡逻段"),
    (PointKind.PATROL, "西区巡逻段"),
    (PointKind.PATROL, "南门巡逻段"),
    (PointKind.PATROL, "北门巡逻段"),
)


SATURDAY = 5


@dataclass
class Written:
    """An activity to come as it was written, for those who have something to add."""

    coming: Coming
    activity: Activity
    shifts: list[Shift] = field(default_factory=list)


class Agenda:
    """Collects what is coming up; ``activities`` finds it again by name."""

    def __init__(
        self, community: Community, programme: Programme, crowd: Crowd, cast: dict[str, Person]
    ) -> None:
        self.community = community
        self.programme = programme
        self.crowd = crowd
        self.cast = cast
        self.now = crowd.now
        self.plan = Plan()
        self.seats: list[tuple[int, Seat]] = []
        self.activities: dict[str, Written] = {}
        self.desks: list[Desk] = []
        self.points = _write_points(community)

    def collect(self) -> None:
        """Add everything on the agenda; the cast takes its places first."""
        for number, coming in enumerate(AGENDA, start=1):
            self._promise_cast(coming)
            self._add(coming, number)

    def _promise_cast(self, coming: Coming) -> None:
        window = coming.window(coming.days(self.community.today)[0], self.now)
        for part in coming.cast:
            self.crowd.busy[self.cast[part].pk].append(window)

    def _add(self, coming: Coming, number: int) -> None:
        activity = self._activity(coming, number)
        written = self.activities[coming.name] = Written(coming, activity)
        days = [day for day in coming.days(self.community.today) if takes_place(coming, day)]
        series = None
        if coming.weeks:
            rhythm = ",".join(WEEKDAYS[weekday] for weekday in coming.repeats)
            starts_at, _ = coming.window(days[0], self.now)
            series = self.plan.series(
                activity, f"FREQ=WEEKLY;BYDAY={rhythm}", starts_on=days[0], ends_on=days[-1],
                at=starts_at.time(), minutes=coming.minutes, day_rule=coming.day_rule,
            )  # fmt: skip
        for nth, (post, opening) in enumerate(self._posts(activity, coming)):
            for day in days:
                starts_at, ends_at = coming.window(day, self.now)
                shift = self.plan.shift(
                    post, starts_at, ends_at, series=series, day=day if series else None
                )
                written.shifts.append(shift)
                is_first = not nth and day == days[0]
                self._take_places(coming, opening, shift, is_first=is_first)

    def _activity(self, coming: Coming, number: int) -> Activity:
        team = self.community.teams[coming.team]
        is_draft = coming.state == ActivityState.DRAFT
        planned_at = self.now - timedelta(days=15, hours=number)
        longitude, latitude = self.community.spot()
        activity = self.plan.activity(
            team.organisation, key=f"demo:coming:{number:02d}", name=coming.name,
            created_at=planned_at, created_by_id=self.cast["worker"].pk, kind=coming.kind,
            brand=self.programme.brands[coming.brand],
            key_period=self.programme.key_period if coming.in_key_period else None,
            categories=list(coming.categories), beneficiaries=list(coming.beneficiaries),
            content=coming.content,
            conditions="" if is_draft else "身体健康，守时；穿便于活动的衣服。",
            place_name=coming.place, longitude=longitude, latitude=latitude,
            radius_m=200, audience=coming.audience, mode=coming.mode, risk_text=coming.risk,
            hazards=list(coming.hazards),
            policy=self.programme.policy if coming.hazards and not is_draft else None,
            with_minors=coming.with_minors,
            leader_id=self.cast[coming.leader].pk if coming.leader else team.leader_id,
            guarantees=[] if is_draft else ["01", "05", "08"] if coming.hazards else ["05", "08"],
            declares_none_forbidden=not is_draft,
            **({"contact_name": "", "contact_phone": ""} if is_draft else {}),
        )  # fmt: skip
        if not is_draft:
            reason = "名称里有“讲座”，请审核" if coming.state == ActivityState.IN_REVIEW else ""
            self.plan.step(
                activity, ActivityState(coming.state), at=planned_at + timedelta(hours=3),
                by_id=activity.leader_id, reason=reason,
            )  # fmt: skip
        return activity

    def _posts(self, activity: Activity, coming: Coming) -> Iterator[tuple[Post, Opening]]:
        opening = coming.openings[0]
        if coming.kind == "consult":
            for number, (department, topics) in enumerate(DESKS, start=1):
                desk = self.plan.desk(activity, number, department, list(topics))
                self.desks.append(desk)
                yield self._post(activity, opening, department, desk=desk), opening
        elif coming.points:
            for point in self.points[coming.points]:
                yield self._post(activity, opening, point.name, point=point), opening
        else:
            for opening in coming.openings:
                yield self._post(activity, opening, opening.name), opening

    def _post(self, activity: Activity, opening: Opening, name: str, **columns: object) -> Post:
        return self.plan.post(
            activity, name, tasks=opening.tasks, places=opening.places,
            places_min=opening.places_min, skills=list(opening.skills),
            qualifications=list(opening.qualifications), age_min=opening.age_min, **columns,
        )  # fmt: skip

    def _take_places(
        self, coming: Coming, opening: Opening, shift: Shift, *, is_first: bool
    ) -> None:
        window = (shift.starts_at, shift.ends_at)
        seats = self._cast_seats(coming) if is_first else []
        count = opening.taken
        if coming.weeks:
            # Of what recurs some dates are better filled than others: that is what a board shows.
            spread = self.crowd.rng.randrange(-2, 3) if opening.taken > 1 else 0
            count = max(0, min(opening.places, opening.taken + spread))
        seats += self.crowd.book(
            window, count, first=self._able(coming, opening, self._members(coming)),
            others=self._able(coming, opening, self.community.hands),
        )  # fmt: skip
        if coming.starts == NOW:
            seats = [self._arrived(seat, nth, shift) for nth, seat in enumerate(seats)]
        self.seats += [(shift.pk, seat) for seat in seats]

    def _members(self, coming: Coming) -> Iterable[int]:
        return self.community.teams[coming.team].member_ids

    def _able(self, coming: Coming, opening: Opening, people: Iterable[int]) -> list[int]:
        able = self.community.able(opening.qualifications, with_minors=coming.with_minors)
        team = set(self._members(coming)) if coming.audience == "members" else None
        return [
            person
            for person in people
            if person not in self.community.cast_ids
            and (able is None or person in able)
            and (team is None or person in team)
        ]

    def _cast_seats(self, coming: Coming) -> list[Seat]:
        asked_at = self.now - timedelta(days=2, hours=3)
        ids = [self.cast[part].pk for part in coming.cast]
        return [Seat(person, "confirmed", "self", asked_at, person) for person in ids]

    def _arrived(self, seat: Seat, nth: int, shift: Shift) -> Seat:
        """Let half of the people be there already; the cast checks in by itself."""
        if nth % 2 or seat.person in self.community.cast_ids:
            return seat
        came = shift.starts_at + timedelta(minutes=self.crowd.rng.randrange(-9, 9))
        came = min(came, self.now - timedelta(minutes=1))
        stay = Stay(1, came, None, "code", "", seat.person)
        return Seat(seat.person, seat.state, seat.channel, seat.asked_at, seat.by, stays=(stay,))


def takes_place(coming: Coming, day: date) -> bool:
    """Tell whether a date of a rhythm takes place; where no calendar is known yet, by weekday."""
    if coming.day_rule != DayRule.WORKDAYS:
        return True
    try:
        return is_workday(day)
    except CalendarYearMissing:
        return day.weekday() < SATURDAY


def _write_points(community: Community) -> dict[str, list[DutyPoint]]:
    points: dict[str, list[DutyPoint]] = {}
    for kind, name in _POINTS:
        longitude, latitude = community.spot()
        points.setdefault(kind, []).append(
            DutyPoint(
                cell=CELL, kind=kind, region_id=figures.COMMUNITY, name=name,
                address="（演示地址）", longitude=longitude, latitude=latitude,
                opened_at=community.long_ago(1),
            )
        )  # fmt: skip
    copy_in(numbered([point for found in points.values() for point in found]))
    return points
