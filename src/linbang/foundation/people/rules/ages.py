"""Ages, and what each age may do (rules 7 and 8)."""

from datetime import date

from linbang.foundation.people.errors import TooYoungToVolunteer

ADULT_AGE = 18
CHILD_AGE = 14
ACCOMPANIED_BELOW_AGE = 10
LOWEST_VOLUNTEER_AGE = 6


def age_on(birth_date: date, day: date) -> int:
    """Return the full years lived on a day; who is born on 29 February ages on 1 March."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def needs_guardian(birth_date: date, *, today: date) -> bool:
    """Tell whether a guardian must consent: below 18 (PIPL 31 below 14, RV13 from 14)."""
    return age_on(birth_date, today) < ADULT_AGE


def needs_accompaniment(birth_date: date, *, today: date) -> bool:
    """Tell whether an adult must sign up for the same shift: from 6 to 9 (rule 8)."""
    return LOWEST_VOLUNTEER_AGE <= age_on(birth_date, today) < ACCOMPANIED_BELOW_AGE


def require_volunteer_age(birth_date: date, *, today: date) -> None:
    """Raise TooYoungToVolunteer below six (rule 8)."""
    if age_on(birth_date, today) < LOWEST_VOLUNTEER_AGE:
        raise TooYoungToVolunteer
