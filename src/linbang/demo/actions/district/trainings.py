"""Fifty trainings and 4,060 people trained: etiquette, first aid, traffic, network (P4)."""

from datetime import timedelta

from linbang.demo.actions.copying import copy_in, fill_tables, numbered
from linbang.demo.actions.district.teams import CELL, District
from linbang.demo.actions.planning import at, plus
from linbang.demo.rules import district, figures
from linbang.operations.clearance.choices import TrainingKind, TrainingMode
from linbang.operations.clearance.models import Training, TrainingSession


def write_trainings(huli: District) -> None:
    """Write courses, sittings and who passed; the traffic brigade's people learn about traffic."""
    sessions = [session for course in district.COURSES for session in _sittings(huli, *course)]
    copy_in(numbered(sessions))
    people = _in_order_of_need(huli)[: figures.TRAINED]
    took = [sessions[n * len(sessions) // len(people)] for n, _ in enumerate(people)]
    fill_tables(
        "trainings",
        {
            "sessions": [session.pk for session in took],
            "trained": people,
            "officer": huli.officer.pk if huli.officer else None,
        },
    )
    traffic = district.COURSES[0][0]
    huli.traffic_trained = [
        person
        for person, session in zip(people, took, strict=True)
        if session.training.name == traffic
    ]


def _sittings(
    huli: District, name: str, qualification: str, minutes: int, count: int
) -> list[TrainingSession]:
    organiser = huli.organisations[district.DETACHMENT]
    training = Training(
        cell=CELL, organiser=organiser, region_id=figures.DISTRICT, name=name,
        qualification_id=qualification, content="文明礼仪、急救、交通、网络四类骨干培训。",
        kind=TrainingKind.POST, mode=TrainingMode.FACE_TO_FACE, learning_minutes=minutes,
        created_at=at(huli.today - timedelta(days=400), 9),
    )  # fmt: skip
    numbered([training])
    training.save(force_insert=True)
    days = [huli.today - timedelta(days=40 + n * 280 // count) for n in range(count)]
    return [
        TrainingSession(
            cell=CELL, training=training, starts_at=at(day, 9), ends_at=plus(at(day, 9), minutes),
            place="湖里区志愿者学校（演示地址）", trainer="陈老师", places=120,
        )
        for day in sorted(days)
    ]  # fmt: skip


def _in_order_of_need(huli: District) -> list[int]:
    """Return everybody, the traffic brigade's squads first, then a few of every squad by turns."""
    brigade = huli.organisations[district.TRAFFIC_BRIGADE]
    own = [
        person
        for squad in huli.squads
        if squad.organisation.parent_id == brigade.pk
        for person in squad.members
    ]
    known = set(own)
    others = [person for person in huli.everybody if person not in known]
    huli.rng.shuffle(others)
    return own + others
