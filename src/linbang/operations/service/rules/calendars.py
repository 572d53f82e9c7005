"""A person's calendar as other programs read it (RFC 5545), over plain values."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vDuration, vText

from linbang.foundation.clock import CHINA

# Cancelled entries stay that long, so that every calendar has taken them out.
CANCELLED_KEPT = timedelta(days=90)
ALARM_BEFORE = timedelta(hours=2)
_REFRESH = timedelta(hours=1)
_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """One shift or visit. ``uid`` never changes; ``sequence`` rises with each change."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    sequence: int = 0
    is_cancelled: bool = False
    is_tentative: bool = False
    place: str = ""
    point: tuple[float, float] | None = None
    note: str = ""
    url: str = ""


def calendar_text(entries: Iterable[CalendarEntry], *, name: str) -> bytes:
    """Write a calendar; the same entries make the same bytes, whenever they are asked for."""
    calendar = Calendar()
    calendar.add("prodid", "-//Linbang//linbang//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", _ZONE)
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    calendar.add_component(_time_zone())
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def entity_tag(content: bytes) -> str:
    """Return the strong ETag of a calendar's bytes (RFC 9110)."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _time_zone() -> Timezone:
    # China has one time and no summer time since 1991.
    zone = Timezone()
    zone.add("tzid", _ZONE)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1991, 9, 15, 1))  # noqa: DTZ001 - RFC 5545 wants wall time here
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts_at.astimezone(CHINA))
    event.add("dtend", entry.ends_at.astimezone(CHINA))
    event.add("status", _status(entry))
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    for field, text in (("location", entry.place), ("description", entry.note)):
        if text:
            event.add(field, vText(text))
    if entry.point is not None:
        event.add("geo", entry.point)
    if entry.url:
        event.add("url", entry.url)
    if not entry.is_cancelled:
        event.add_component(_alarm(entry))
    return event


def _status(entry: CalendarEntry) -> str:
    if entry.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if entry.is_tentative else "CONFIRMED"


def _alarm(entry: CalendarEntry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm
