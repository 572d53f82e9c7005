"""Decisions about stars, ratings and honours, over plain values."""

from linbang.outcomes.recognition.rules.honours import (
    PROOF_BYTES_MAX,
    honour_state,
    require_past,
    require_proof,
)
from linbang.outcomes.recognition.rules.levels import (
    DEFAULT_TABLE,
    TABLES,
    LevelTable,
    add_months,
    newest_tables,
    table_named,
)
from linbang.outcomes.recognition.rules.ratings import (
    RATING_WORKDAYS,
    RATINGS_MIN,
    average_tenths,
    is_shown,
    last_day_over,
    require_points,
    tenths_text,
)
from linbang.outcomes.recognition.rules.stars import (
    NOTICE_WORKDAYS,
    Standing,
    application_state,
    is_notice_over,
    reasons_against,
    require_may_have,
    require_other_hands,
    star_after_review,
    star_to_ask_for,
    without_open,
)

__all__ = [
    "DEFAULT_TABLE",
    "NOTICE_WORKDAYS",
    "PROOF_BYTES_MAX",
    "RATINGS_MIN",
    "RATING_WORKDAYS",
    "TABLES",
    "LevelTable",
    "Standing",
    "add_months",
    "application_state",
    "average_tenths",
    "honour_state",
    "is_notice_over",
    "is_shown",
    "last_day_over",
    "newest_tables",
    "reasons_against",
    "require_may_have",
    "require_other_hands",
    "require_past",
    "require_points",
    "require_proof",
    "star_after_review",
    "star_to_ask_for",
    "table_named",
    "tenths_text",
    "without_open",
]
