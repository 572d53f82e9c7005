"""Writes of organisations, memberships and liaisons."""

from linbang.foundation.organisations.actions.founding import (
    close_organisation,
    found_team,
    register_organisation,
)
from linbang.foundation.organisations.actions.joining import (
    approve_membership,
    ask_to_join,
    decline_membership,
    leave_team,
)
from linbang.foundation.organisations.actions.leading import (
    appoint_leader,
    end_liaison,
    name_liaison,
)

__all__ = [
    "appoint_leader",
    "approve_membership",
    "ask_to_join",
    "close_organisation",
    "decline_membership",
    "end_liaison",
    "found_team",
    "leave_team",
    "name_liaison",
    "register_organisation",
]
