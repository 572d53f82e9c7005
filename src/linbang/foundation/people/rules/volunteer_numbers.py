"""The volunteer number: a serial that shows nothing of the person (rule 6)."""

import re

SERIAL_MAX = 999_999_999
_FORM = re.compile(r"V\d{10}")


def volunteer_number(serial: int) -> str:
    """Write a serial as ``V``, nine digits and a check digit (ISO 7064 MOD 11,10)."""
    if not 0 < serial <= SERIAL_MAX:
        raise ValueError(f"serial {serial} does not fit nine digits")
    digits = f"{serial:09d}"
    return f"V{digits}{_check_digit(digits)}"


def is_volunteer_number(text: str) -> bool:
    """Tell whether the text has the form and the check digit of a volunteer number."""
    return bool(_FORM.fullmatch(text)) and _check_digit(text[1:10]) == text[10]


def _check_digit(digits: str) -> str:
    carry = 10
    for digit in digits:
        carry = (carry + int(digit)) % 10 or 10
        carry = carry * 2 % 11
    return str((11 - carry) % 10)
