"""What a certificate says and how it is signed, over plain values."""

from linbang.outcomes.certificates.rules.contents import (
    LINES_MAX,
    Contents,
    Line,
    contents_of,
    require_certifiable,
    require_period,
    require_printable,
    state_of,
)
from linbang.outcomes.certificates.rules.credentials import (
    SUITE,
    Facts,
    base58,
    credential_of,
    did_document,
    did_of,
    proof_options,
    secured,
    signing_input,
)
from linbang.outcomes.certificates.rules.numbers import (
    CHECKS_MAX,
    CHECKS_WITHIN,
    is_number,
    new_number,
    normal_number,
)
from linbang.outcomes.certificates.rules.payloads import Payload, encoded, parse, written

__all__ = [
    "CHECKS_MAX",
    "CHECKS_WITHIN",
    "LINES_MAX",
    "SUITE",
    "Contents",
    "Facts",
    "Line",
    "Payload",
    "base58",
    "contents_of",
    "credential_of",
    "did_document",
    "did_of",
    "encoded",
    "is_number",
    "new_number",
    "normal_number",
    "parse",
    "proof_options",
    "require_certifiable",
    "require_period",
    "require_printable",
    "secured",
    "signing_input",
    "state_of",
    "written",
]
