"""Clearing people: taught, verified, insured, accepted, consented, paused."""

from linbang.operations.clearance.actions.acceptances import (
    accept,
    accept_agreement,
    accept_risk,
)
from linbang.operations.clearance.actions.credentials import (
    enter_credential,
    remind_expiring,
    revoke_credential,
    unmask_number,
)
from linbang.operations.clearance.actions.exports import (
    ExportedLine,
    ExportedList,
    export_frozen_list,
    export_named_list,
)
from linbang.operations.clearance.actions.guardians import (
    ask_guardians,
    give_consent,
    refuse_consent,
    withdraw_consent,
    withdraw_consents_of,
)
from linbang.operations.clearance.actions.insurance import (
    freeze_list,
    insure_numbers,
    insure_people,
    insure_team,
    remove_insured,
    remove_insured_everywhere,
)
from linbang.operations.clearance.actions.releasing import (
    release_person,
)
from linbang.operations.clearance.actions.results import (
    pass_the_rest,
    record_result,
)
from linbang.operations.clearance.actions.suspensions import (
    decide_appeal,
    lift_suspension,
    open_appeal,
    suspend,
)
from linbang.operations.clearance.actions.trainings import (
    cancel_session,
    create_training,
    end_training,
    enrol,
    leave_all_sessions_of,
    leave_session,
    plan_session,
)

__all__ = [
    "ExportedLine",
    "ExportedList",
    "accept",
    "accept_agreement",
    "accept_risk",
    "ask_guardians",
    "cancel_session",
    "create_training",
    "decide_appeal",
    "end_training",
    "enrol",
    "enter_credential",
    "export_frozen_list",
    "export_named_list",
    "freeze_list",
    "give_consent",
    "insure_numbers",
    "insure_people",
    "insure_team",
    "leave_all_sessions_of",
    "leave_session",
    "lift_suspension",
    "open_appeal",
    "pass_the_rest",
    "plan_session",
    "record_result",
    "refuse_consent",
    "release_person",
    "remind_expiring",
    "remove_insured",
    "remove_insured_everywhere",
    "revoke_credential",
    "suspend",
    "unmask_number",
    "withdraw_consent",
    "withdraw_consents_of",
]
