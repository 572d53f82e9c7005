"""Reads: what can be certified, what was, with which keys and fonts, and cards."""

from linbang.outcomes.certificates.queries.cards import (
    PaperCard,
    TeamCards,
    cards_of_team,
    own_card,
    scheme_name,
    teams_to_print_for,
)
from linbang.outcomes.certificates.queries.certificates import (
    CertificateRow,
    Checked,
    certificate_row,
    certificate_rows,
    certificates_looked_after_by,
    certificates_of,
    certificates_on_tab,
    certificates_visible_to,
    certificates_with_record,
    checked,
    lock_certificate,
)
from linbang.outcomes.certificates.queries.checks import checks_from
from linbang.outcomes.certificates.queries.fonts import (
    FONTS,
    needs_system_font,
    printable,
    system_font,
)
from linbang.outcomes.certificates.queries.issuing import (
    Span,
    contents,
    people_found,
    people_to_certify,
    person_to_certify,
    records_to_certify,
    span_of,
)
from linbang.outcomes.certificates.queries.keys import published_keys
from linbang.outcomes.certificates.queries.schools import (
    Pupil,
    Served,
    pupils_of,
    schools_to_export_for,
)

__all__ = [
    "FONTS",
    "CertificateRow",
    "Checked",
    "PaperCard",
    "Pupil",
    "Served",
    "Span",
    "TeamCards",
    "cards_of_team",
    "certificate_row",
    "certificate_rows",
    "certificates_looked_after_by",
    "certificates_of",
    "certificates_on_tab",
    "certificates_visible_to",
    "certificates_with_record",
    "checked",
    "checks_from",
    "contents",
    "lock_certificate",
    "needs_system_font",
    "own_card",
    "people_found",
    "people_to_certify",
    "person_to_certify",
    "printable",
    "published_keys",
    "pupils_of",
    "records_to_certify",
    "scheme_name",
    "schools_to_export_for",
    "span_of",
    "system_font",
    "teams_to_print_for",
]
