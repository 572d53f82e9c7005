"""Reads of the service catalogue and of needs."""

# Need itself is named for the annotations of views and api, which do not import models.
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries.asking import (
    MeetingPoint,
    address_of,
    has_care_listing,
    meeting_point,
    people_spoken_for,
    people_to_ask_for,
    place_of,
    station_for,
)
from linbang.intake.needs.queries.callers import CALLERS_MAX, Caller, caller_of, callers
from linbang.intake.needs.queries.catalogue import (
    items_by_use,
    items_offered,
)
from linbang.intake.needs.queries.needs import (
    NeedRow,
    last_needs_of,
    lock_need,
    may_withdraw,
    need_with_key,
    needs_awaiting_verification,
    needs_before_visit,
    needs_listed,
    needs_of,
    needs_visible_to,
    needs_with_item,
    rows_of,
    was_served_before,
)
from linbang.intake.needs.queries.stories import (
    NeedSheet,
    StoryLine,
    sheet_of,
    steps_of,
    story_of,
)
from linbang.intake.needs.queries.telling import (
    asker_and_beneficiary,
    caller_told,
    channel_of,
    need_told,
    need_told_in_full,
    needs_in_order,
)

__all__ = [
    "CALLERS_MAX",
    "Caller",
    "MeetingPoint",
    "Need",
    "NeedRow",
    "NeedSheet",
    "StoryLine",
    "address_of",
    "asker_and_beneficiary",
    "caller_of",
    "caller_told",
    "callers",
    "channel_of",
    "has_care_listing",
    "items_by_use",
    "items_offered",
    "last_needs_of",
    "lock_need",
    "may_withdraw",
    "meeting_point",
    "need_told",
    "need_told_in_full",
    "need_with_key",
    "needs_awaiting_verification",
    "needs_before_visit",
    "needs_in_order",
    "needs_listed",
    "needs_of",
    "needs_visible_to",
    "needs_with_item",
    "people_spoken_for",
    "people_to_ask_for",
    "place_of",
    "rows_of",
    "sheet_of",
    "station_for",
    "steps_of",
    "story_of",
    "was_served_before",
]
