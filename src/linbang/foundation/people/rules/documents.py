"""Identity documents: form, check digit, and what they say of birth and sex (rules 1-3)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from linbang.foundation.people.choices import DocumentType, Sex
from linbang.foundation.people.errors import (
    BirthDateDiffers,
    BirthDateImpossible,
    CheckDigitWrong,
    DocumentMalformed,
    PhoneMalformed,
    SexDiffers,
)
from linbang.foundation.people.rules.ages import age_on

AGE_MAX = 120
# GB 11643-1999: weights of the first 17 digits, and the check character by the sum modulo 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# The provinces of GB/T 2260 whose residents hold the resident identity card.
_PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71"
# Cards with 18 digits share layout and check; the first digits tell them apart.
_CARD_FORMS = {
    DocumentType.RESIDENT_ID: re.compile(rf"(?:{_PROVINCES})\d{{15}}[\dX]"),
    DocumentType.RESIDENCE_PERMIT: re.compile(r"8[1-3]0000\d{11}[\dX]"),
    DocumentType.FOREIGN_PERMANENT: re.compile(r"9\d{16}[\dX]"),
}
_OLD_RESIDENT_ID = re.compile(rf"(?:{_PROVINCES})\d{{13}}")
# What the other documents look like (domain handbook §6.1). A home-return permit of the first
# kind ends in two digits that count its renewals: they change, so they are no part of identity.
_OTHER_FORMS = {
    DocumentType.HONG_KONG: re.compile(r"(H\d{8})(?:\d{2})?"),
    DocumentType.MACAU: re.compile(r"(M\d{8})(?:\d{2})?"),
    DocumentType.TAIWAN: re.compile(r"(\d{8})"),
    DocumentType.PASSPORT: re.compile(r"((?=[A-Z]*\d)[A-Z0-9]{5,17})"),
    DocumentType.FOREIGN_PERMANENT: re.compile(r"([A-Z]{3}\d{12})"),
    DocumentType.OFFICER: re.compile(r"(.{4,30})"),
    DocumentType.SOLDIER: re.compile(r"(.{4,30})"),
    DocumentType.OTHER: re.compile(r"(.{4,30})"),
}
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}")


@dataclass(frozen=True)
class Document:
    """A valid document in its normal form; birth and sex where the number tells them."""

    type: DocumentType
    number: str
    birth_date: date | None = None
    sex: Sex | None = None


def resident_check_digit(first_17: str) -> str:
    """Return the check character of a resident identity number.

    Source: GB 11643-1999, ISO 7064 MOD 11-2.
    """
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECKS[total % 11]


def read_document(kind: DocumentType, text: str, *, today: date) -> Document:
    """Check a document number and return it in its normal form.

    Raises DocumentMalformed, CheckDigitWrong or BirthDateImpossible.
    """
    number = _tidied(text)
    if kind == DocumentType.RESIDENT_ID and _OLD_RESIDENT_ID.fullmatch(number):
        number = _eighteen_digits(number)
    card = _CARD_FORMS.get(kind)
    if card and card.fullmatch(number):
        return _read_card(kind, number, today=today)
    form = _OTHER_FORMS.get(kind)
    found = form.fullmatch(number) if form else None
    if not found:
        raise DocumentMalformed(field="document_number")
    return Document(kind, found.group(1))


def _tidied(text: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def _eighteen_digits(old: str) -> str:
    # 15-digit numbers were issued until 1999, to people born in the 1900s.
    first_17 = f"{old[:6]}19{old[6:]}"
    return first_17 + resident_check_digit(first_17)


def _read_card(kind: DocumentType, number: str, *, today: date) -> Document:
    if resident_check_digit(number[:17]) != number[17]:
        raise CheckDigitWrong(field="document_number")
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise BirthDateImpossible(field="document_number") from error
    require_birth_date(birth_date, today=today, field="document_number")
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return Document(kind, number, birth_date, sex)


def require_birth_date(birth_date: date, *, today: date, field: str) -> None:
    """Raise BirthDateImpossible for the unborn and for anyone older than 120."""
    if birth_date > today or age_on(birth_date, today) > AGE_MAX:
        raise BirthDateImpossible(field=field)


def require_matching(
    document: Document, *, birth_date: date | None, sex: Sex | None, today: date
) -> tuple[date, Sex]:
    """Return birth date and sex, from the document where it tells them, else as entered.

    Raises BirthDateDiffers, SexDiffers (rule 2) or BirthDateImpossible; also when neither the
    document nor the person tells (rule 1).
    """
    if document.birth_date and birth_date and document.birth_date != birth_date:
        raise BirthDateDiffers(field="birth_date")
    if document.sex and sex and document.sex != sex:
        raise SexDiffers(field="sex")
    born, told_sex = document.birth_date or birth_date, document.sex or sex
    if born is None:
        raise BirthDateDiffers(field="birth_date")
    if told_sex is None:
        raise SexDiffers(field="sex")
    require_birth_date(born, today=today, field="birth_date")
    return born, told_sex


def document_key(kind: DocumentType, number: str) -> str:
    """Return what identity is unique by: type and normal number (rule 3)."""
    return f"{kind}:{number}"


def normal_phone(text: str) -> str:
    """Return a phone number in its normal form: digits only; empty stays empty.

    Accepts mobiles and landlines with area code. Raises PhoneMalformed.
    """
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    digits = digits.removeprefix("+86")
    if digits and not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise PhoneMalformed(field="phone")
    return digits


def is_mobile(phone: str) -> bool:
    """Tell whether a normal phone number can receive messages and sign in."""
    return bool(_MOBILE.fullmatch(phone))
