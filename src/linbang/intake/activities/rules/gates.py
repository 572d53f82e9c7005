"""The gates of publishing: every reason at once, each with the field to mend.

Sources: programme rules 12, 15–18, 21–24; VSR 12, 17; GB/T 40143 §6.1; the national system's and
i志愿's rules of publication (domain handbook §§3.2, 5.2).
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linbang.foundation.people.rules import ADULT_AGE
from linbang.intake.activities.choices import (
    ActivityKind,
    AgreementCause,
    GateCode,
    Guarantee,
    Hazard,
)
from linbang.intake.activities.rules.details import (
    ActivityDetails,
    DeskDetails,
    PostDetails,
    Window,
)
from linbang.intake.activities.rules.windows import is_too_long, lasts_a_month, uncovered

NAME_MAX = 50
CATEGORIES_MAX = 4
ALLOWANCE_FEN_MAX = 5_000  # ¥50 a person and day, from a national example (rule 24)
BACK_ENTRY = "补录"  # untranslated: looked for in what people typed

# What often is no voluntary service; people may mean well, so somebody reads it (rule 23).
FLAGGED_WORDS = (
    "会议", "讲座", "聚餐", "聚会", "团建", "值班", "选举", "参观", "考察", "实习", "演出", "排练",
    "祈福", "收费", "缴费", "报名费", "有偿", "促销", "推销", "转发", "抽奖",
)  # fmt: skip  # untranslated: looked for in what people typed


@dataclass(frozen=True)
class Organiser:
    """Who organises, as far as publishing asks."""

    name: str
    is_open: bool = True
    is_approved: bool = True


@dataclass(frozen=True)
class Leader:
    """The person in charge, as far as publishing asks."""

    name: str
    is_confirmed: bool = True


@dataclass(frozen=True)
class Policy:
    """An insurance policy, as far as publishing asks."""

    name: str
    starts_at: datetime
    ends_at: datetime
    is_ended: bool = False


@dataclass(frozen=True)
class Plan:
    """A whole plan as one value: what was told, and what is known of whom it names.

    ``shifts`` are the windows that take place, each with its post's place in ``posts`` from 1.
    """

    details: ActivityDetails
    organiser: Organiser
    leader: Leader | None = None
    policy: Policy | None = None
    posts: tuple[PostDetails, ...] = ()
    desks: tuple[DeskDetails, ...] = ()
    shifts: tuple[tuple[int, Window], ...] = ()
    is_published: bool = False

    @property
    def windows(self) -> tuple[Window, ...]:
        """When anything takes place."""
        return tuple(window for _post, window in self.shifts)


@dataclass(frozen=True)
class Gate:
    """One reason against publishing, the field to mend, and what its words are told with."""

    code: GateCode
    field: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def words(self) -> str:
        """What to mend, in the reader's language."""
        return str(self.code.label) % self.params


def gates_before(plan: Plan, *, now: datetime) -> tuple[Gate, ...]:
    """Return every reason against publishing a plan, in the order of the editor; none is ready.

    A published plan is asked again at each change, except for what only a first publication can
    mend: that it lies ahead.
    """
    return (
        *_what(plan), *_who(plan), *_where(plan), *_when(plan, now), *_posts(plan), *_desks(plan),
        *_safety(plan), *_sign_up(plan),
    )  # fmt: skip


def _what(plan: Plan) -> Iterator[Gate]:
    told = plan.details
    name = told.name.strip()
    if not name:
        yield Gate(GateCode.NAME_MISSING, "name")
    if len(name) > NAME_MAX:
        yield Gate(GateCode.NAME_TOO_LONG, "name", {"count": len(name)})
    if BACK_ENTRY in name:
        yield Gate(GateCode.NAME_IS_BACK_ENTRY, "name")
    if not 1 <= len(set(told.categories)) <= CATEGORIES_MAX:
        count = len(set(told.categories))
        yield Gate(GateCode.CATEGORIES_COUNT, "categories", {"count": count})
    if not told.content.strip():
        yield Gate(GateCode.CONTENT_MISSING, "content")
    if not told.conditions.strip():
        yield Gate(GateCode.CONDITIONS_MISSING, "conditions")
    if not told.declares_none_forbidden:
        yield Gate(GateCode.FORBIDDEN_NOT_DECLARED, "declares_none_forbidden")


def _who(plan: Plan) -> Iterator[Gate]:
    organiser = {"organiser": plan.organiser.name}
    if not plan.organiser.is_open:
        yield Gate(GateCode.ORGANISER_CLOSED, "organiser", organiser)
    if not plan.organiser.is_approved:
        yield Gate(GateCode.TEAM_NOT_APPROVED, "organiser", organiser)
    if plan.leader is None:
        yield Gate(GateCode.LEADER_MISSING, "leader")
    elif not plan.leader.is_confirmed:
        yield Gate(GateCode.LEADER_NOT_CONFIRMED, "leader", {"leader": plan.leader.name})


def _where(plan: Plan) -> Iterator[Gate]:
    # A duty post's place is its point's.
    has_points = bool(plan.posts) and all(post.point_id for post in plan.posts)
    if not plan.details.place_name.strip() and not has_points:
        yield Gate(GateCode.PLACE_MISSING, "place_name")


