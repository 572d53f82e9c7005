"""Who is on which list, and which shifts still lack one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.people.queries import people_visible_to
from linbang.foundation.people.rules import needs_guardian
from linbang.foundation.places.queries import within_any
from linbang.intake.activities.choices import ActivityState, PolicyScope, ShiftState
from linbang.intake.activities.models import InsurancePolicy, Shift
from linbang.operations.clearance import rules
from linbang.operations.clearance.choices import LINE_FLAWS
from linbang.operations.clearance.models import InsuredList, InsuredListEntry, InsuredPerson

REPORTED_MAX = 10


def shifts_to_freeze(now: datetime) -> QuerySet[Shift]:
    """Return the high-risk shifts that have begun and have no list yet, the oldest first.

    Dispatch asks each minute and freezes with who holds a place; ``activity`` names the policy.
    """
    return (
        Shift.objects.select_related("activity")
        .filter(
            starts_at__lte=now,
            ends_at__gt=now,
            state=ShiftState.PLANNED,
            activity__state=ActivityState.PUBLISHED,
            activity__policy__isnull=False,
            insured_list=None,
        )
        .exclude(activity__hazards=[])
        .order_by("starts_at", "id")
    )


def insured_ids(policy: InsurancePolicy) -> set[int]:
    """Return who is on a policy's list now; one query."""
    return set(on_list(policy).values_list("person_id", flat=True))


def on_list(policy: InsurancePolicy) -> QuerySet[InsuredPerson]:
    """Return the running entries of a policy's list."""
    return InsuredPerson.objects.filter(cell=policy.cell, policy=policy, removed_at=None)


def entries_of(person_id: int) -> QuerySet[InsuredPerson]:
    """Return a person's running entries on any list."""
    entries = InsuredPerson.objects.select_related("policy")
    return entries.filter(person_id=person_id, removed_at=None).order_by("id")


def open_people(person_ids: Iterable[int]) -> set[int]:
    """Return which of the ids are those of open records."""
    people = Person.objects.filter(pk__in=list(person_ids), closed_at=None)
    return set(people.values_list("pk", flat=True))


def members_of(organisation_id: int) -> list[int]:
    """Return the people of a unit or team and of all below it. Raises NotFound."""
    organisation = Organisation.objects.filter(pk=organisation_id, closed_at=None).first()
    if organisation is None:
        raise NotFound
    members = Membership.objects.filter(
        organisation__path__gte=organisation.path,
        organisation__path__lt=organisation.path + ":",
        organisation__closed_at=None,
        approved_at__isnull=False,
        ended_at=None,
        person__closed_at=None,
    )
    return list(members.order_by("person_id").values_list("person_id", flat=True).distinct())


@dataclass(frozen=True)
class NumberLine:
    """One line of a pasted list: whose number it is, or why it cannot be taken."""

    position: int
    text: str
    person_id: int | None
    flaw: str


def read_numbers(text: str) -> list[NumberLine]:
    """Return each line of a pasted list with the volunteer it means; one query."""
    lines = rules.lines_of(text)
    numbers = [line.number for line in lines if line.number]
    known = dict(
        VolunteerProfile.objects.filter(
            number__in=numbers, ended_at=None, person__closed_at=None
        ).values_list("number", "person_id")
    )
    return [
        NumberLine(
            position=line.position,
            text=line.text,
            person_id=known.get(line.number),
            flaw=line.flaw or ("" if line.number in known else "unknown"),
        )
        for line in lines
    ]


def report_of(lines: Sequence[NumberLine]) -> str:
    """Say which lines were refused and why, ten at most."""
    told = [
        _("第 %(position)s 行 %(text)s %(flaw)s")
        % {
            "position": line.position,
            "text": line.text[:20],
            "flaw": LINE_FLAWS[line.flaw],
        }
        for line in lines[:REPORTED_MAX]
    ]
    return "；".join([*told, "…"] if len(lines) > REPORTED_MAX else told)


