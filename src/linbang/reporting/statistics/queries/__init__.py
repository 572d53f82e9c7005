"""Reads of the figures, one file a noun: what is counted of needs and service, of activities."""

from linbang.reporting.statistics.queries.activities import (
    ActivityFigures,
    ActivityMonth,
    GroupTally,
    NodeTally,
    PointTally,
    Scope,
    activity_figures,
    activity_scope,
    activity_total,
    activity_value_of,
    way_to_team,
)
from linbang.reporting.statistics.queries.figures import (
    AgeTally,
    CategoryTally,
    Figures,
    MonthTally,
    RegionTally,
    figures,
    figures_of,
    value_of,
)
from linbang.reporting.statistics.queries.places import (
    children_of,
    label_of,
    periods_to_choose,
    region_visible_to,
    regions_to_choose,
    way_to,
)

# Periods and tallies are what these queries speak in: briefs take them from here.
from linbang.reporting.statistics.rules import (
    ActivityTally,
    Period,
    Tally,
    period_at,
    period_named,
    twelve_months_to,
)

__all__ = [
    "ActivityFigures",
    "ActivityMonth",
    "ActivityTally",
    "AgeTally",
    "CategoryTally",
    "Figures",
    "GroupTally",
    "MonthTally",
    "NodeTally",
    "Period",
    "PointTally",
    "RegionTally",
    "Scope",
    "Tally",
    "activity_figures",
    "activity_scope",
    "activity_total",
    "activity_value_of",
    "children_of",
    "figures",
    "figures_of",
    "label_of",
    "period_at",
    "period_named",
    "periods_to_choose",
    "region_visible_to",
    "regions_to_choose",
    "twelve_months_to",
    "value_of",
    "way_to",
    "way_to_team",
]
