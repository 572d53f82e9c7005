"""An activity's public page, and the way to sign up for one of its shifts."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import local_date
from linbang.foundation.people.models import Person
from linbang.foundation.people.rules import age_on
from linbang.intake.activities.choices import (
    ActivityState,
    Beneficiary,
    Guarantee,
    Hazard,
    SignUpMode,
)
from linbang.intake.activities.models import Activity, Desk, Post
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Chance
from linbang.operations.dispatch.models import SignUp
from linbang.operations.dispatch.queries.discover import SHIFTS_SHOWN_MAX, ShiftRow, rows_of
from linbang.operations.dispatch.queries.sign_ups import leads, people_in_charge_of, sign_ups_of

_NOT_SHOWN = (ActivityState.DRAFT, ActivityState.IN_REVIEW)
SUMMARY_LENGTH = 120


@dataclass(frozen=True)
class PostBlock:
    """A post with its shifts by day, as the public page shows it."""

    post: Post
    days: list[tuple[date, list[ShiftRow]]]


@dataclass(frozen=True)
class ActivityPage:
    """Everything the public page of an activity says, to one reader."""

    activity: Activity
    posts: list[PostBlock]
    desks: list[Desk]
    mine: list[ShiftRow]
    leader: str
    is_leader: bool
    is_cut: bool

    @property
    def guarantees(self) -> list[str]:
        """What volunteers are given, in words."""
        return [str(Guarantee(code).label) for code in self.activity.guarantees]

    @property
    def hazards(self) -> list[str]:
        """What makes it high-risk, in words."""
        return [str(Hazard(code).label) for code in self.activity.hazards]

    @property
    def served(self) -> list[str]:
        """Whom it serves, in words."""
        return [str(Beneficiary(code).label) for code in self.activity.beneficiaries]

    @property
    def next_shift(self) -> rules.OpenShift | None:
        """The next shift that takes place."""
        rows = [row for block in self.posts for _, day in block.days for row in day]
        ahead = [row.shift for row in rows if row.chance != Chance.CANCELLED]
        return min(ahead, key=lambda shift: shift.starts_at, default=None)

    @property
    def left(self) -> int:
        """How many places are free on all shifts shown."""
        rows = [row for block in self.posts for _, day in block.days for row in day]
        return sum(row.shift.left for row in rows if row.chance != Chance.CANCELLED)

    @property
    def is_by_approval(self) -> bool:
        """The leader decides about every sign-up."""
        return self.activity.mode == SignUpMode.APPROVAL

    @property
    def summary(self) -> str:
        """The first words of what it is about, for previews of the link."""
        return " ".join(self.activity.content.split())[:SUMMARY_LENGTH]


def activities_shown() -> QuerySet[Activity]:
    """Return the activities that were published, whatever became of them since."""
    activities = Activity.objects.select_related("organiser", "region", "leader", "policy")
    return activities.exclude(state__in=_NOT_SHOWN)


def activity_page(
    actor: Actor, activity: Activity, *, person_id: int | None, now: datetime
) -> ActivityPage:
    """Gather an activity's page for a reader, or for the child she acts for; four queries."""
    rows = rows_of(person_id, now=now, activity=activity.pk, starts_from=_day_before(now))
    posts = Post.objects.filter(cell=activity.cell, activity=activity, removed_at=None)
    by_post: dict[int, dict[date, list[ShiftRow]]] = {}
    for row in rows:
        days = by_post.setdefault(row.shift.post_id, {})
        days.setdefault(local_date(row.shift.starts_at), []).append(row)
    desks = Desk.objects.filter(cell=activity.cell, activity=activity).order_by("number")
    return ActivityPage(
        activity=activity,
        posts=[
            PostBlock(post, list(by_post.get(post.pk, {}).items()))
            for post in posts.order_by("position", "id")
        ],
        desks=list(desks),
        mine=[row for row in rows if row.chance == Chance.MINE],
        leader=mask_name(activity.leader.name) if activity.leader else "",
        is_leader=actor.is_signed_in and leads(actor, activity),
        is_cut=len(rows) == SHIFTS_SHOWN_MAX,
    )


def _day_before(now: datetime) -> datetime:
    # What is going on now stays on the page until it ends.
    return now - rules.LONGEST_SHIFT


@dataclass(frozen=True)
class ForWhom:
    """Somebody the reader may sign up: herself, or a minor in her care."""

    person_id: int
    public_id: UUID
    name: str
    is_self: bool
    age: int


def signed_up_by(actor: Actor, *, now: datetime) -> list[ForWhom]:
    """Return whom a reader may sign up, herself first; two queries."""
    people = Person.objects.filter(pk__in=people_in_charge_of(actor), closed_at=None)
    found = [
        ForWhom(
            person_id=person.pk,
            public_id=person.public_id,
            name=person.name,
            is_self=person.pk == actor.person_id,
            age=age_on(person.birth_date, local_date(now)),
        )
        for person in people.order_by("id")
    ]
    return sorted(found, key=lambda one: not one.is_self)


def sign_up_seen_by(actor: Actor, public_id: UUID) -> SignUp | None:
    """Return one of the actor's own sign-ups, or of a minor in her care."""
    return sign_ups_of(actor).filter(public_id=public_id).first()
