"""What is asked about hours: entered afterwards, doubted, checked by sample, voided, appealed."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import islice

import typst

from linbang.demo.actions.cast import acting, enter_players
from linbang.demo.actions.community import CELL, Community
from linbang.demo.choices import JUDGES
from linbang.demo.rules import figures
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.ledger.models import Account
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.workdays import CalendarYearMissing
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.actions import EntryOrder
from linbang.operations.service_records.choices import (
    RecordKind,
    SpotMethod,
    SpotOutcome,
    VoidOutcome,
)
from linbang.operations.service_records.models import BackEntry, ServiceRecord, SpotCheck
from linbang.operations.service_records.rules import DEFAULT_POLICY, EntryLine, Window
from linbang.outcomes.certificates.actions import issue_certificate
from linbang.outcomes.certificates.queries import FONTS
from linbang.outcomes.time_bank import rules as savings

_STREET = figures.COMMUNITY[:9]
_TEAM = "助老服务队"
_COOKS, _READERS, _CLEANERS = 5, 3, 11
_SAMPLE = 8
_SHEET = """
#set page(width: 148mm, height: auto, margin: 12mm)
#set text(font: "Linbang Serif", size: 12pt, fallback: false)
#let told = json(bytes(sys.inputs.data))
#align(center, text(size: 16pt)[志愿服务签到表])
#told.title #h(1fr) #told.unit
#table(columns: (1fr, 1fr, 1fr, 1fr), inset: 7pt, [编号], [日期], [到], [离], ..told.cells)
负责人签字：#told.leader
"""


def enter_kitchen_hours(community: Community, cast: dict[str, Person], *, now: datetime) -> None:
    """Enter and approve what five people did where no telephone worked, a month ago."""
    first = local_date(now) - timedelta(days=38)
    days = [first + timedelta(days=2 * n) for n in range(3)]
    lines = [
        EntryLine(one.number, day, time(9), time(13))
        for one in _free(community, days, count=_COOKS, since=days[0])
        for day in days
    ]
    reason = "食堂在地下室没有信号，那几天按纸质签到表登记，现在补录。"
    entry = _enter(
        community, cast, "长者食堂帮厨", lines, reason=reason, now=now - timedelta(days=30)
    )
    actions.verify_records(
        record_ids=list(
            ServiceRecord.objects.filter(entry__back_entry=entry)
            .order_by("id")
            .values_list("pk", flat=True)
        ),
        by=acting(cast["officer"]),
        now=now - timedelta(days=28),
    )


def write_doubts(community: Community, cast: dict[str, Person], *, now: datetime) -> None:
    """Leave something to do on every desk that looks after hours."""
    judges = [acting(one) for one in enter_players(community, JUDGES, now=now)]
    _adopt(acting(cast["street"]), now=now)
    _enter_waiting(community, cast, now=now)
    _check_sample(acting(cast["street"]), now=now)
    _void(community, acting(cast["worker"]), judges, now=now)


def _adopt(officer: Actor, *, now: datetime) -> None:
    """Let the street have tried another policy before the year of the records began."""
    for days, code, version, reason in (
        (420, "national", 2, "试用全国系统的算法，与省平台核对一个月。"),
        (385, DEFAULT_POLICY.code, DEFAULT_POLICY.version, "居民反映零头不好算，恢复半小时计。"),
    ):
        decided_at = now - timedelta(days=days)
        actions.adopt_policy(
            region=_STREET, code=code, version=version, reason=reason, by=officer, now=decided_at,
            from_date=local_date(decided_at) + timedelta(days=7),
        )  # fmt: skip


def _enter_waiting(community: Community, cast: dict[str, Person], *, now: datetime) -> None:
    """Enter a plain list that waits for a second person, and one whose times are all the same."""
    day = local_date(now) - timedelta(days=5)
    turns = ((time(14, 30), time(16)), (time(14, 35), time(16, 5)), (time(14, 25), time(16, 10)))
    free = _free(community, [day], count=_READERS + _CLEANERS)
    readers, cleaners = free[:_READERS], free[_READERS:]
    _enter(
        community, cast, "重阳补访·给老人读报",
        [
            EntryLine(one.number, day, came, left)
            for one, (came, left) in zip(readers, turns, strict=False)
        ],
        reason="三位队员的手机都没电了，按纸质签到表补录。", now=now - timedelta(hours=22),
    )  # fmt: skip
    _enter(
        community, cast, "独居老人家庭大扫除",
        [EntryLine(one.number, day, time(14), time(17)) for one in cleaners],
        reason="活动临时增加，没有来得及发布。", now=now - timedelta(hours=21),
    )  # fmt: skip


def _free(
    community: Community, days: Sequence[date], *, count: int, since: date | None = None
) -> list[VolunteerProfile]:
    """Return members of the leader's team who were nowhere else, nor with anybody ``since``."""
    windows = [
        Window(datetime.combine(day, time(), CHINA), datetime.combine(day, time(23, 59), CHINA))
        for day in days
    ]
    served = (
        set(
            ServiceRecord.objects.filter(
                cell=CELL, starts_at__gte=datetime.combine(since, time(), CHINA)
            ).values_list("person_id", flat=True)
        )
        if since
        else set()
    )
    apart = served | community.cast_ids
    members = set(community.teams[_TEAM].member_ids) - apart
    free = (
        one
        for one in community.volunteers
        if one.person_id in members
        and not any(queries.is_taken(one.person_id, window) for window in windows)
    )
    return list(islice(free, count))


