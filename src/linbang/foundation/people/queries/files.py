"""What the pages show of people, as plain rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.people import rules
from linbang.foundation.people.choices import ClaimState, ConsentKind, Sex, Skill
from linbang.foundation.people.models import (
    Consent,
    ConsentText,
    IdentityClaim,
    Kinship,
    Person,
    VolunteerProfile,
)
from linbang.foundation.people.queries.lookups import disputes_visible_to
from linbang.foundation.people.queries.people import found_people, people_visible_to
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region, Station
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes, short_name

ASK_AGAIN_AFTER = timedelta(days=30)
COMMUNITY_DIGITS = 12


@dataclass(frozen=True)
class PersonRow:
    """One line of the console's list; phone and document come masked from the template."""

    id: int
    public_id: UUID
    name: str
    sex: str
    age: int
    is_minor: bool
    place: str
    skills: str
    phone: str
    is_volunteer: bool
    is_paused: bool
    is_confirmed: bool


def filtered_people(
    actor: Actor,
    *,
    text: str = "",
    kind: str = "",
    region_code: str = "",
    skill: str = "",
    language: str = "",
) -> QuerySet[Person]:
    """Return what a clerk's filters leave of the visible people, by pinyin.

    ``kind``: volunteer, unconfirmed, or empty for all.
    """
    people = found_people(actor, text)
    if region_code:
        people = people.filter(within_any("region_id", [region_code]))
    if kind == "volunteer" or skill or language:
        people = people.filter(confirmed_at__isnull=False, volunteer__ended_at=None).exclude(
            volunteer=None
        )
    elif kind == "unconfirmed":
        people = people.filter(confirmed_at=None)
    if skill:
        people = people.filter(volunteer__skills__contains=[skill])
    if language:
        people = people.filter(volunteer__languages__contains=[language])
    return people


def person_rows(people: Iterable[Person], *, now: datetime, today: date) -> list[PersonRow]:
    """Return one page of people as lines; two queries more, whatever the page's length."""
    people = list(people)
    places = place_names(person.region_id for person in people)
    profiles = {
        profile.person_id: profile
        for profile in VolunteerProfile.objects.filter(
            person_id__in=[person.pk for person in people], ended_at=None
        )
    }
    return [
        _row(person, profiles.get(person.pk), places[person.region_id], now=now, today=today)
        for person in people
    ]


def _row(
    person: Person, profile: VolunteerProfile | None, place: str, *, now: datetime, today: date
) -> PersonRow:
    skills = [str(Skill(code).label) for code in profile.skills] if profile else []
    return PersonRow(
        id=person.pk,
        public_id=person.public_id,
        name=person.name,
        sex=str(Sex(person.sex).label),
        age=rules.age_on(person.birth_date, today),
        is_minor=rules.needs_guardian(person.birth_date, today=today),
        place=place,
        skills="、".join(skills[:2]) + ("…" if len(skills) > 2 else ""),
        phone=person.phone,
        is_volunteer=profile is not None,
        is_paused=bool(profile and profile.paused_until and profile.paused_until > now),
        is_confirmed=person.is_confirmed,
    )


def place_names(codes: Iterable[str]) -> Mapping[str, str]:
    """Return where each code is from the community down, as 新竹社区 · 第1网格 · 1栋; one query."""
    wanted = set(codes)
    above = {up for code in wanted for up in ancestor_codes(code) if len(up) >= COMMUNITY_DIGITS}
    names = dict(Region.objects.filter(code__in=above | wanted).values_list("code", "name"))
    return {
        code: " · ".join(
            short_name(names[up])
            for up in ancestor_codes(code)
            if up in names and (len(up) >= COMMUNITY_DIGITS or up == code)
        )
        for code in wanted
    }


def homes_under(prefixes: Iterable[str]) -> QuerySet[Region]:
    """Return the current communities, grids and buildings of some subtrees, by code."""
    return (
        Region.objects.current()
        .filter(within_any("code", prefixes), level__gte=RegionLevel.COMMUNITY)
        .order_by("code")
    )


