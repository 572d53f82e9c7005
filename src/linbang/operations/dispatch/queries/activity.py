"""An activity's public page, and the way to sign up for one of its shifts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import local_date
from linbang.foundation.people.choices import ServiceCategory, Skill
from linbang.foundation.people.models import Person
from linbang.foundation.people.rules import age_on
from linbang.intake.activities.choices import (
    ActivityState,
    Beneficiary,
    Guarantee,
    Hazard,
    SignUpMode,
)
from linbang.intake.activities.models import Activity, Desk, Post, Qualification
from linbang.operations.clearance import queries as clearance
from linbang.operations.clearance.choices import AcceptanceKind, Cause
from linbang.operations.clearance.queries import CauseLine, Document
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Chance
from linbang.operations.dispatch.models import SignUp
from linbang.operations.dispatch.queries.discover import (
    SHIFTS_SHOWN_MAX,
    ShiftRow,
    rows_of,
    shift_row,
)
from linbang.operations.dispatch.queries.reservations import shifts_shown
from linbang.operations.dispatch.queries.sign_ups import leads, people_in_charge_of, sign_ups_of

_NOT_SHOWN = (ActivityState.DRAFT, ActivityState.IN_REVIEW)
SUMMARY_LENGTH = 120
SHIFTS_UNFOLDED = 6


@dataclass(frozen=True)
class PostBlock:
    """A post with its shifts, as the public page shows it; the first ones unfolded."""

    post: Post
    rows: list[ShiftRow]
    qualifications: list[str]

    @property
    def skills(self) -> list[str]:
        """The skills that help, in words."""
        return [str(Skill(code).label) for code in self.post.skills]

    @property
    def ages(self) -> str:
        """Who may come by age, in words; empty for everybody."""
        least, most = self.post.age_min, self.post.age_max
        if least and most:
            return _("%(least)s–%(most)s 岁") % {"least": least, "most": most}
        if least:
            return _("%(least)s 岁以上") % {"least": least}
        return _("%(most)s 岁以下") % {"most": most} if most else ""

    @property
    def first(self) -> list[ShiftRow]:
        """The shifts one sees at once."""
        return self.rows[:SHIFTS_UNFOLDED]

    @property
    def rest(self) -> list[ShiftRow]:
        """The shifts behind a fold."""
        return self.rows[SHIFTS_UNFOLDED:]


@dataclass(frozen=True)
class ActivityPage:
    """Everything the public page of an activity says, to one reader."""

    activity: Activity
    posts: list[PostBlock]
    desks: list[Desk]
    mine: list[ShiftRow]
    leader: str
    is_leader: bool
    leads_a_team: bool
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
        ahead = [row.shift for row in self.rows if row.chance != Chance.CANCELLED]
        return min(ahead, key=lambda shift: shift.starts_at, default=None)

    @property
    def left(self) -> int:
        """How many places are free on all shifts shown."""
        open_to_all = (Chance.CANCELLED, Chance.OVER)
        return sum(row.shift.left for row in self.rows if row.chance not in open_to_all)

    @property
    def rows(self) -> list[ShiftRow]:
        """All shifts shown."""
        return [row for block in self.posts for row in block.rows]

    @property
    def metres(self) -> int | None:
        """How far it is from the reader's home."""
        return min(
            (row.shift.metres for row in self.rows if row.shift.metres is not None), default=None
        )

    @property
    def categories(self) -> list[str]:
        """The service categories by name."""
        return [str(ServiceCategory(code).label) for code in self.activity.categories]

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
    posts = list(
        Post.objects.filter(cell=activity.cell, activity=activity, removed_at=None).order_by(
            "position", "id"
        )
    )
    by_post: dict[int, list[ShiftRow]] = {}
    for row in rows:
        by_post.setdefault(row.shift.post_id, []).append(row)
    names = _names_of(posts)
    desks = Desk.objects.filter(cell=activity.cell, activity=activity).order_by("number")
    return ActivityPage(
        activity=activity,
        posts=[
            PostBlock(
                post,
                by_post.get(post.pk, []),
                [names.get(code, code) for code in post.qualifications],
            )
            for post in posts
        ],
        desks=list(desks),
        mine=[row for row in rows if row.chance == Chance.MINE],
        leader=mask_name(activity.leader.name) if activity.leader else "",
        is_leader=actor.is_signed_in and leads(actor, activity),
        leads_a_team=bool(actor.organisations_for(Permission.LEAD_SHIFTS)),
        is_cut=len(rows) == SHIFTS_SHOWN_MAX,
    )


def _names_of(posts: Iterable[Post]) -> dict[str, str]:
    codes = {code for post in posts for code in post.qualifications}
    if not codes:
        return {}
    return {one.code: one.label for one in Qualification.objects.filter(pk__in=codes)}


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


@dataclass(frozen=True)
class SignUpStep:
    """The last page before a sign-up: the shift, what is in the way, and what is to be read."""

    row: ShiftRow
    whom: ForWhom
    others: list[ForWhom]
    against: tuple[CauseLine, ...]
    documents: list[Document]
    now: datetime

    @property
    def may_press(self) -> bool:
        """Nothing is in the way that cannot be settled on this page."""
        return self.row.is_open

    @property
    def is_soon(self) -> bool:
        """Giving the place back would leave a mark from the first moment (rule 28)."""
        return self.now >= self.row.shift.starts_at - rules.FREE_BEFORE


def sign_up_step(
    actor: Actor, shift: UUID, *, person: UUID | None, now: datetime
) -> SignUpStep | None:
    """Gather the last page before signing up, for the reader or a child in her care; None where
    there is no such shift or person. A fixed number of queries.
    """
    people = signed_up_by(actor, now=now)
    whom = next((one for one in people if _is_meant(one, person)), None)
    row = shift_row(whom.person_id, shift, now=now) if whom else None
    if whom is None or row is None:
        return None
    kinds = [kind for cause, kind in _ACCEPTED.items() if cause in row.shift.causes]
    found = shifts_shown().get(pk=row.shift.id)
    against: tuple[CauseLine, ...] = ()
    if row.chance == Chance.BARRED:
        [told] = clearance.clearance_of(whom.person_id, [found], now, reader_id=actor.person_id)
        in_the_way = rules.causes_in_the_way(row.shift.causes)
        against = tuple(line for line in told.causes if line.code in in_the_way)
    return SignUpStep(
        row=row,
        whom=whom,
        others=[one for one in people if one is not whom],
        against=against,
        documents=clearance.documents_of(found.activity, kinds) if kinds else [],
        now=now,
    )


def _is_meant(one: ForWhom, person: UUID | None) -> bool:
    return one.is_self if person is None else one.public_id == person


_ACCEPTED = {
    Cause.RISK_NOT_ACCEPTED: AcceptanceKind.RISK,
    Cause.AGREEMENT_MISSING: AcceptanceKind.AGREEMENT,
}