def policies_kept_by(actor: Actor) -> QuerySet[InsurancePolicy]:
    """Return the policies of the regions where the actor clears volunteers, the newest end first.

    ``people`` counts who is on the list: one range of ``insured_person_once_a_policy`` a row.
    """
    counted = (
        InsuredPerson.objects.filter(cell=OuterRef("cell"), policy=OuterRef("pk"), removed_at=None)
        .order_by()
        .values("policy")
        .annotate(found=Count("pk"))
        .values("found")
    )
    policies = InsurancePolicy.objects.select_related("organiser").annotate(
        people=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
    )
    if not actor.is_system:
        regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
        policies = policies.filter(within_any("region_id", regions))
    return policies.order_by("ended_at", "-ends_at", "id")


@dataclass(frozen=True)
class InsuredLine:
    """Somebody on a list; the name in full only where the reader may look."""

    person_id: UUID
    name: str
    number: str
    added_at: datetime | None = None


def insured_lines(
    entries: Iterable[InsuredPerson | InsuredListEntry], *, actor: Actor, today: date
) -> list[InsuredLine]:
    """Return people on a list, names masked of minors and of who lives elsewhere; two queries."""
    found = list(entries)
    people = Person.objects.select_related("volunteer").in_bulk([one.person_id for one in found])
    known = set(people_visible_to(actor).filter(pk__in=people).values_list("pk", flat=True))
    return [
        _insured_line(one, people[one.person_id], is_known=one.person_id in known, today=today)
        for one in found
    ]


def _insured_line(
    entry: InsuredPerson | InsuredListEntry, person: Person, *, is_known: bool, today: date
) -> InsuredLine:
    is_shown = is_known and not needs_guardian(person.birth_date, today=today)
    profile = getattr(person, "volunteer", None)
    return InsuredLine(
        person_id=person.public_id,
        name=person.name if is_shown else mask_name(person.name),
        number=profile.number if profile else "",
        added_at=getattr(entry, "added_at", None),
    )


def frozen_lists_kept_by(actor: Actor) -> QuerySet[InsuredList]:
    """Return the frozen lists of the actor's policies, the newest first, with their ``people``."""
    lists = InsuredList.objects.select_related("policy", "shift__activity", "shift__post").annotate(
        people=Count("entries")
    )
    if not actor.is_system:
        regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
        lists = lists.filter(within_any("policy__region_id", regions))
    return lists.order_by("-frozen_at", "-id")


def insured_until(person_id: int, *, now: datetime) -> list[InsurancePolicy]:
    """Return the running policies whose named list a person is on, the longest first."""
    return list(
        InsurancePolicy.objects.filter(
            Q(scope=PolicyScope.NAMED, ended_at=None, ends_at__gt=now),
            insured__person_id=person_id,
            insured__removed_at=None,
        ).order_by("-ends_at", "id")
    )


_TO_EXPORT = (
    Permission.CLEAR_VOLUNTEERS,
    Permission.EXPORT,
    Permission.UNMASK_IDENTITY,
    Permission.UNMASK_CONTACT,
)


def may_export(actor: Actor, policy: InsurancePolicy) -> bool:
    """Tell whether an actor may take a policy's lists out: four permissions at once."""
    return all(actor.may(permission, region=policy.region_id) for permission in _TO_EXPORT)


def people_on(frozen: InsuredList) -> list[Person]:
    """Return who is on a frozen list, by pinyin; one query."""
    entries = InsuredListEntry.objects.filter(cell=frozen.cell, insured_list=frozen)
    return list(Person.objects.filter(pk__in=entries.values("person_id")).order_by("pinyin", "id"))


def people_named(policy: InsurancePolicy) -> list[Person]:
    """Return who is on a policy's list now, by pinyin; one query."""
    named = on_list(policy).values("person_id")
    return list(Person.objects.filter(pk__in=named).order_by("pinyin", "id"))


def takes_people(policy: InsurancePolicy, *, now: datetime) -> bool:
    """Tell whether a policy has a list that may still change."""
    return policy.scope == PolicyScope.NAMED and policy.ended_at is None and policy.ends_at > now
