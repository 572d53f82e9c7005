"""The long-running duty of a district: which points are staffed when, and by how many (P4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linbang.foundation.clock import CHINA

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Roster:
    """Duty at all points of one kind, or at the demonstration points alone (or without them).

    ``days`` is how many days it goes back and on; ``came`` how many people were at a point, from
    and to; ``booked`` the share of the places to come that is taken: what is left shows as gaps.
    """

    name: str
    brigade: str
    points: str
    rule: str
    weekdays: tuple[int, ...]
    times: tuple[tuple[int, int, int], ...]
    days: tuple[int, int]
    places: int
    places_min: int
    came: tuple[int, int]
    booked: float
    categories: tuple[str, ...]
    content: str
    risk: str
    demonstration: bool | None = None
    day_rule: str = "any"
    hazards: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()

    def dates(self, today: date) -> list[date]:
        """Return the days of the roster around today."""
        back, on = self.days
        around = (today + timedelta(days=n) for n in range(-back, on + 1))
        return [day for day in around if day.weekday() in self.weekdays]

    def windows(self, day: date) -> Iterator[tuple[int, datetime, datetime]]:
        """Yield each time of a day: its place in ``times``, start and end."""
        for nth, (hour, minute, minutes) in enumerate(self.times):
            starts_at = datetime.combine(day, time(hour, minute), CHINA)
            yield nth, starts_at, starts_at + timedelta(minutes=minutes)


_ROAD = "穿反光背心，站在安全岛内，不进入机动车道；雷雨大风停岗。"
ROSTERS: tuple[Roster, ...] = (
    Roster(
        "示范路口文明劝导", "交通文明", "crossing", "FREQ=DAILY", EVERY_DAY,
        ((7, 20, 90), (17, 20, 90)), (28, 13), 4, 2, (2, 4), 0.66, ("0011", "0010"),
        "七个示范路口全年在岗，早晚高峰劝导行人和电动车。", _ROAD,
        demonstration=True, hazards=("traffic",), qualifications=("traffic",),
    ),
    Roster(
        "文明路口劝导", "交通文明", "crossing", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        (0, 1, 2, 3, 4), ((17, 20, 90),), (14, 6), 3, 2, (1, 3), 0.5, ("0011", "0010"),
        "工作日晚高峰在路口劝导。", _ROAD,
        demonstration=False, hazards=("traffic",), qualifications=("traffic",),
    ),
    Roster(
        "公园车站码头服务点值守", "文体旅游", "service_point", "FREQ=WEEKLY;BYDAY=SA,SU",
        (5, 6), ((9, 0, 180),), (28, 27), 3, 2, (1, 3), 0.45, ("0001", "0016"),
        "问路、应急药箱、雨伞和充电，由结对单位轮流值守。", "注意防晒防滑，码头边不越过护栏。",
    ),
    Roster(
        "社区志愿消防队值守", "消防应急", "fire_post", "FREQ=WEEKLY;BYDAY=WE",
        (2,), ((19, 30, 90),), (28, 13), 4, 2, (1, 4), 0.5, ("0012",),
        "检查消防栓和器材，楼道巡查，讲解用火用电。", "不进入火场；发现火情先报警、再疏散。",
        hazards=("fire",),
    ),
)  # fmt: skip
# The key period: three evenings, every community's patrol, 1,500 places an evening.
KEY_PERIOD_BRIGADE = "平安巡防"
KEY_PERIOD = "重点时期平安巡防"
KEY_PERIOD_FIRST_IN = 3
KEY_PERIOD_EVENINGS = 3
KEY_PERIOD_PLACES = 30
EVENTS = (
    "邻里文明集市",
    "海湾清洁行动",
    "文明餐桌宣传",
    "移风易俗大讲堂",
    "爱心义卖",
    "科普进社区",
)
