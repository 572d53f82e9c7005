"""Writes of accounts, sign-in, second factor and roles."""

from linbang.foundation.access.actions.accounts import claim_unique, open_account
from linbang.foundation.access.actions.grants import end_grant, grant_role

__all__ = ["claim_unique", "end_grant", "grant_role", "open_account"]
