"""People, volunteers and actors for tests."""

from datetime import date, datetime
from itertools import count

from django.db import connection

from linbang.foundation import clock
from linbang.foundation.access.actions import claim_unique
from linbang.foundation.access.choices import DirectoryKind, Role
from linbang.foundation.access.factories import make_account, make_grant
from linbang.foundation.access.queries import actor_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.people import rules
from linbang.foundation.people.choices import (
    ConsentKind,
    DocumentType,
    RegistrationChannel,
    Relation,
    ServiceCategory,
    Sex,
)
from linbang.foundation.people.models import (
    Consent,
    ConsentText,
    Kinship,
    Person,
    VolunteerProfile,
    document_digest,
    phone_digest,
    phone_tail_digest,
)
from linbang.foundation.places.factories import BUILDING, COMMUNITY, make_region_tree
from linbang.foundation.places.models import Region

_phones = count(13_700_000_000)
_sequences = count(0)


def make_resident_id(birth_date: date, sex: Sex = Sex.FEMALE, *, area: str = "450103") -> str:
    """Make a resident identity number that nobody else in the test has."""
    serial = next(_sequences)
    if serial >= 500:
        area = f"{int(area[:2]):02d}{serial // 500:04d}"
    sequence = serial % 500 * 2 + (sex == Sex.MALE)
    first_17 = f"{area}{birth_date:%Y%m%d}{sequence:03d}"
    return first_17 + rules.resident_check_digit(first_17)


def make_person(
    name: str = "李秀英",
    *,
    region: Region | str = BUILDING,
    sex: Sex = Sex.FEMALE,
    birth_date: date = date(1956, 3, 8),
    phone: str | None = None,
    document_number: str | None = None,
    confirmed: bool = True,
    has_account: bool = True,
    now: datetime | None = None,
    **columns: object,
) -> Person:
    """Make a confirmed person with an account, living in building 450103001005001001."""
    make_region_tree()
    now = now or clock.now()
    code = region.code if isinstance(region, Region) else region
    phone = str(next(_phones)) if phone is None else phone
    number = document_number or make_resident_id(birth_date, sex)
    spelt = rules.pinyin_name(name)
    person = Person.objects.create(
        **{
            "cell": code[:6],
            "account": make_account(phone, cell=code[:6]) if has_account and phone else None,
            "name": name,
            "pinyin": spelt.pinyin,
            "initials": spelt.initials,
            "sex": sex,
            "birth_date": birth_date,
            "document_type": DocumentType.RESIDENT_ID,
            "document_number": number,
            "document_digest": document_digest(DocumentType.RESIDENT_ID, number),
            "phone": phone,
            "phone_digest": phone_digest(phone),
            "phone_tail_digest": phone_tail_digest(phone),
            "region_id": code,
            "address": "2单元301室",
            "channel": RegistrationChannel.SELF,
            "registered_at": now,
            "confirmed_at": now if confirmed else None,
            **columns,
        }
    )
    claim_unique(
        kind=DirectoryKind.IDENTITY,
        digest=person.document_digest,
        cell=person.cell,
        owner_id=person.pk,
    )
    return person


def make_volunteer(
    name: str = "王建国",
    *,
    skills: tuple[str, ...] = (),
    categories: tuple[str, ...] = (ServiceCategory.COMMUNITY,),
    availability: int = rules.ALL_HOURS,
    languages: tuple[str, ...] = (),
    visits_a_day: int = rules.VISITS_A_DAY,
    visits_a_week: int = rules.VISITS_A_WEEK,
    person: Person | None = None,
    now: datetime | None = None,
    **person_columns: object,
) -> VolunteerProfile:
    """Make an active volunteer, free all week, at home in the middle of the building."""
    now = now or clock.now()
    person_columns.setdefault("sex", Sex.MALE)
    person = person or make_person(name, now=now, **person_columns)  # type: ignore[arg-type]  # columns of a person
    home = Region.objects.get(pk=person.region_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_volunteer_serial')")
        (serial,) = cursor.fetchone()
    return VolunteerProfile.objects.create(
        cell=person.cell,
        person=person,
        number=rules.volunteer_number(serial),
        region_id=person.region_id,
        skills=list(skills),
        categories=list(categories),
        availability=availability,
        languages=list(languages),
        visits_a_day=visits_a_day,
        visits_a_week=visits_a_week,
        longitude=home.longitude,
        latitude=home.latitude,
        activated_at=now,
    )


def make_actor(
    person: Person,
    role: Role | None = None,
    *,
    region: Region | str = COMMUNITY,
    organisation_path: str = "",
) -> Actor:
    """Return a person as an actor; with a role, granted in the region or the organisation."""
    if person.account is None:
        person.account = make_account(cell=person.cell)
        person.save(update_fields=["account"])
    if role is not None and organisation_path:
        make_grant(person.account, role, organisation_path=organisation_path)
    elif role is not None:
        make_grant(person.account, role, region=region)
    return actor_of(person.account_id)


def make_worker(
    name: str = "张敏", *, region: Region | str = COMMUNITY, role: Role = Role.STATION_WORKER
) -> Actor:
    """Make the station worker of community 450103001005, as an actor."""
    make_region_tree()
    code = region.code if isinstance(region, Region) else region
    return make_actor(make_person(name, region=code), role, region=code)


def make_kinship(
    person: Person,
    relative: Person,
    *,
    relation: Relation = Relation.CHILD,
    is_guardian: bool = False,
    confirmed: bool = True,
    now: datetime | None = None,
) -> Kinship:
    """Let a relative speak for a person."""
    now = now or clock.now()
    return Kinship.objects.create(
        cell=person.cell,
        person=person,
        relative=relative,
        relation=relation,
        is_guardian=is_guardian,
        declared_at=now,
        declared_by_id=relative.pk,
        confirmed_at=now if confirmed else None,
        confirmed_by_id=person.pk if confirmed else None,
    )


def make_consent_texts(*, version: int = 1, now: datetime | None = None) -> dict[str, ConsentText]:
    """Make one text of each kind where the migration's are gone; returns them by kind."""
    for kind in ConsentKind:
        ConsentText.objects.get_or_create(
            kind=kind,
            version=version,
            defaults={
                "title": str(kind.label),
                "title_en": kind.value,
                "body": str(kind.label),
                "body_en": kind.value,
                "published_at": now or clock.now(),
            },
        )
    return {text.kind: text for text in ConsentText.objects.filter(version=version)}


def make_consent(person: Person, kind: ConsentKind, *, now: datetime | None = None) -> Consent:
    """Make a person's own agreement to the first version."""
    return Consent.objects.create(
        cell=person.cell,
        person=person,
        text=make_consent_texts()[kind],
        given_by=person,
        method="own",
        given_at=now or clock.now(),
    )
