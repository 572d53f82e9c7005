"""Named lists, frozen lists, and what leaves the house."""

from datetime import date, timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.events import announce
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.people.choices import UnmaskReason
from linbang.foundation.people.errors import ReasonMissing
from linbang.foundation.people.events import PersonClosed
from linbang.foundation.people.factories import make_volunteer
from linbang.foundation.people.models import VolunteerProfile
from linbang.intake.activities.choices import ActivityState, PolicyScope, ShiftState
from linbang.intake.activities.factories import (
    BEFORE,
    SATURDAY,
    make_activity,
    make_policy,
    make_shift,
)
from linbang.operations.clearance import actions, errors, queries
from linbang.operations.clearance.factories import make_frozen_list, make_insured
from linbang.operations.clearance.models import InsuredList, InsuredListEntry
from linbang.operations.clearance.tests.cast import actor_of, make_helper, make_worker, trail

pytestmark = pytest.mark.django_db
NAMED = PolicyScope.NAMED


def crossing(scope=PolicyScope.SIGNED_UP, **columns):
    policy = make_policy(make_unit(), scope=scope)
    activity = make_activity("路口劝导", **{"hazards": ["traffic"], "policy": policy, **columns})
    return make_shift(activity), policy


def freezing(shift, policy, *people, now=SATURDAY):
    return actions.freeze_list(
        shift_id=shift.pk, person_ids=[one.pk for one in people], policy_id=policy.pk, now=now
    )


def names_on(frozen):
    entries = InsuredListEntry.objects.filter(insured_list=frozen).order_by("person_id")
    return list(entries.values_list("person_id", flat=True))


def test_everybody_with_a_place_is_insured_once_the_shift_starts():
    shift, policy = crossing()
    first, second = make_helper(), make_helper()

    frozen = freezing(shift, policy, first, second)
    again = freezing(shift, policy, first, make_helper("迟到"), now=SATURDAY + timedelta(minutes=1))

    assert frozen == again
    assert names_on(frozen) == [first.pk, second.pk]
    assert (frozen.frozen_at, frozen.policy_id) == (SATURDAY, policy.pk)
    assert trail() == ["clearance.freeze_list"]


def test_named_policy_insures_who_is_on_its_list():
    shift, policy = crossing(NAMED)
    named, removed, other = make_helper(), make_helper(), make_helper()
    make_insured(policy, named)
    make_insured(policy, removed, removed_at=BEFORE)

    assert names_on(freezing(shift, policy, named, removed, other)) == [named.pk]


def test_empty_list_is_frozen_too():
    shift, policy = crossing()

    assert names_on(freezing(shift, policy)) == []


def test_freezing_what_is_not_there_is_not_found():
    shift, policy = crossing()

    for ids in [(10**15, policy.pk), (shift.pk, 10**15)]:
        with pytest.raises(NotFound):
            actions.freeze_list(shift_id=ids[0], person_ids=[], policy_id=ids[1], now=SATURDAY)


@pytest.mark.parametrize(
    ("activity", "shift", "minutes", "is_due"),
    [
        ({}, {}, 0, True),
        ({}, {}, 119, True),
        ({}, {}, -1, False),  # not begun
        ({}, {}, 120, False),  # over
        ({"hazards": []}, {}, 0, False),
        ({"policy": None}, {}, 0, False),
        ({"state": ActivityState.CANCELLED}, {}, 0, False),
        (
            {},
            {"state": ShiftState.CANCELLED, "cancelled_at": BEFORE, "cancel_reason": "雨"},
            0,
            False,
        ),
    ],
)
def test_shifts_under_way_without_a_list_are_due(activity, shift, minutes, is_due):
    made, _ = crossing(**activity)
    type(made).objects.filter(pk=made.pk).update(**shift)

    due = queries.shifts_to_freeze(SATURDAY + timedelta(minutes=minutes))

    assert [one.pk for one in due] == ([made.pk] if is_due else [])


def test_frozen_shift_is_due_no_more():
    shift, policy = crossing()
    freezing(shift, policy)

    assert not queries.shifts_to_freeze(SATURDAY).exists()


def inserting(policy, by, *people):
    return actions.insure_people(
        policy_id=policy.pk, person_ids=[one.pk for one in people], by=by, now=BEFORE
    )


