"""What a work brief says and must not say, over plain values.

A brief is an official document of the place it is about, so it is written in Chinese whatever
the reader's language.
"""

from linbang.reporting.briefs.rules.drafts import (
    Draft,
    category_rows,
    draft_of,
    figure_rows,
)
from linbang.reporting.briefs.rules.facts import Measures, Part, Snapshot
from linbang.reporting.briefs.rules.texts import (
    BODY_LENGTH_MAX,
    DISTRIBUTION_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    UNIT_LENGTH_MAX,
    cleaned,
    distribution_text,
    is_heading,
    require_nothing_personal,
)
from linbang.reporting.briefs.rules.words import (
    GROUP_MIN,
    asked_text,
    count_text,
    day_text,
    hours_text,
    period_text,
    share_text,
)

__all__ = [
    "BODY_LENGTH_MAX",
    "DISTRIBUTION_LENGTH_MAX",
    "GROUP_MIN",
    "TITLE_LENGTH_MAX",
    "UNIT_LENGTH_MAX",
    "Draft",
    "Measures",
    "Part",
    "Snapshot",
    "asked_text",
    "category_rows",
    "cleaned",
    "count_text",
    "day_text",
    "distribution_text",
    "draft_of",
    "figure_rows",
    "hours_text",
    "is_heading",
    "period_text",
    "require_nothing_personal",
    "share_text",
]
