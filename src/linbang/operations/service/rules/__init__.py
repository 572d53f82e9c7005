"""Decisions of service over plain values: when, where, by which proof, and who leads."""

from linbang.operations.service.rules.codes import (
    CODE_STEP_S,
    CODE_STEPS_TOLERATED,
    WRONG_CODES_MAX,
    WRONG_CODES_WINDOW,
    code_at,
    is_right_code,
    new_secret,
    require_another_try,
    seconds_left,
)
from linbang.operations.service.rules.locations import (
    EARTH_RADIUS_M,
    LOCATION_RADIUS_M,
    distance_m,
    require_near,
)
from linbang.operations.service.rules.visits import (
    CHECK_IN_OPENS_MINUTES,
    CHECK_OUT_CLOSES,
    CHECK_OUT_REMINDER,
    PRESENCE_MINUTES_MIN,
    STATES_READY,
    Proof,
    require_check_in_time,
    require_check_out_time,
    require_past,
    require_settlement_time,
    visit_state,
)

__all__ = [
    "CHECK_IN_OPENS_MINUTES",
    "CHECK_OUT_CLOSES",
    "CHECK_OUT_REMINDER",
    "CODE_STEPS_TOLERATED",
    "CODE_STEP_S",
    "EARTH_RADIUS_M",
    "LOCATION_RADIUS_M",
    "PRESENCE_MINUTES_MIN",
    "STATES_READY",
    "WRONG_CODES_MAX",
    "WRONG_CODES_WINDOW",
    "Proof",
    "code_at",
    "distance_m",
    "is_right_code",
    "new_secret",
    "require_another_try",
    "require_check_in_time",
    "require_check_out_time",
    "require_near",
    "require_past",
    "require_settlement_time",
    "seconds_left",
    "visit_state",
]