def test_people_are_put_on_the_list_once():
    policy, worker = make_policy(make_unit(), scope=NAMED), make_worker()
    first, second = make_helper(), make_helper()

    counts = [inserting(policy, worker, first), inserting(policy, worker, first, second)]

    assert counts == [1, 1]
    assert queries.insured_ids(policy) == {first.pk, second.pk}
    assert inserting(policy, worker, first) == 0
    assert trail() == ["clearance.insure_people"] * 2


def test_who_is_taken_off_may_come_back():
    policy, worker, person = make_policy(make_unit(), scope=NAMED), make_worker(), make_helper()
    inserting(policy, worker, person)

    for _ in range(2):
        actions.remove_insured(policy_id=policy.pk, person_id=person.pk, by=worker, now=BEFORE)

    assert queries.insured_ids(policy) == set()
    assert trail().count("clearance.remove_insured") == 1
    assert inserting(policy, worker, person) == 1


def test_who_is_gone_leaves_every_list_but_the_frozen_ones():
    shift, policy = crossing(NAMED)
    other = make_policy(make_unit(), scope=NAMED)
    person, stays = make_helper(), make_helper()
    for one in (policy, other):
        make_insured(one, person)
        make_insured(one, stays)
    frozen = make_frozen_list(shift, policy, person)

    announce(PersonClosed(person_id=person.pk, cell=person.cell, at=BEFORE))

    assert queries.insured_ids(policy) == queries.insured_ids(other) == {stays.pk}
    assert names_on(frozen) == [person.pk]
    assert trail().count("clearance.remove_insured") == 2


def test_team_is_insured_with_everybody_below_it():
    policy, worker = make_policy(make_unit(), scope=NAMED), make_worker()
    team = make_team()
    squad = make_team(parent=team)
    captain, member, asked, gone = (make_helper() for _ in range(4))
    make_membership(team, captain)
    make_membership(squad, member)
    make_membership(squad, captain)
    make_membership(squad, asked, approved=False)
    make_membership(squad, gone, ended_at=BEFORE)

    count = actions.insure_team(policy_id=policy.pk, organisation_id=team.pk, by=worker, now=BEFORE)

    assert count == 2
    assert queries.insured_ids(policy) == {captain.pk, member.pk}
    with pytest.raises(NotFound):
        actions.insure_team(policy_id=policy.pk, organisation_id=10**15, by=worker, now=BEFORE)


def pasting(policy, by, text):
    return actions.insure_numbers(policy_id=policy.pk, text=text, by=by, now=BEFORE)


def test_pasted_numbers_are_taken_together():
    policy, worker = make_policy(make_unit(), scope=NAMED), make_worker()
    profiles = [make_volunteer() for _ in range(2)]
    text = f"  {profiles[0].number.lower()} \n\n{profiles[1].number}\n"

    assert pasting(policy, worker, text) == 2
    assert queries.insured_ids(policy) == {one.person_id for one in profiles}


def test_one_bad_line_keeps_the_list_as_it_is_and_each_is_told():
    policy, worker = make_policy(make_unit(), scope=NAMED), make_worker()
    good, gone = make_volunteer(), make_volunteer()
    VolunteerProfile.objects.filter(pk=gone.pk).update(ended_at=BEFORE)
    text = f"{good.number}\n王建国\n{good.number}\n{gone.number}"

    with pytest.raises(errors.LinesRefused) as refusal:
        pasting(policy, worker, text)

    assert (refusal.value.code, refusal.value.field) == ("lines_refused", "numbers")
    assert str(refusal.value) == (
        "有 3 行不能登记，名单没有改动：第 2 行 王建国 不是志愿者编号；"
        f"第 3 行 {good.number} 重复了；第 4 行 {gone.number} 没有这个编号的志愿者。"
        "请改好后再提交。"
    )
    assert queries.insured_ids(policy) == set()


def test_long_report_is_cut():
    lines = queries.read_numbers("\n".join(f"甲{n}" for n in range(12)))

    assert queries.report_of(lines).count("；") == 10
    assert queries.report_of(lines).endswith("；…")


def test_empty_paste_is_refused():
    with pytest.raises(errors.ListEmpty) as refusal:
        pasting(make_policy(make_unit(), scope=NAMED), make_worker(), " \n ")

    assert refusal.value.code == "list_empty"


@pytest.mark.parametrize(
    ("columns", "refusal"),
    [
        ({"scope": PolicyScope.SIGNED_UP}, errors.PolicyNeedsNoList),
        ({"scope": NAMED, "ended_at": BEFORE}, errors.PolicyEnded),
        ({"scope": NAMED, "ends_at": BEFORE}, errors.PolicyEnded),
    ],
)
def test_list_of_a_policy_that_takes_none_is_refused(columns, refusal):
    policy = make_policy(make_unit(), **columns)

    with pytest.raises(refusal) as refused:
        inserting(policy, make_worker(), make_helper())

    assert refused.value.code in {"policy_needs_no_list", "policy_ended"}


