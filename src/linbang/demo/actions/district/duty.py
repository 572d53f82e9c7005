"""What Huli does: crossings, points and fire posts by roster, a key period, themed events."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from linbang.demo.actions.copying import copy_in, numbered
from linbang.demo.actions.crowd import write_crowd
from linbang.demo.actions.district.teams import CELL, District, Squad
from linbang.demo.actions.planning import Plan, at, plus
from linbang.demo.rules import district, figures
from linbang.demo.rules.crowd import Crowd, Seat
from linbang.demo.rules.rosters import (
    EVENTS,
    KEY_PERIOD,
    KEY_PERIOD_BRIGADE,
    KEY_PERIOD_EVENINGS,
    KEY_PERIOD_FIRST_IN,
    KEY_PERIOD_PLACES,
    ROSTERS,
    Roster,
)
from linbang.foundation.organisations.models import Organisation
from linbang.intake.activities.choices import ActivityKind, ActivityState, PointKind, PolicyScope
from linbang.intake.activities.models import (
    Activity,
    Brand,
    DutyPoint,
    InsurancePolicy,
    KeyPeriod,
    Post,
)
from linbang.operations.dispatch.models import Reservation

# Who is there leaves no later than this after the end.
_SETTLED_AFTER = timedelta(minutes=20)
_PHONE = "0592-0000000"


def write_duty(huli: District, crowd: Crowd, *, now: datetime) -> None:
    """Write the duty of the last weeks and of the next, with who was there and who will be."""
    duty = _Duty(huli, crowd, now=now)
    duty.insure()
    for number, roster in enumerate(ROSTERS, start=1):
        duty.staff(roster, number)
    kept = duty.keep_watch()
    duty.gather()
    duty.plan.write()
    copy_in(numbered(kept))
    write_crowd(duty.seats, now=now)


class _Duty:
    """Collects activities and places."""

    def __init__(self, huli: District, crowd: Crowd, *, now: datetime) -> None:
        self.huli = huli
        self.crowd = crowd
        self.now = now
        self.plan = Plan()
        self.seats: list[tuple[int, Seat]] = []
        self.everybody = huli.everybody
        # Two mornings at the first crossing are the guide's.
        self.guided = [at(huli.today + timedelta(days=days), 7, 20) for days in (1, 4)]
        if huli.guide:
            crowd.busy[huli.guide.pk] += [(start, plus(start, 90)) for start in self.guided]
        self.brand = Brand.objects.create(
            cell=CELL, organiser=self._team(district.DETACHMENT), region_id=figures.DISTRICT,
            name="文明湖里", summary="路口、公园、车站、码头，天天有人。",
            created_at=self._long_ago,
        )  # fmt: skip

    @property
    def _long_ago(self) -> datetime:
        return at(self.huli.today - timedelta(days=60), 9)

    def _team(self, name: str) -> Organisation:
        return self.huli.organisations[name]

    def insure(self) -> None:
        """Buy the cover that high-risk duty needs (P4)."""
        self.huli.policy = InsurancePolicy.objects.create(
            cell=CELL, organiser=self._team(district.DETACHMENT), region_id=figures.DISTRICT,
            insurer="演示财产保险", number="HL-2013-01", scope=PolicyScope.SIGNED_UP,
            starts_at=at(self.huli.today - timedelta(days=120), 0),
            ends_at=at(self.huli.today + timedelta(days=245), 0),
            sum_fen=30_000_000, entered_at=self._long_ago,
        )  # fmt: skip

    def staff(self, roster: Roster, number: int) -> None:
        """Write a roster: a post for each point, a shift for each day and time."""
        organiser = self._team(district.brigade_name(roster.brigade))
        activity = self._activity(
            organiser, f"demo:duty:{number}", roster.name, kind=ActivityKind.DUTY,
            categories=list(roster.categories), content=roster.content, risk_text=roster.risk,
            hazards=list(roster.hazards), policy=self.huli.policy if roster.hazards else None,
            wants_agreement=True, place_name="各值勤点",
        )  # fmt: skip
        days = roster.dates(self.huli.today)
        series = [
            self.plan.series(
                activity, roster.rule, starts_on=days[0], ends_on=days[-1],
                at=at(days[0], hour, minute).time(), minutes=minutes, day_rule=roster.day_rule,
            )
            for hour, minute, minutes in roster.times
        ]  # fmt: skip
        for nth_point, point in enumerate(self._points(roster)):
            post = self.plan.post(
                activity, point.name, point=point, places=roster.places,
                places_min=roster.places_min, skills=list(roster.skills),
                qualifications=list(roster.qualifications), tasks="到岗签到，按要求着装。",
                age_min=18 if roster.hazards else None,
            )  # fmt: skip
            for day in days:
                for nth, starts_at, ends_at in roster.windows(day):
                    shift = self.plan.shift(post, starts_at, ends_at, series=series[nth], day=day)
                    seats = self._take((starts_at, ends_at), roster, activity)
                    if number == 1 and not nth_point and starts_at in self.guided:
                        seats = [self._guide(), *seats][: roster.places]
                    self.seats += [(shift.pk, seat) for seat in seats]

    def _points(self, roster: Roster) -> list[DutyPoint]:
        return [
            point
            for point in self.huli.points[roster.points]
            if roster.demonstration in (None, point.is_demonstration)
        ]

    def _guide(self) -> Seat:
        """Return the place of the demo's guide; nobody else has one of his at these times."""
        person = self.huli.guide.pk if self.huli.guide else 0
        return Seat(person, "confirmed", "self", self.now - timedelta(days=1), person)

    def _take(
        self, window: tuple[datetime, datetime], roster: Roster, activity: Activity
    ) -> list[Seat]:
        able = self.huli.traffic_trained if roster.qualifications else self.everybody
        if window[1] + _SETTLED_AFTER < self.now:
            seats = self._past(window, self.crowd.rng.randint(*roster.came), able, activity)
        else:
            count = sum(self.crowd.rng.random() < roster.booked for _ in range(roster.places))
            seats = self.crowd.book(window, count, first=able[:400], others=able)
        return seats[: roster.places]

    def _past(
        self,
        window: tuple[datetime, datetime],
        wanted: int,
        able: Sequence[int],
        activity: Activity,
    ) -> list[Seat]:
        leader = activity.leader_id or 0
        return self.crowd.attend(
            window, wanted, leader=leader, worker=leader, first=able[:400], others=able
        )

    def keep_watch(self) -> list[Reservation]:
        """Write the key period: one evening mostly taken, of the others teams keep places."""
        first = self.huli.today + timedelta(days=KEY_PERIOD_FIRST_IN)
        evenings = [first + timedelta(days=n) for n in range(KEY_PERIOD_EVENINGS)]
        period = KeyPeriod.objects.create(
            cell=CELL, region_id=figures.DISTRICT, name=KEY_PERIOD, starts_on=evenings[0],
            ends_on=evenings[-1],
        )  # fmt: skip
        activity = self._activity(
            self._team(district.brigade_name(KEY_PERIOD_BRIGADE)), "demo:duty:watch", KEY_PERIOD,
            kind=ActivityKind.DUTY, key_period=period, categories=["0009"],
            content="重点时期每晚 50 个社区、1500 人巡防。", place_name="各社区巡防段",
            risk_text="两人以上同行，遇事先报警，不追赶。",
        )  # fmt: skip
        kept: list[Reservation] = []
        for point, squad in zip(
            self.huli.points[PointKind.PATROL], self.huli.community_squads, strict=True
        ):
            post = self.plan.post(
                activity, point.name, point=point, places=KEY_PERIOD_PLACES, places_min=20
            )
            kept += self._evenings(post, evenings, squad)
        return kept

    def _evenings(self, post: Post, evenings: Sequence[object], squad: Squad) -> list[Reservation]:
        rng = self.crowd.rng
        kept = []
        for nth, day in enumerate(evenings):
            starts_at = at(day, 19)  # type: ignore[arg-type]  # a day
            shift = self.plan.shift(post, starts_at, plus(starts_at, 180))
            booked = rng.randrange(14, 29) if nth == 0 else rng.randrange(3, 9)
            window = (shift.starts_at, shift.ends_at)
            self.seats += [
                (shift.pk, seat)
                for seat in self.crowd.book(
                    window, booked, first=squad.members, others=self.everybody
                )
            ]
            if nth:
                kept.append(
                    Reservation(
                        cell=CELL, shift=shift, organisation=squad.organisation,
                        places=rng.randrange(8, 18), made_at=self.now - timedelta(days=2),
                        made_by_id=squad.members[0],
                    )
                )  # fmt: skip
        return kept

    def gather(self) -> None:
        """Write themed events of the last twelve Sundays and the next three."""
        sunday = self.huli.today - timedelta(days=(self.huli.today.weekday() + 1) % 7 or 7)
        for nth in range(-11, 4):
            day = sunday + timedelta(days=7 * nth)
            squad = self.huli.community_squads[(nth + 11) * 3 % len(self.huli.community_squads)]
            name = f"{EVENTS[nth % len(EVENTS)]}（{day.month}月{day.day}日）"
            activity = self._activity(
                squad.organisation, f"demo:event:{nth + 12:02d}", name,
                region_id=squad.organisation.region_id,
                categories=["0010", "0001"], content="社区和结对单位一起办。",
                place_name="社区广场",
                risk_text="注意人流和用电安全。",
            )  # fmt: skip
            starts_at = at(day, 9)
            for name in ("现场引导", "摊位服务", "清洁保障"):
                post = self.plan.post(activity, name, places=32, places_min=8)
                window = (starts_at, plus(starts_at, 150))
                shift = self.plan.shift(post, *window)
                if nth <= 0:
                    seats = self._past(
                        window, self.crowd.rng.randrange(14, 24), self.everybody, activity
                    )
                else:
                    seats = self.crowd.book(
                        window, 16 - 4 * nth, first=squad.members, others=self.everybody
                    )
                self.seats += [(shift.pk, seat) for seat in seats]
            if nth <= 0:
                activity.people_served = 150 + 10 * (nth + 11)
                self.plan.step(activity, ActivityState.CLOSED, at=plus(starts_at, 400))

    def _activity(
        self, organiser: Organisation, key: str, name: str, **columns: object
    ) -> Activity:
        activity = self.plan.activity(
            organiser, key=key, name=name, created_at=self._long_ago,
            **{
                "region_id": figures.DISTRICT,
                "brand": self.brand,
                "beneficiaries": ["11"],
                "conditions": "身体健康，守时。",
                "leader_id": self.huli.head_of(organiser.name),
                "contact_phone": _PHONE,
                **columns,
            },
        )  # fmt: skip
        self.plan.step(activity, ActivityState.PUBLISHED, at=plus(self._long_ago, 120))
        return activity
