"""Decisions about people over plain values: documents, names, ages, free time, numbers."""

from linbang.foundation.people.rules.ages import (
    ADULT_AGE,
    LOWEST_VOLUNTEER_AGE,
    age_on,
    needs_accompaniment,
    needs_guardian,
    require_volunteer_age,
)
from linbang.foundation.people.rules.availability import (
    ALL_HOURS,
    HOLIDAY_BITS,
    PARTS,
    WEEK_BITS,
    availability_from_bits,
    bits_of,
    is_free,
)
from linbang.foundation.people.rules.documents import (
    Document,
    document_key,
    is_mobile,
    normal_phone,
    read_document,
    require_matching,
    resident_check_digit,
)
from linbang.foundation.people.rules.names import (
    PinyinName,
    joined_pinyin,
    next_letters,
    normal_name,
    pinyin_name,
)
from linbang.foundation.people.rules.registration import (
    Change,
    Guardian,
    Registration,
    VolunteerDetails,
    require_reason,
)
from linbang.foundation.people.rules.volunteer_numbers import (
    is_volunteer_number,
    volunteer_number,
)

__all__ = [
    "ADULT_AGE",
    "ALL_HOURS",
    "HOLIDAY_BITS",
    "LOWEST_VOLUNTEER_AGE",
    "PARTS",
    "WEEK_BITS",
    "Change",
    "Document",
    "Guardian",
    "PinyinName",
    "Registration",
    "VolunteerDetails",
    "age_on",
    "availability_from_bits",
    "bits_of",
    "document_key",
    "is_free",
    "is_mobile",
    "is_volunteer_number",
    "joined_pinyin",
    "needs_accompaniment",
    "needs_guardian",
    "next_letters",
    "normal_name",
    "normal_phone",
    "pinyin_name",
    "read_document",
    "require_matching",
    "require_reason",
    "require_volunteer_age",
    "resident_check_digit",
    "volunteer_number",
]
