"""Writes of service, one file a noun."""

from linbang.operations.service.actions.absences import (
    CAME_AFTER_ALL,
    PAUSE_UNFOUNDED,
    excuse_absence,
    excuse_who_came,
    mark_absent,
    object_to_absence,
    record_absences,
    record_absences_on,
    uphold_absence,
)
from linbang.operations.service.actions.attendances import (
    Call,
    PresenceAnswer,
    attendance_of,
    check_in_all,
    check_in_shift,
    check_out_all,
    check_out_shift,
    require_taken,
)
from linbang.operations.service.actions.calendars import (
    close_calendar,
    open_calendar,
    revise_activity,
    revise_calendar,
)
from linbang.operations.service.actions.cards import (
    CardAnswer,
    scan_card,
)
from linbang.operations.service.actions.contacts import (
    see_phone,
)
from linbang.operations.service.actions.desks import (
    tally,
)
from linbang.operations.service.actions.devices import forget_devices, see_device
from linbang.operations.service.actions.incidents import (
    add_photo,
    amend_incident,
    remind_incidents,
    report_incident,
    see_incident,
    see_photo,
)
from linbang.operations.service.actions.rolls import (
    RollAnswer,
    call_roll,
    close_roll,
    remind_rolls,
    settle_forgotten,
)
from linbang.operations.service.actions.sheets import (
    SheetAnswer,
    SheetLine,
    enter_sheet,
)
from linbang.operations.service.actions.visits import (
    cancel_visit,
    check_in,
    check_out,
    plan_visit,
    record_absence,
    remind_check_outs,
)
from linbang.operations.service.actions.walk_ins import (
    Visitor,
    WalkIn,
    walk_in,
)

__all__ = [
    "CAME_AFTER_ALL",
    "PAUSE_UNFOUNDED",
    "Call",
    "CardAnswer",
    "PresenceAnswer",
    "RollAnswer",
    "SheetAnswer",
    "SheetLine",
    "Visitor",
    "WalkIn",
    "add_photo",
    "amend_incident",
    "attendance_of",
    "call_roll",
    "cancel_visit",
    "check_in",
    "check_in_all",
    "check_in_shift",
    "check_out",
    "check_out_all",
    "check_out_shift",
    "close_calendar",
    "close_roll",
    "enter_sheet",
    "excuse_absence",
    "excuse_who_came",
    "forget_devices",
    "mark_absent",
    "object_to_absence",
    "open_calendar",
    "plan_visit",
    "record_absence",
    "record_absences",
    "record_absences_on",
    "remind_check_outs",
    "remind_incidents",
    "remind_rolls",
    "report_incident",
    "require_taken",
    "revise_activity",
    "revise_calendar",
    "scan_card",
    "see_device",
    "see_incident",
    "see_phone",
    "see_photo",
    "settle_forgotten",
    "tally",
    "uphold_absence",
    "walk_in",
]
