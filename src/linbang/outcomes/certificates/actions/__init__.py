"""Writes: a certificate is issued, ends, is handed out, checked; what leaves is logged."""

from linbang.outcomes.certificates.actions.checking import check_number, forget_checks
from linbang.outcomes.certificates.actions.ending import (
    revoke_certificate,
    supersede_certificates,
)
from linbang.outcomes.certificates.actions.exporting import (
    Credits,
    export_credits,
    note_look,
    print_team_cards,
    sign_credential,
)
from linbang.outcomes.certificates.actions.issuing import hand_out_copy, issue_certificate

__all__ = [
    "Credits",
    "check_number",
    "export_credits",
    "forget_checks",
    "hand_out_copy",
    "issue_certificate",
    "note_look",
    "print_team_cards",
    "revoke_certificate",
    "sign_credential",
    "supersede_certificates",
]
