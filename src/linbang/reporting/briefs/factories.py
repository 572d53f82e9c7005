"""Issued briefs for tests."""

from datetime import datetime

from linbang.foundation.access.rules import Actor
from linbang.foundation.places.factories import COMMUNITY
from linbang.reporting.briefs import actions, queries
from linbang.reporting.briefs.actions import Text
from linbang.reporting.briefs.models import Brief
from linbang.reporting.briefs.queries import Span
from linbang.reporting.statistics.queries import period_named


def make_span(period: str = "2026-11") -> Span:
    """Return the window of a period."""
    return queries.span_of(period_named(period))


def make_brief(
    by: Actor,
    *,
    now: datetime,
    title: str = "新竹社区志愿服务工作情况",
    region: str = COMMUNITY,
    period: str = "2026-11",
) -> Brief:
    """Issue a brief of a community."""
    text = Text(unit="新竹社区", title=title, body="一、总体情况\n本月平稳。")
    return actions.issue_brief(
        region_code=region, span=make_span(period), text=text, by=by, now=now
    )