def _enter(
    community: Community,
    cast: dict[str, Person],
    name: str,
    lines: Sequence[EntryLine],
    *,
    reason: str,
    now: datetime,
) -> BackEntry:
    team = community.teams[_TEAM].organisation
    return actions.enter_afterwards(
        order=EntryOrder(
            lines=lines, reason=reason, declares=True, organiser=team.public_id, name=name,
            category=team.content, key=f"demo:{name}",
            evidence=_sheet(name, team.name, cast["leader"].name, lines),
        ),
        by=acting(cast["leader"]), now=now,
    )  # fmt: skip


def _sheet(title: str, unit: str, leader: str, lines: Sequence[EntryLine]) -> bytes:
    """Return a picture of the sheet the people are said to have signed."""
    cells = [
        cell
        for line in lines
        for cell in (line.who, f"{line.day:%m-%d}", f"{line.came:%H:%M}", f"{line.left:%H:%M}")
    ]
    told = {"title": title, "unit": unit, "leader": leader, "cells": cells}
    fonts = typst.Fonts(font_paths=[FONTS], include_system_fonts=False)
    return bytes(
        typst.compile(
            _SHEET.encode(), format="png", ppi=110.0, font_paths=fonts,
            sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        )
    )  # fmt: skip


def _check_sample(officer: Actor, *, now: datetime) -> None:
    """Draw a sample of a month's hours and ask about each; one remains doubtful."""
    today = local_date(now)
    drawn = actions.draw_sample(
        region=figures.COMMUNITY, from_date=today - timedelta(days=75),
        until_date=today - timedelta(days=45), count=_SAMPLE, seed=figures.ACTIVITIES, by=officer,
        now=now - timedelta(days=12),
    )  # fmt: skip
    for nth, check in enumerate(SpotCheck.objects.filter(round=drawn).order_by("id")):
        is_doubtful = nth == _SAMPLE // 2
        actions.record_spot_check(
            check=check.public_id,
            outcome=SpotOutcome.DOUBTFUL if is_doubtful else SpotOutcome.CONFIRMED,
            method=SpotMethod.PHONE,
            note="居民记不清是哪一天了，已约下周上门再问。" if is_doubtful else "",
            by=officer,
            now=now - timedelta(days=10) + timedelta(minutes=6 * nth),
        )


def _void(community: Community, worker: Actor, judges: Sequence[Actor], *, now: datetime) -> None:
    """Let two officers void what a resident's word had proved, with a paper on it; he appeals."""
    today = local_date(now)
    record = _doubted(community, now=now)
    issue_certificate(
        person_id=record.person_id, first=today - timedelta(days=365),
        last=today - timedelta(days=7), by=worker, now=now - timedelta(days=6),
    )  # fmt: skip
    proposer, decider = judges
    void = actions.propose_void(
        record_id=record.pk, reason="回访时老人说，那天人来了十分钟就走了，登记的却是整段时间。",
        evidence="街道回访登记本第 12 页，电话录音一段", by=proposer, now=now - timedelta(days=4),
    )  # fmt: skip
    # Late in December the next year's calendar may be missing: then it waits to be decided.
    with suppress(CalendarYearMissing):
        actions.decide_void(
            void=void.public_id, outcome=VoidOutcome.VOIDED, by=decider,
            now=now - timedelta(days=3), answer="与回访记录一致，这条记录不算数。",
        )  # fmt: skip
        actions.appeal_void(
            void=void.public_id, by=acting(record.person), now=now - timedelta(days=2),
            text="那天我替老人去药店取药，来回四十多分钟，回来老人睡着了。有药店小票，请再核实。",
        )  # fmt: skip


def _doubted(community: Community, *, now: datetime) -> ServiceRecord:
    """Return an entered record that counts, of somebody who still has what it earned."""
    held = {
        book.owner: book.balance
        for book in Account.objects.filter(cell=CELL, owner__startswith=savings.owner_of(0)[:-1])
    }
    candidates = (
        ServiceRecord.objects.filter(
            cell=CELL, visit__isnull=False, kind=RecordKind.ENTERED,
            verification__minutes__gte=60, starts_at__lt=now - timedelta(days=15),
            spot_checks=None,
        )
        .exclude(person_id__in=community.cast_ids)
        .select_related("person")
        .order_by("-starts_at", "id")
    )  # fmt: skip
    return next(
        one
        for one in candidates
        if held.get(savings.owner_of(one.person_id), 0) >= one.credited_minutes
    )