def _when(plan: Plan, now: datetime) -> Iterator[Gate]:
    windows = plan.windows
    if not windows:
        yield Gate(GateCode.SHIFTS_MISSING, "shifts")
        return
    if not plan.is_published and min(windows).starts_at <= now:
        yield Gate(GateCode.STARTS_IN_PAST, "shifts")
    if is_too_long(windows):
        yield Gate(GateCode.TOO_LONG, "shifts")
    opens_at, closes_at = plan.details.sign_up_opens_at, plan.details.sign_up_closes_at
    if closes_at is not None and closes_at > max(window.ends_at for window in windows):
        yield Gate(GateCode.RECRUITING_ENDS_LATE, "sign_up_closes_at")
    if closes_at is not None and closes_at <= now and not plan.is_published:
        yield Gate(GateCode.RECRUITING_IS_OVER, "sign_up_closes_at")
    if opens_at is not None and opens_at >= max(window.starts_at for window in windows):
        yield Gate(GateCode.RECRUITING_OPENS_LATE, "sign_up_opens_at")


def _posts(plan: Plan) -> Iterator[Gate]:
    if not plan.posts:
        yield Gate(GateCode.POSTS_MISSING, "posts")
    staffed = {place for place, _window in plan.shifts}
    for place, post in enumerate(plan.posts, 1):
        at, named = f"posts.{place - 1}", {"post": post.name}
        if plan.shifts and place not in staffed:
            yield Gate(GateCode.POST_WITHOUT_SHIFTS, f"{at}.name", named)
        if plan.details.hazards and (post.age_min or 0) < ADULT_AGE:
            yield Gate(GateCode.POST_NEEDS_ADULTS, f"{at}.age_min", named)
        if plan.details.kind == ActivityKind.DUTY and post.point_id is None:
            yield Gate(GateCode.POINTS_MISSING, f"{at}.point", named)


def _desks(plan: Plan) -> Iterator[Gate]:
    if plan.details.kind != ActivityKind.CONSULT:
        return
    if not plan.desks:
        yield Gate(GateCode.DESKS_MISSING, "desks")
    staffed = {post.desk for post in plan.posts}
    for place, desk in enumerate(plan.desks):
        named = {"desk": desk.department}
        if not desk.topics:
            yield Gate(GateCode.DESK_WITHOUT_TOPICS, f"desks.{place}.topics", named)
        if desk.number not in staffed:
            yield Gate(GateCode.DESK_UNSTAFFED, f"desks.{place}.department", named)


def _safety(plan: Plan) -> Iterator[Gate]:
    told = plan.details
    if not told.risk_text.strip():
        yield Gate(GateCode.RISK_MISSING, "risk_text")
    if not told.guarantees:
        yield Gate(GateCode.GUARANTEE_MISSING, "guarantees")
    if Guarantee.OTHER in told.guarantees and not told.guarantee_note.strip():
        yield Gate(GateCode.GUARANTEE_NOTE_MISSING, "guarantee_note")
    if told.hazards:
        yield from _insured(plan)


def _insured(plan: Plan) -> Iterator[Gate]:
    if plan.policy is None:
        yield Gate(GateCode.POLICY_MISSING, "policy")
        return
    named = {"policy": plan.policy.name}
    if plan.policy.is_ended:
        yield Gate(GateCode.POLICY_ENDED, "policy", named)
    outside = uncovered(plan.windows, starts_at=plan.policy.starts_at, ends_at=plan.policy.ends_at)
    if outside:
        yield Gate(GateCode.POLICY_TOO_SHORT, "policy", {**named, "count": len(outside)})


def _sign_up(plan: Plan) -> Iterator[Gate]:
    told = plan.details
    if not (told.contact_name.strip() and told.contact_phone.strip()):
        yield Gate(GateCode.CONTACT_MISSING, "contact_name")
    if told.allowance_fen > ALLOWANCE_FEN_MAX and not told.allowance_reason.strip():
        yield Gate(GateCode.ALLOWANCE_REASON_MISSING, "allowance_reason")


def agreement_causes(
    details: ActivityDetails, windows: Sequence[Window]
) -> tuple[AgreementCause, ...]:
    """Return why an agreement is asked of everybody (rule 21; BJ 18).

    That somebody is a foreigner is the person's own cause, which clearance knows.
    """
    found = (
        (AgreementCause.HIGH_RISK, bool(details.hazards)),
        (AgreementCause.LONG, lasts_a_month(windows)),
        (AgreementCause.LARGE_EVENT, Hazard.LARGE_EVENT in details.hazards),
        (AgreementCause.OUTSIDE_CITY, details.is_outside_city or Hazard.ABROAD in details.hazards),
        (AgreementCause.ASKED_FOR, details.wants_agreement),
    )
    return tuple(cause for cause, holds in found if holds)


def flags_in(details: ActivityDetails, posts: Sequence[PostDetails] = ()) -> tuple[str, ...]:
    """Return the words for which somebody reads the plan before it is published (rule 23)."""
    text = "\n".join(
        (details.name, details.content, *(f"{post.name}\n{post.tasks}" for post in posts))
    )
    return tuple(word for word in FLAGGED_WORDS if word in text)