def home_choices(prefixes: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the homes of some subtrees for a select: one group a community; one query."""
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    names: dict[str, str] = {}
    for region in homes_under(prefixes):
        names[region.code] = region.name
        community = region.code[:COMMUNITY_DIGITS]
        if len(region.code) == COMMUNITY_DIGITS:
            groups[community] = (region.name, [(region.code, region.name)])
        elif community in groups and region.level == RegionLevel.BUILDING:
            grid = names.get(region.code[:15], "")
            label = f"{grid} · {region.name}" if grid else region.name
            groups[community][1].append((region.code, label))
    return list(groups.values())


def served_communities() -> list[str]:
    """Return the communities with a station of their own, where people can register."""
    codes = Station.objects.filter(region__level__gte=RegionLevel.COMMUNITY)
    return sorted({code[:COMMUNITY_DIGITS] for code in codes.values_list("region_id", flat=True)})


def region_choices(prefixes: Iterable[str]) -> list[tuple[str, str]]:
    """Return the communities and grids of some subtrees for a filter; one query."""
    regions = homes_under(prefixes).exclude(level=RegionLevel.BUILDING)
    return [
        (region.code, region.name if region.level == RegionLevel.COMMUNITY else f"　{region.name}")
        for region in regions
    ]


@dataclass(frozen=True)
class KinRow:
    """One relation as its person or its relative sees it."""

    id: int
    name: str
    relation: str
    is_guardian: bool
    is_confirmed: bool
    public_id: UUID
    is_closed: bool


def kin_of(person: Person) -> list[KinRow]:
    """Return who may or wants to speak for the person; one query."""
    rows = Kinship.objects.filter(cell=person.cell, person=person, ended_at=None)
    return [
        _kin(kinship, kinship.relative)
        for kinship in rows.select_related("relative").order_by("id")
    ]


def spoken_for_by(person: Person) -> list[KinRow]:
    """Return for whom the person may or wants to speak; one query."""
    rows = Kinship.objects.filter(relative=person, ended_at=None, person__closed_at=None)
    return [
        _kin(kinship, kinship.person) for kinship in rows.select_related("person").order_by("id")
    ]


def _kin(kinship: Kinship, other: Person) -> KinRow:
    return KinRow(
        id=kinship.pk,
        name=other.name,
        relation=kinship.get_relation_display(),
        is_guardian=kinship.is_guardian,
        is_confirmed=kinship.confirmed_at is not None,
        public_id=other.public_id,
        is_closed=other.is_closed,
    )


def household_of(person: Person) -> list[Person]:
    """Return who lives behind the same door, without the person; one query."""
    if person.household_id is None:
        return []
    return list(
        Person.objects.filter(cell=person.cell, household_id=person.household_id, closed_at=None)
        .exclude(pk=person.pk)
        .order_by("birth_date", "id")
    )


def profile_of(person_id: int) -> VolunteerProfile | None:
    """Return the person's volunteer profile while it is active."""
    return VolunteerProfile.objects.filter(person_id=person_id, ended_at=None).first()


def consents_of(person: Person) -> list[Consent]:
    """Return a person's consents with their texts, the newest first; one query."""
    return list(
        Consent.objects.filter(cell=person.cell, person=person)
        .select_related("text")
        .order_by("-given_at", "-id")
    )


def texts_due(person: Person, *, now: datetime) -> list[ConsentText]:
    """Return the newest texts the person consented to only in an older version (rule 100).

    What was taken back within the last 30 days is not asked again.
    """
    mine = Consent.objects.filter(cell=person.cell, person=person)
    newer = ConsentText.objects.filter(kind=OuterRef("kind"), version__gt=OuterRef("version"))
    kinds = mine.filter(withdrawn_at=None).values("text__kind")
    refused = mine.filter(withdrawn_at__gt=now - ASK_AGAIN_AFTER).values("text__kind")
    return list(
        ConsentText.objects.filter(~Exists(newer), kind__in=kinds)
        .exclude(pk__in=mine.filter(withdrawn_at=None).values("text_id"))
        .exclude(kind__in=refused)
        .order_by("kind")
    )


def texts_now() -> dict[ConsentKind, ConsentText]:
    """Return the newest text of each kind; one query."""
    texts = ConsentText.objects.order_by("kind", "version")
    return {ConsentKind(text.kind): text for text in texts}


def claims_visible_to(actor: Actor) -> QuerySet[IdentityClaim]:
    """Return the open claims on records of the actor's regions, oldest first."""
    claims = IdentityClaim.objects.filter(state=ClaimState.OPEN).select_related("person")
    if not actor.is_system:
        within = within_any("person__region_id", actor.regions_for(Permission.EDIT_PEOPLE))
        claims = claims.filter(within)
    return claims.order_by("opened_at", "id")


@dataclass(frozen=True)
class PeopleFigures:
    """How many people of each kind an actor sees."""

    people: int
    volunteers: int
    unconfirmed: int
    claims: int
    disputes: int


def people_figures(actor: Actor) -> PeopleFigures:
    """Count the visible people for the head of the list; five queries."""
    people = people_visible_to(actor)
    is_volunteer = Q(volunteer__isnull=False, volunteer__ended_at=None)
    return PeopleFigures(
        people=people.count(),
        volunteers=people.filter(is_volunteer, confirmed_at__isnull=False).count(),
        unconfirmed=people.filter(confirmed_at=None).count(),
        claims=claims_visible_to(actor).count(),
        disputes=disputes_visible_to(actor).count(),
    )


def is_paused(profile: VolunteerProfile | None, *, now: datetime) -> bool:
    """Tell whether a volunteer takes no offers now."""
    return bool(profile and profile.paused_until and profile.paused_until > now)


def guardian_choices(actor: Actor, text: str) -> list[tuple[str, str]]:
    """Return the people found by a clerk's words, as choices of a guardian; ten at most."""
    if not text.strip():
        return []
    return [(str(person.pk), person.name) for person in found_people(actor, text)[:10]]


@dataclass(frozen=True)
class Powers:
    """What an actor may do with one person's file."""

    edit: bool
    unmask: bool
    see_care: bool


def powers_over(actor: Actor, person: Person) -> Powers:
    """Return what the actor may do where the person lives."""
    region = person.region_id
    return Powers(
        edit=actor.may(Permission.EDIT_PEOPLE, region=region),
        unmask=actor.may(Permission.UNMASK_CONTACT, region=region)
        or actor.may(Permission.UNMASK_IDENTITY, region=region),
        see_care=actor.may(Permission.SEE_CARE, region=region),
    )


def without_minors(people: QuerySet[Person], *, now: datetime) -> QuerySet[Person]:
    """Leave out the minors: their records open only for a told reason (rule 99)."""
    today = clock.local_date(now)
    # Who is born on 29 February comes of age on 1 March, as ``rules.age_on`` counts.
    day = min(today.day, 28) if today.month == 2 else today.day
    return people.filter(birth_date__lte=date(today.year - rules.ADULT_AGE, today.month, day))
