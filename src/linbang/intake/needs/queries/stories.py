"""One need as a page tells it: what is known, what happened, what lies ahead."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name, mask_phone
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import (
    may_speak_for,
)
from linbang.intake.needs import rules
from linbang.intake.needs.choices import (
    ENDED_UNSERVED,
    STATE_TONES,
    STATE_WORDS,
    STEP_HOPES,
    STEP_TITLES,
    NeedState,
)
from linbang.intake.needs.models import Need, NeedStep
from linbang.intake.needs.queries.needs import may_withdraw


@dataclass(frozen=True)
class StoryLine:
    """One line of a need's timeline; ``state`` is done, now, todo or stop."""

    title: str | Promise
    at: datetime | None = None
    note: str = ""
    state: str = "done"


def story_of(need: Need, *, viewer: Actor) -> list[StoryLine]:
    """Return a need's timeline, what lies ahead included; two queries.

    Staff read who did it by full name, everybody else by surname.
    """
    steps = list(steps_of(need))
    names = _names_of(steps, is_staff=_is_staff(viewer, need), viewer=viewer)
    story = [
        StoryLine(STEP_TITLES[NeedState(step.state)], step.at, _step_note(step, names))
        for step in steps
    ]
    if story:
        state = NeedState(need.state)
        mark = "stop" if state in ENDED_UNSERVED else "done"
        story[-1] = replace(story[-1], state=mark if state in rules.FINAL else "now")
    ahead = rules.milestones_ahead(NeedState(need.state))
    return story + [StoryLine(STEP_HOPES[state], state="todo") for state in ahead]


@dataclass(frozen=True)
class NeedSheet:
    """What a viewer may read of one need, masked for her, and what she may do with it."""

    who: str
    asked_by: str
    taken_by: str
    place: str
    phone: str
    words: str | Promise
    tone: str
    note: str
    risks: tuple[str, ...]
    risk_note: str
    helpers_reasons: tuple[str, ...]
    wishes: tuple[str, ...]
    is_trusted: bool
    is_answer_awaited: bool
    is_overdue: bool
    is_awaiting_confirmation: bool
    may_withdraw: bool
    may_verify: bool
    may_see_contact: bool


def sheet_of(need: Need, *, viewer: Actor, now: datetime) -> NeedSheet:
    """Return a need as this viewer may see it. Select item, region and the people beforehand.

    Those concerned and the staff who verify read names in full and what was told; others read
    surnames. Address and phone stay masked for all: the helper sees them in dispatch, staff
    through ``actions.see_contact``, which is logged.
    """
    state = NeedState(need.state)
    is_own = viewer.person_id in (need.beneficiary_id, need.requested_by_id)
    may_verify = viewer.may(Permission.VERIFY_NEEDS, region=need.region_id)
    is_trusted = is_own or may_verify or may_speak_for(viewer, need.beneficiary_id)
    name = str if is_trusted else mask_name
    told = need if is_trusted else None
    return NeedSheet(
        who=name(need.beneficiary.name),
        asked_by=name(need.requested_by.name),
        taken_by=name(need.taken_by.name) if need.taken_by else "",
        place=need.region.name,
        phone=mask_phone(need.phone),
        words=STATE_WORDS[state],
        tone=STATE_TONES[state],
        note=told.note if told else "",
        risks=tuple(str(risk.label) for risk in told.risks) if told else (),
        risk_note=told.risk_note if told else "",
        helpers_reasons=tuple(str(reason.label) for reason in need.helpers_reasons),
        wishes=need.wishes,
        is_trusted=is_trusted,
        is_answer_awaited=state == NeedState.OPENED and need.answer_due_at is not None,
        is_overdue=rules.is_answer_overdue(state, need.answer_due_at, now=now),
        is_awaiting_confirmation=state == NeedState.SERVED,
        may_withdraw=state in rules.WITHDRAWABLE and may_withdraw(viewer, need),
        may_verify=may_verify and state == NeedState.OPENED,
        may_see_contact=viewer.may(Permission.UNMASK_CONTACT, region=need.region_id),
    )


def steps_of(need: Need) -> QuerySet[NeedStep]:
    """Return a need's steps in order."""
    return NeedStep.objects.filter(cell=need.cell, need_id=need.pk).order_by("id")


def _is_staff(actor: Actor, need: Need) -> bool:
    return actor.may(Permission.SEE_NEEDS, region=need.region_id)


def _names_of(steps: list[NeedStep], *, is_staff: bool, viewer: Actor) -> dict[int, str]:
    ids = {one for step in steps for one in (step.by_id, step.on_behalf_of_id) if one}
    found = Person.objects.filter(pk__in=ids).values_list("pk", "name")
    names = {pk: name if is_staff else mask_name(name) for pk, name in found}
    if viewer.person_id in names:
        names[viewer.person_id] = gettext("我")
    return names


def _step_note(step: NeedStep, names: dict[int, str]) -> str:
    by = names.get(step.by_id or 0, gettext("系统"))
    whom = names.get(step.on_behalf_of_id or 0)
    who = gettext("%(by)s（代%(whom)s）") % {"by": by, "whom": whom} if whom else by
    return (
        gettext("%(who)s：%(reason)s") % {"who": who, "reason": step.reason} if step.reason else who
    )
