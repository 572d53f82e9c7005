"""Writes of accounts, sign-in, second factor and roles."""

from linbang.foundation.access.actions.accounts import claim_unique, open_account
from linbang.foundation.access.actions.codes import issue_code, prove_phone, sign_in_with_code
from linbang.foundation.access.actions.devices import (
    close_session,
    end_device,
    forget_the_old,
    open_device,
    revoke_passes,
    see_device,
    sign_out_everywhere,
)
from linbang.foundation.access.actions.factors import (
    begin_factor,
    confirm_factor,
    pass_factor,
    remove_factor,
    renew_recovery_codes,
)
from linbang.foundation.access.actions.grants import end_grant, grant_role, grant_role_by_phone
from linbang.foundation.access.actions.passwords import (
    change_password,
    reset_password,
    set_password,
    sign_in_with_password,
)

__all__ = [
    "begin_factor",
    "change_password",
    "claim_unique",
    "close_session",
    "confirm_factor",
    "end_device",
    "end_grant",
    "forget_the_old",
    "grant_role",
    "grant_role_by_phone",
    "issue_code",
    "open_account",
    "open_device",
    "pass_factor",
    "prove_phone",
    "remove_factor",
    "renew_recovery_codes",
    "reset_password",
    "revoke_passes",
    "see_device",
    "set_password",
    "sign_in_with_code",
    "sign_in_with_password",
    "sign_out_everywhere",
]
