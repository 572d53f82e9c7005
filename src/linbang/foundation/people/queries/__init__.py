"""Reads of people."""

from linbang.foundation.people.queries.people import (
    found_people,
    may_speak_for,
    people_visible_to,
    people_with_phone,
    person_of,
    volunteers_visible_to,
)

__all__ = [
    "found_people",
    "may_speak_for",
    "people_visible_to",
    "people_with_phone",
    "person_of",
    "volunteers_visible_to",
]
