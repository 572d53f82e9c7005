"""What a year of activities hangs on: brands, campaigns, the yearly plan, policies, key periods."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from linbang.demo.actions.community import CELL, Community
from linbang.demo.actions.copying import copy_in, numbered
from linbang.demo.actions.planning import at
from linbang.demo.rules import figures
from linbang.demo.rules.lines import BRANDS
from linbang.demo.rules.programme import YEAR, Calendar
from linbang.foundation.organisations.models import Organisation
from linbang.intake.activities.choices import PolicyScope
from linbang.intake.activities.models import (
    Brand,
    Campaign,
    InsurancePolicy,
    KeyPeriod,
    Project,
    ProjectMeasure,
)
from linbang.operations.clearance.models import InsuredPerson


@dataclass
class Programme:
    """The frame of the year, by name."""

    first_day: date
    last_day: date
    brands: dict[str, Brand] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    plan: Project | None = None
    policy: InsurancePolicy | None = None
    named_policy: InsurancePolicy | None = None
    key_period: KeyPeriod | None = None


def write_programme(community: Community, *, worker_id: int) -> Programme:
    """Write the frame of the twelve months before today, and what goes on beyond."""
    committee = community.committee
    last_day = community.today - timedelta(days=1)
    programme = Programme(last_day - YEAR, last_day)
    founded = community.long_ago(4)
    common = {
        "cell": CELL,
        "organiser": committee,
        "region_id": figures.COMMUNITY,
        "created_at": founded,
    }
    programme.brands = {
        name: Brand(**common, name=name, summary=summary) for name, summary in BRANDS
    }
    copy_in(numbered(list(programme.brands.values())))
    programme.campaigns = {
        name: Campaign(
            **common, name=name, brand=programme.brands.get(brand), starts_on=first, ends_on=last
        )
        for name, brand, first, last in _campaigns(Calendar(last_day))
    }
    copy_in(numbered(list(programme.campaigns.values())))
    programme.plan = _yearly_plan(programme, common)
    programme.policy, programme.named_policy = (
        _policy(programme, committee, scope, worker_id=worker_id)
        for scope in (PolicyScope.SIGNED_UP, PolicyScope.NAMED)
    )
    copy_in(numbered([programme.policy, programme.named_policy]))
    copy_in(
        numbered(
            [
                InsuredPerson(
                    cell=CELL, policy=programme.named_policy, person_id=person,
                    added_at=programme.named_policy.entered_at, added_by_id=worker_id,
                )
                for person in community.teams["平安巡逻队"].member_ids
            ]
        )
    )  # fmt: skip
    programme.key_period = KeyPeriod.objects.create(
        cell=CELL,
        region_id=figures.COMMUNITY,
        name="重点时期平安守护",
        starts_on=community.today + timedelta(days=2),
        ends_on=community.today + timedelta(days=15),
    )
    return programme


def _campaigns(calendar: Calendar) -> list[tuple[str, str, date, date]]:
    """Return name, brand and days of the year's campaigns."""
    march, december = calendar.day(3, 5), calendar.day(12, 5)
    summer = calendar.day(7, 5)
    return [
        ("学雷锋志愿服务月", "", march.replace(day=1), march.replace(day=31)),
        ("志愿服务月（12月）", "", december.replace(day=1), december.replace(day=31)),
        ("暑期社区开学", "邻里相携", summer.replace(day=1), date(summer.year, 8, 31)),
    ]


def _yearly_plan(programme: Programme, common: Mapping[str, Any]) -> Project:
    plan = Project(
        **common,
        name=figures.YEARLY_PLAN,
        field="0001",
        starts_on=programme.first_day,
        ends_on=programme.last_day,
        goals="月月有计划，周周有活动，节日陪老人；六个邻里品牌全年不断线。",
        budget_fen=6_800_000,
    )
    copy_in(numbered([plan]))
    measures = (
        ("集体活动", "场", 180, figures.ACTIVITIES),
        ("参加活动", "人次", 11_000, figures.PERSON_TIMES),
        ("服务对象", "人次", 10_000, figures.PEOPLE_SERVED),
    )
    copy_in(
        numbered(
            [
                ProjectMeasure(
                    cell=CELL, project=plan, name=name, unit=unit, target=target,
                    reached=reached, measured_on=programme.last_day,
                )
                for name, unit, target, reached in measures
            ]
        )
    )  # fmt: skip
    return plan


def _policy(
    programme: Programme, organiser: Organisation, scope: PolicyScope, *, worker_id: int
) -> InsurancePolicy:
    starts_at = at(programme.first_day - timedelta(days=30), 0)
    return InsurancePolicy(
        cell=CELL,
        organiser=organiser,
        region_id=organiser.region_id,
        insurer="演示财产保险",
        number="XZ-2015-01" if scope == PolicyScope.SIGNED_UP else "XZ-2015-02",
        scope=scope,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=540),
        sum_fen=20_000_000,
        entered_at=starts_at,
        entered_by_id=worker_id,
    )
