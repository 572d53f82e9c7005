"""Who may see whom, and how people are found."""

from typing import Any

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.people import rules
from linbang.foundation.people.errors import PhoneMalformed
from linbang.foundation.people.models import (
    Kinship,
    Person,
    VolunteerProfile,
    phone_digest,
    phone_tail_digest,
)
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import prefix_range

# Substring search is for small scopes only: a community's people fit in a few pages of an index.
SMALL_SCOPE_DIGITS = 12


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """Return the open records the actor may see: own, confirmed kin, own regions, own teams.

    Costs one small query for the kin, so that the rest stays a range of ``person_by_region``.
    """
    people = Person.objects.filter(closed_at=None)
    if actor.is_system:
        return people
    seen = within_any("region_id", actor.regions_for(Permission.SEE_PEOPLE))
    if actor.person_id is not None:
        seen |= Q(pk__in=[actor.person_id, *_spoken_for_by(actor.person_id)])
    for path in actor.organisations_for(Permission.SEE_PEOPLE):
        seen |= Q(pk__in=_members_under(path))
    return people.filter(seen)


def _spoken_for_by(person_id: int) -> list[int]:
    return list(
        Kinship.objects.filter(
            relative_id=person_id, confirmed_at__isnull=False, ended_at=None
        ).values_list("person_id", flat=True)
    )


def _members_under(path: str) -> QuerySet[Person, Any]:
    # Organisations stand above people: memberships are reached through the key's other end.
    low, high = prefix_range(path)
    return Person.objects.filter(
        memberships__organisation__path__gte=low,
        memberships__organisation__path__lt=high,
        memberships__approved_at__isnull=False,
        memberships__ended_at=None,
    ).values("pk")


def person_of(actor: Actor) -> Person:
    """Return the actor's own person. Raises NotFound for strangers."""
    mine = Person.objects.filter(cell=actor.cell, closed_at=None)
    person = mine.filter(pk=actor.person_id).first() if actor.person_id is not None else None
    if person is None:
        raise NotFound
    return person


def may_speak_for(actor: Actor, person_id: int) -> bool:
    """Tell whether the actor is the person, a confirmed relative or the guardian."""
    if actor.is_system or actor.person_id == person_id:
        return True
    return (
        actor.person_id is not None
        and Kinship.objects.filter(
            person_id=person_id,
            relative_id=actor.person_id,
            confirmed_at__isnull=False,
            ended_at=None,
        ).exists()
    )


def found_people(actor: Actor, text: str) -> QuerySet[Person]:
    """Return the visible people found by a clerk's words, by pinyin; nothing found is empty.

    Words: name, pinyin with or without spaces, initials, four last digits of a phone, a whole
    phone, a volunteer number. Each is one index: ``person_by_name``, ``…_pinyin``,
    ``…_initials``, ``…_phone_tail``, ``…_phone``.
    """
    people = people_visible_to(actor)
    words = text.strip()
    if words:
        people = people.filter(_words(words, small=_has_small_scope(actor)))
    return people.order_by("pinyin", "id")


def _words(text: str, *, small: bool) -> Q:
    number = text.upper()
    if rules.is_volunteer_number(number):
        return Q(volunteer__number=number)
    if any(character.isdigit() for character in text):
        return _digits(text)
    if text.isascii():
        return _letters(rules.joined_pinyin(text))
    name = rules.normal_name(text) if any(map(str.isalpha, text)) else text
    return Q(name__contains=name) if small else Q(name__startswith=name)


def _digits(text: str) -> Q:
    if len(text) == 4 and text.isdecimal():
        return Q(phone_tail_digest=phone_tail_digest(text))
    try:
        return Q(phone_digest=phone_digest(rules.normal_phone(text)))
    except PhoneMalformed:
        return Q(pk__in=[])


def _letters(letters: str) -> Q:
    if not letters:
        return Q(pk__in=[])
    low, high = rules.next_letters(letters)
    return Q(initials__gte=low, initials__lt=high) | Q(pinyin_key__gte=low, pinyin_key__lt=high)


def _has_small_scope(actor: Actor) -> bool:
    regions = actor.regions_for(Permission.SEE_PEOPLE)
    return bool(regions) and all(len(prefix) >= SMALL_SCOPE_DIGITS for prefix in regions)


def people_with_phone(actor: Actor, phone: str) -> QuerySet[Person]:
    """Return the visible people reached under a phone number, as a telephone call shows it."""
    return people_visible_to(actor).filter(_phone(phone)).order_by("pinyin", "id")


def _phone(phone: str) -> Q:
    try:
        digest = phone_digest(rules.normal_phone(phone))
    except PhoneMalformed:
        digest = ""
    return Q(phone_digest=digest) if digest else Q(pk__in=[])


def volunteers_visible_to(actor: Actor) -> QuerySet[VolunteerProfile]:
    """Return the active profiles of confirmed people the actor may see."""
    return VolunteerProfile.objects.filter(
        person__in=people_visible_to(actor), person__confirmed_at__isnull=False, ended_at=None
    ).select_related("person")
