"""Accounts, sign-in, second factor, and roles scoped to a place or an organisation."""
