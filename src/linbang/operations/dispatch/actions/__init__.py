"""Finding helpers and answering offers; giving places on shifts, and taking them back."""

from linbang.operations.dispatch.actions.answering import accept_offer, refuse_offer, see_contact
from linbang.operations.dispatch.actions.choosing import block_pair, offer_to, take_escalation
from linbang.operations.dispatch.actions.closing import expire_offers
from linbang.operations.dispatch.actions.deciding import (
    Decision,
    approve_sign_up,
    approve_sign_ups,
    decline_sign_up,
)
from linbang.operations.dispatch.actions.ending_pairs import (
    end_pairing,
    end_pairings_of,
    note_pairings_seen,
)
from linbang.operations.dispatch.actions.leaving import (
    leave_assignment,
    release_volunteer,
    stand_down,
)
from linbang.operations.dispatch.actions.messaging_people import message_people
from linbang.operations.dispatch.actions.moving import move_sign_ups
from linbang.operations.dispatch.actions.nights import (
    mend_borders,
    plan_night,
    publish_night,
    sweep_plans,
)
from linbang.operations.dispatch.actions.on_behalf import (
    Report,
    name_reserved,
    reserve_places,
    reserve_week,
    sign_up_for,
    sign_up_team,
)
from linbang.operations.dispatch.actions.overruling import overrule, preview_overruling
from linbang.operations.dispatch.actions.pairing import (
    add_pairing,
    agree_pair,
    choose_helper,
    discard_pairs,
    drop_helper,
    propose_pairs,
)
from linbang.operations.dispatch.actions.places import drop_places, open_places, resize_places
from linbang.operations.dispatch.actions.planning import (
    ask_plan,
    discard_plan,
    fail_lost_plans,
    make_plan,
)
from linbang.operations.dispatch.actions.publishing import offer_planned, publish_plan
from linbang.operations.dispatch.actions.releasing import (
    freeze_lists,
    release_person,
    release_shifts,
    release_uncleared,
    tell_of_change,
)
from linbang.operations.dispatch.actions.reminding import remind_people, sweep_shifts
from linbang.operations.dispatch.actions.rostering import (
    add_pair,
    confirm_roster,
    discard_roster,
    drop_pair,
    propose_roster,
    replace_pair,
)
from linbang.operations.dispatch.actions.seeking import find_helpers, rank_again
from linbang.operations.dispatch.actions.signing_up import (
    SignUpAnswer,
    Wish,
    sign_up,
    sign_up_accepting,
    sign_up_all,
)
from linbang.operations.dispatch.actions.standing_in import (
    accept_swap,
    ask_swap,
    decline_swap,
    seek_stand_in,
    stop_seeking,
    take_stand_in,
)
from linbang.operations.dispatch.actions.sweeping import sweep
from linbang.operations.dispatch.actions.waiting import (
    decline_held_place,
    fill_places,
    lapse_held_places,
    take_held_place,
)
from linbang.operations.dispatch.actions.withdrawing import release_sign_up, withdraw_sign_up

__all__ = [
    "Decision",
    "Report",
    "SignUpAnswer",
    "Wish",
    "accept_offer",
    "accept_swap",
    "add_pair",
    "add_pairing",
    "agree_pair",
    "approve_sign_up",
    "approve_sign_ups",
    "ask_plan",
    "ask_swap",
    "block_pair",
    "choose_helper",
    "confirm_roster",
    "decline_held_place",
    "decline_sign_up",
    "decline_swap",
    "discard_pairs",
    "discard_plan",
    "discard_roster",
    "drop_helper",
    "drop_pair",
    "drop_places",
    "end_pairing",
    "end_pairings_of",
    "expire_offers",
    "fail_lost_plans",
    "fill_places",
    "find_helpers",
    "freeze_lists",
    "lapse_held_places",
    "leave_assignment",
    "make_plan",
    "mend_borders",
    "message_people",
    "move_sign_ups",
    "name_reserved",
    "note_pairings_seen",
    "offer_planned",
    "offer_to",
    "open_places",
    "overrule",
    "plan_night",
    "preview_overruling",
    "propose_pairs",
    "propose_roster",
    "publish_night",
    "publish_plan",
    "rank_again",
    "refuse_offer",
    "release_person",
    "release_shifts",
    "release_sign_up",
    "release_uncleared",
    "release_volunteer",
    "remind_people",
    "replace_pair",
    "reserve_places",
    "reserve_week",
    "resize_places",
    "see_contact",
    "seek_stand_in",
    "sign_up",
    "sign_up_accepting",
    "sign_up_all",
    "sign_up_for",
    "sign_up_team",
    "stand_down",
    "stop_seeking",
    "sweep",
    "sweep_plans",
    "sweep_shifts",
    "take_escalation",
    "take_held_place",
    "take_stand_in",
    "tell_of_change",
    "withdraw_sign_up",
]
