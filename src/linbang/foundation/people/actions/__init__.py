"""Writes of people."""

from linbang.foundation.people.actions.claims import claim_identity, decide_claim
from linbang.foundation.people.actions.consents import give_consent
from linbang.foundation.people.actions.details import (
    open_minor_file,
    set_household,
    unmask,
    update_person,
)
from linbang.foundation.people.actions.keys import reseal
from linbang.foundation.people.actions.kin import (
    ask_to_speak_for,
    confirm_kinship,
    declare_kin_by_phone,
    declare_kinship,
    end_kinship,
)
from linbang.foundation.people.actions.lookups import (
    answer_dispute,
    dispute_registration,
    forget_lookups,
    look_up,
)
from linbang.foundation.people.actions.on_site import enrol_on_site, register_on_site
from linbang.foundation.people.actions.registration import (
    adopt_record,
    close_person,
    confirm_person,
    register_person,
)
from linbang.foundation.people.actions.volunteers import (
    end_volunteer,
    pause_volunteer,
    register_volunteer,
    set_ratings,
    update_volunteer,
)
from linbang.foundation.people.actions.withdrawals import withdraw_consent

__all__ = [
    "adopt_record",
    "answer_dispute",
    "ask_to_speak_for",
    "claim_identity",
    "close_person",
    "confirm_kinship",
    "confirm_person",
    "decide_claim",
    "declare_kin_by_phone",
    "declare_kinship",
    "dispute_registration",
    "end_kinship",
    "end_volunteer",
    "enrol_on_site",
    "forget_lookups",
    "give_consent",
    "look_up",
    "open_minor_file",
    "pause_volunteer",
    "register_on_site",
    "register_person",
    "register_volunteer",
    "reseal",
    "set_household",
    "set_ratings",
    "unmask",
    "update_person",
    "update_volunteer",
    "withdraw_consent",
]
