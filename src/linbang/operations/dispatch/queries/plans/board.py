"""A plan as staff read it: who goes where and why, why not the first choice, what stays open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import CHINA, day_window
from linbang.foundation.errors import NotFound
from linbang.foundation.places.rules import short_name
from linbang.intake.needs.choices import Urgency
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import (
    PLAN_TONES,
    PLANNED_LIVE,
    PLANNED_TONES,
    Answer,
    DropCause,
    PlanCause,
    PlanHelp,
    PlannedState,
    PlanStage,
    PlanState,
    Unfit,
)
from linbang.operations.dispatch.models import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.queries.board import names_of
from linbang.operations.dispatch.queries.plans.runs import SEALED_OF_NEED, reach_of


@dataclass(frozen=True)
class PlanRow:
    """A plan in a list: whose, for which days, how far, how good.

    ``fixed``: how many of the filled are promised or asked already. ``gap``: how far above the
    best possible it lies at most, in per cent; None where nothing was proven. ``words`` say what
    goes on. ``may_be_decided``: the reader may publish it or put it away, not only see her part.
    """

    public_id: UUID
    place: str
    starts_on: date
    ends_on: date
    is_nightly: bool
    state: PlanState
    label: str
    tone: str
    words: str
    progress: int
    needs: int
    filled: int
    fixed: int
    missing: int
    hopeless: int
    mean_metres: int | None
    first_choices: int
    busiest_share: int
    volunteers: int
    gap: float | None
    asked_at: datetime
    asked_by: str
    made_at: datetime | None
    published_at: datetime | None
    published_by: str
    may_be_decided: bool

    @property
    def is_under_way(self) -> bool:
        """Whether it is worth looking again in a moment."""
        return self.state in (PlanState.QUEUED, PlanState.RUNNING)

    @property
    def may_be_changed(self) -> bool:
        """Whether visits may be overruled still."""
        return self.state == PlanState.READY


@dataclass(frozen=True)
class NeedLine:
    """The need of a visit or gap: the beneficiary by surname, as staff lists go; its building."""

    public_id: UUID
    who: str
    item: str
    icon: str
    place: str
    region_code: str
    longitude: float | None
    latitude: float | None
    starts_at: datetime
    ends_at: datetime
    is_urgent: bool
    helpers: int


@dataclass(frozen=True)
class PlannedRow:
    """One visit of a plan.

    ``why``: reasons in words; ``why_not_first``: why somebody else goes than who suits best;
    ``why_dropped``: why nobody was asked. What an overruling cost is in ``extra_metres``,
    ``extra_empty`` and ``extra_cost``; None where nobody overruled.
    """

    public_id: UUID
    need: NeedLine
    place: int
    person_id: UUID
    name: str
    number: str
    longitude: float | None
    latitude: float | None
    rank: int
    regret: int
    metres: int | None
    why: tuple[str, ...]
    why_not_first: str
    blocker: NeedLine | None
    state: PlannedState
    label: str
    tone: str
    why_dropped: str
    is_fixed: bool
    is_by_hand: bool
    answer_by: datetime | None
    overruled_for: str
    overruled_by: str
    extra_metres: int | None
    extra_empty: int | None
    extra_cost: int | None


@dataclass(frozen=True)
class GapRow:
    """One need that stays short of helpers, and why: nobody at all, or who could and what keeps
    them, counted.
    """

    need: NeedLine
    missing: int
    hopeless: int
    is_by_hand: bool
    nobody: tuple[tuple[Unfit, int], ...]
    busy: tuple[tuple[PlanCause, int], ...]
    help: PlanHelp


def plan_rows(runs: Iterable[PlanRun], *, viewer: Actor) -> list[PlanRow]:
    """Return plans as rows; one query beside that of the plans, which have their region."""
    runs = list(runs)
    names = names_of(one for run in runs for one in (run.asked_by_id, run.published_by_id))
    return [_plan_row(run, names, viewer) for run in runs]


def _plan_row(run: PlanRun, names: dict[int, str], viewer: Actor) -> PlanRow:
    state, figures = PlanState(run.state), run.figures
    return PlanRow(
        public_id=run.public_id,
        place=short_name(run.region.name),
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        is_nightly=run.night is not None,
        state=state,
        label=str(state.label),
        tone=PLAN_TONES[state],
        words=str(PlanStage(run.stage).label if state == PlanState.RUNNING else state.label),
        progress=run.progress,
        needs=figures.get("needs", 0),
        filled=figures.get("filled", 0),
        fixed=figures.get("fixed", 0),
        missing=figures.get("missing", 0),
        hopeless=figures.get("hopeless", 0),
        mean_metres=figures.get("mean_metres"),
        first_choices=figures.get("first_choices", 0),
        busiest_share=figures.get("busiest_share", 0),
        volunteers=figures.get("volunteers", 0),
        gap=None if run.gap_millionths is None else run.gap_millionths / 10_000,
        asked_at=run.asked_at,
        asked_by=names.get(run.asked_by_id or 0, ""),
        made_at=run.made_at,
        published_at=run.published_at,
        published_by=names.get(run.published_by_id or 0, ""),
        may_be_decided=viewer.may(Permission.DISPATCH, region=run.region_id),
    )


def visits_of_plan(
    run: PlanRun, *, day: date | None = None, viewer: Actor | None = None
) -> QuerySet[PlannedVisit]:
    """Return the visits of a plan that count or say why they do not, by time; of one day if told.

    Only what lies where the viewer dispatches; everything for the system (None). Who was replaced
    without a reason, only because others moved, is left out.
    """
    shown = Q(state__in=(*PLANNED_LIVE, PlannedState.DROPPED)) | Q(overruled_at__isnull=False)
    visits = PlannedVisit.objects.filter(shown | Q(offer__isnull=False), reach_of(viewer), run=run)
    if day is not None:
        low, high = day_window(day)
        visits = visits.filter(need__starts_at__gte=low, need__starts_at__lt=high)
    return (
        visits.select_related(
            *("need__item", "need__region", "need__beneficiary", "volunteer__volunteer"),
            *("offer__answer", "offer__assignment"),
            *("blocker__item", "blocker__region", "blocker__beneficiary"),
        )
        .defer(*(f"{need}__{name}" for need in ("need", "blocker") for name in SEALED_OF_NEED))
        .order_by("need__starts_at", "need_id", "place", "id")
    )


def planned_visit_of(run: PlanRun, public_id: UUID, *, viewer: Actor) -> PlannedVisit:
    """Return a visit of a plan where the viewer dispatches. Raises NotFound."""
    visit = visits_of_plan(run, viewer=viewer).filter(public_id=public_id).first()
    if visit is None:
        raise NotFound
    return visit


def planned_rows(visits: Iterable[PlannedVisit], *, now: datetime) -> list[PlannedRow]:
    """Return visits of a plan as rows; one query beside that of ``visits_of_plan``."""
    visits = list(visits)
    names = names_of(visit.overruled_by_id for visit in visits)
    return [_planned_row(visit, names, now=now) for visit in visits]


def _planned_row(visit: PlannedVisit, names: dict[int, str], *, now: datetime) -> PlannedRow:
    state, blocker, home = _standing(visit, now=now), visit.blocker, visit.volunteer.volunteer
    is_open = state == PlannedState.OFFERED and visit.offer is not None
    return PlannedRow(
        public_id=visit.public_id,
        need=need_line(visit.need),
        place=visit.place,
        person_id=visit.volunteer.public_id,
        name=visit.volunteer.name,
        number=home.number,
        longitude=home.longitude,
        latitude=home.latitude,
        rank=visit.rank,
        regret=visit.regret,
        metres=visit.metres,
        why=rules.reason_words(visit.reasons),
        why_not_first=rules.blocker_words(blocker.item.label) if blocker else "",
        blocker=need_line(blocker) if blocker else None,
        state=state,
        label=str(state.label),
        tone=PLANNED_TONES[state],
        why_dropped=_why_dropped(visit),
        is_fixed=visit.is_fixed,
        is_by_hand=visit.is_by_hand,
        answer_by=visit.offer.expires_at if is_open and visit.offer else None,
        overruled_for=visit.overruled_for,
        overruled_by=names.get(visit.overruled_by_id or 0, ""),
        extra_metres=visit.overruling.get("metres"),
        extra_empty=visit.overruling.get("empty"),
        extra_cost=visit.overruling.get("cost"),
    )


def _standing(visit: PlannedVisit, *, now: datetime) -> PlannedState:
    offer = visit.offer
    answer: Any = getattr(offer, "answer", None)
    assignment: Any = getattr(offer, "assignment", None)
    return rules.standing_of(
        PlannedState(visit.state),
        Answer(answer.answer) if answer else None,
        is_open=offer is not None and offer.expires_at > now,
        has_left=assignment is not None and assignment.ended_at is not None,
    )


def _why_dropped(visit: PlannedVisit) -> str:
    if not visit.dropped_for:
        return ""
    return str(
        Unfit(visit.unfit_for).label if visit.unfit_for else DropCause(visit.dropped_for).label
    )


def gaps_of_plan(
    run: PlanRun, *, day: date | None = None, viewer: Actor | None = None
) -> QuerySet[PlanGap]:
    """Return what a plan leaves open, by time, as ``visits_of_plan`` returns the visits."""
    gaps = PlanGap.objects.filter(reach_of(viewer), run=run)
    if day is not None:
        low, high = day_window(day)
        gaps = gaps.filter(need__starts_at__gte=low, need__starts_at__lt=high)
    return (
        gaps.select_related("need__item", "need__region", "need__beneficiary")
        .defer(*(f"need__{name}" for name in SEALED_OF_NEED))
        .order_by("need__starts_at", "need_id")
    )


def gap_rows(gaps: Iterable[PlanGap]) -> list[GapRow]:
    """Return gaps as rows; no query beside that of ``gaps_of_plan``."""
    rows = []
    for gap in gaps:
        nobody, busy = rules.gap_words(gap.causes)
        rows.append(
            GapRow(
                need=need_line(gap.need),
                missing=gap.missing,
                hopeless=gap.hopeless,
                is_by_hand=gap.is_by_hand,
                nobody=nobody,
                busy=busy,
                help=rules.what_helps(gap.causes, is_by_hand=gap.is_by_hand),
            )
        )
    return rows


def need_line(need: Need) -> NeedLine:
    """Return a need as a line; its item, region and beneficiary are loaded."""
    return NeedLine(
        public_id=need.public_id,
        who=mask_name(need.beneficiary.name),
        item=need.item.label,
        icon=need.item.icon,
        place=need.region.name,
        region_code=need.region_id,
        longitude=need.region.longitude,
        latitude=need.region.latitude,
        starts_at=need.starts_at,
        ends_at=need.ends_at,
        is_urgent=need.urgency == Urgency.URGENT,
        helpers=need.helpers,
    )


def days_of_plan(run: PlanRun, *, viewer: Actor | None = None) -> list[tuple[date, int, int]]:
    """Return the days of a plan, each with its visits and with the helpers missing; two queries."""
    day = TruncDate("need__starts_at", tzinfo=CHINA)
    planned = dict(
        PlannedVisit.objects.filter(reach_of(viewer), run=run, state__in=PLANNED_LIVE)
        .values_list(day)
        .annotate(Count("pk"))
        .order_by()
    )
    missing = dict(
        PlanGap.objects.filter(reach_of(viewer), run=run)
        .values_list(day)
        .annotate(Sum("missing"))
        .order_by()
    )
    count = (run.ends_on - run.starts_on).days + 1
    days = [run.starts_on + timedelta(days=n) for n in range(count)]
    return [(one, planned.get(one, 0), missing.get(one, 0)) for one in days]