def test_strangers_touch_no_list():
    policy, person = make_policy(make_unit(), scope=NAMED), make_helper()

    for by in (make_worker(region="450103001006"), actor_of(person)):
        with pytest.raises(NotAllowed):
            inserting(policy, by, person)
        with pytest.raises(NotAllowed):
            actions.remove_insured(policy_id=policy.pk, person_id=person.pk, by=by, now=BEFORE)
    worker = make_worker()
    with pytest.raises(NotFound):
        actions.insure_people(policy_id=policy.pk, person_ids=[10**15], by=worker, now=BEFORE)
    with pytest.raises(NotFound):
        actions.insure_people(policy_id=10**15, person_ids=[], by=worker, now=BEFORE)


@pytest.fixture
def officer():
    return make_worker("林主任", role=Role.COMMUNITY_OFFICER)


def test_export_shows_all_and_is_kept_for_each(officer):
    shift, policy = crossing()
    people = [make_helper("王建国"), make_helper("李四")]
    frozen = make_frozen_list(shift, policy, *people)

    told = actions.export_frozen_list(
        list_id=frozen.pk, reason=UnmaskReason.INSURANCE, by=officer, now=SATURDAY
    )

    assert [(line.name, line.document_number, line.phone) for line in told.lines] == [
        (one.name, one.document_number, one.phone) for one in reversed(people)
    ]
    events = AuditEvent.objects.filter(action="clearance.export_insured").order_by("id")
    assert [(one.about_id, one.outcome) for one in events] == [
        (one.pk, "exported") for one in reversed(people)
    ]
    assert events[0].detail == {
        "shift": shift.pk, "reason": "insurance", "note": "", "masked": False
    }  # fmt: skip


def test_minor_stays_masked_without_an_approved_reason(officer):
    policy = make_policy(make_unit(), scope=NAMED)
    child = make_helper("欧阳小明", birth_date=date(2012, 1, 1))
    make_insured(policy, child)

    def exported(reason):
        told = actions.export_named_list(policy_id=policy.pk, reason=reason, by=officer, now=BEFORE)
        return told.lines[0]

    masked, full = exported("insurance"), exported("own_request")

    assert (masked.name, masked.is_masked) == ("欧阳**", True)
    assert "********" in masked.document_number
    assert full.document_number == child.document_number


def test_export_needs_permission_and_reason(officer):
    shift, policy = crossing()
    frozen = make_frozen_list(shift, policy, make_helper())

    def export(by, reason="insurance", note=""):
        return actions.export_frozen_list(
            list_id=frozen.pk, reason=reason, note=note, by=by, now=SATURDAY
        )

    for by in (make_worker(), make_worker(role=Role.STREET_OFFICER), actor_of(make_helper())):
        with pytest.raises(NotAllowed):
            export(by)
    for reason in ("", "curious", "other"):
        with pytest.raises(ReasonMissing):
            export(officer, reason)
    assert not AuditEvent.objects.filter(action="clearance.export_insured").exists()
    assert export(officer, "other", "保险公司来电核对名单").lines


def test_export_of_what_is_not_there(officer):
    with pytest.raises(NotFound):
        actions.export_frozen_list(list_id=10**15, reason="insurance", by=officer, now=BEFORE)
    with pytest.raises(NotFound):
        actions.export_named_list(policy_id=10**15, reason="insurance", by=officer, now=BEFORE)


def test_lists_are_seen_by_the_workers_of_the_policys_region(django_assert_num_queries):
    shift, policy = crossing(NAMED)
    make_insured(policy, make_helper())
    make_insured(policy, make_helper(), removed_at=BEFORE)
    make_frozen_list(shift, policy, make_helper(), make_helper())
    worker, stranger = make_worker(), make_worker(region="450103001006")

    with django_assert_num_queries(2):
        [kept] = queries.policies_kept_by(worker)
        [frozen] = queries.frozen_lists_kept_by(worker)

    assert (kept.people, frozen.people, frozen.shift.activity.name) == (1, 2, "路口劝导")
    assert not queries.policies_kept_by(stranger).exists()
    assert not InsuredList.objects.filter(pk__in=queries.frozen_lists_kept_by(stranger)).exists()
