"""The trainings of a year: what is taught, to whom, how often, and what passing is worth."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Course:
    """One training; ``team`` takes part as a whole, and ``others`` of the rest.

    ``days_ago`` are its sittings; a negative one is still to come. Who has passed renews at the
    next sitting, except the last ``lapsed`` of them.
    """

    qualification: str
    name: str
    content: str
    kind: str
    minutes: int
    team: str
    others: int
    days_ago: tuple[int, ...]
    months_valid: int | None = None
    lapsed: int = 0


COURSES: tuple[Course, ...] = (
    Course(
        "general", "新志愿者通用培训", "志愿服务的由来、礼仪、安全和记录办法。", "general", 120, "",
        240,
        (330, 240, 150, 60, -9),
    ),
    Course(
        "traffic", "文明交通劝导上岗培训", "站位、手势、恶劣天气和突发情况。", "post", 180,
        "平安巡逻队",
        40, (372, 20, -5), 12, lapsed=12,
    ),
    Course(
        "safeguarding", "未成年人保护培训", "看护比例、边界、发现异常怎么报告。", "post", 120,
        "五点半课堂队", 130, (370, 15, -12), 12, lapsed=6,
    ),
    Course(
        "first-aid", "应急救护培训", "心肺复苏、止血包扎、海姆立克。", "professional", 360,
        "医疗保健队", 60,
        (300, 120, -7), 36,
    ),
    Course(
        "elder-care", "为老服务培训", "陪伴、搀扶、防走失、和老人说话。", "post", 150, "助老服务队",
        60,
        (280, 100), 24,
    ),
    Course(
        "fire", "消防安全培训", "灭火器、疏散、电动自行车安全。", "post", 150, "", 50, (200, -14),
        12,
    ),
)  # fmt: skip


def valid_until(day: date, months: int | None) -> date | None:
    """Return the last day a training of a day is valid; whole years only."""
    if months is None:
        return None
    years = day.year + months // 12
    # Who passed on a leap day is valid up to the last of February.
    return day.replace(year=years, day=28 if (day.month, day.day) == (2, 29) else day.day)
