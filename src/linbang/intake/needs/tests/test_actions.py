import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import KeyReused, NotAllowed, NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_worker,
)
from linbang.foundation.places.factories import BUILDING, NEIGHBOUR_COMMUNITY
from linbang.intake.needs import actions, errors
from linbang.intake.needs.choices import HelpersReason, KnownRisk, NeedChannel, NeedState
from linbang.intake.needs.factories import MONDAY, make_item, make_need
from linbang.intake.needs.models import Need, NeedStep

TUESDAY_NINE = MONDAY + timedelta(hours=23)

pytestmark = pytest.mark.django_db


@pytest.fixture
def elder():
    make_item()
    return make_person("李秀英")


@pytest.fixture
def worker():
    return make_worker("张敏")


def open_need(elder, *, by: Actor | None = None, **changed):
    asked = {
        "beneficiary_id": elder.pk,
        "requested_by_id": elder.pk,
        "channel": NeedChannel.SELF,
        "item_code": "shopping",
        "starts_at": TUESDAY_NINE,
        "ends_at": TUESDAY_NINE + timedelta(hours=1),
        "note": "买十斤米",
        "known_risks": ["dog"],
        "key": "one-tap",
        "now": MONDAY,
        **changed,
    }
    return actions.open_need(by=by or make_actor(elder), **asked)


def steps(need):
    return list(need.steps.order_by("id").values_list("state", "by_id", "on_behalf_of_id"))


def test_opening_keeps_who_what_where_when_and_risks(elder):
    need = open_need(elder)

    need = Need.objects.get(pk=need.pk)
    assert (need.item_id, need.starts_at, need.note) == ("shopping", TUESDAY_NINE, "买十斤米")
    assert (need.address, need.phone) == ("新竹社区 1栋 2单元301室", elder.phone)
    assert (need.risks, need.region_id, need.cell) == ((KnownRisk.DOG,), BUILDING, "450103")
    assert need.answer_due_at == MONDAY.replace(hour=0) + timedelta(days=2)
    assert steps(need) == [("opened", elder.pk, None)]
    assert AuditEvent.objects.filter(action="needs.open_need", about_id=elder.pk).count() == 1


def test_opening_one_s_own_tells_nobody_what_she_knows(elder):
    open_need(elder)

    assert Notice.objects.count() == 0


def test_first_visit_needs_two_helpers_later_ones_need_one(elder):
    first = open_need(elder)
    make_need(elder, state=NeedState.FULFILLED, starts_at=MONDAY - timedelta(days=7))
    later = open_need(elder, key="second", item_code=make_item("company").code)

    assert (first.helpers, first.helpers_reasons) == (2, (HelpersReason.FIRST_VISIT,))
    assert (later.helpers, later.helpers_reasons) == (1, ())


def test_same_key_and_content_returns_the_same_need(elder):
    assert open_need(elder).pk == open_need(elder).pk
    assert Need.objects.count() == 1


def test_same_key_with_other_content_is_refused(elder):
    open_need(elder)

    with pytest.raises(KeyReused):
        open_need(elder, note="买二十斤米")


def test_confirmed_relative_may_ask(elder):
    daughter = make_person("王芳")
    make_kinship(elder, daughter)

    need = open_need(
        elder,
        by=make_actor(daughter),
        requested_by_id=daughter.pk,
        channel=NeedChannel.RELATIVE,
    )

    assert (need.channel, need.requested_by_id, need.taken_by_id) == ("relative", daughter.pk, None)
    assert list(Notice.objects.values_list("person_id", "template")) == [(elder.pk, "need_opened")]


def test_unconfirmed_relative_may_not_ask(elder):
    stranger = make_person("赵强")
    make_kinship(elder, stranger, confirmed=False)

    with pytest.raises(errors.MayNotSpeakFor):
        open_need(
            elder,
            by=make_actor(stranger),
            requested_by_id=stranger.pk,
            channel=NeedChannel.RELATIVE,
        )


def test_worker_of_another_community_may_not_take_down(elder):
    other = make_worker("何平", region=NEIGHBOUR_COMMUNITY)

    with pytest.raises(errors.MayNotSpeakFor):
        open_need(elder, by=other, channel=NeedChannel.PHONE)


def test_taking_down_stores_who_acted_for_whom(elder, worker):
    need = actions.take_down_need(
        caller_id=elder.pk, beneficiary_id=elder.pk, item_code="shopping", minutes=45,
        starts_at=TUESDAY_NINE, channel="phone", key="call", verify_now=True, by=worker, now=MONDAY,
    )  # fmt: skip

    assert (need.taken_by_id, need.ends_at - need.starts_at) == (
        worker.person_id,
        timedelta(minutes=45),
    )
    assert steps(need) == [
        ("opened", worker.person_id, elder.pk),
        ("verified", worker.person_id, None),
    ]


def test_item_not_offered_is_refused(elder):
    make_item("legal", is_offered=False)

    with pytest.raises(errors.ItemNotOffered):
        open_need(elder, item_code="legal")


def test_window_in_the_past_is_refused(elder):
    with pytest.raises(errors.WindowNotBookable):
        open_need(elder, now=TUESDAY_NINE + timedelta(minutes=1))


def test_emergency_is_refused_with_the_number_to_call(elder):
    with pytest.raises(errors.EmergencyNotDispatched) as refused:
        open_need(elder, note="老伴晕倒了")

    assert "120" in str(refused.value)
    assert Need.objects.count() == 0


def test_words_of_emergency_pass_once_denied(elder):
    need = open_need(elder, note="上月晕倒过，陪我复查", is_no_emergency=True)

    assert need.state == NeedState.OPENED


def test_unknown_risk_is_refused(elder):
    with pytest.raises(errors.RiskUnknown):
        open_need(elder, known_risks=["dragon"])


def test_need_without_phone_is_refused():
    make_item()
    silent = make_person("陈静", phone="", has_account=False)

    with pytest.raises(errors.ContactMissing):
        open_need(silent, by=Actor.system())


def test_relative_s_phone_stands_in_for_a_missing_one(elder):
    silent = make_person("陈静", phone="", has_account=False)
    make_kinship(silent, elder)

    need = open_need(
        silent, by=make_actor(elder), requested_by_id=elder.pk, channel=NeedChannel.RELATIVE
    )

    assert need.phone == elder.phone


def test_closed_person_is_not_found(elder):
    by = make_actor(elder)
    elder.closed_at = elder.registered_at
    elder.save(update_fields=["closed_at"])

    with pytest.raises(NotFound):
        open_need(elder, by=by)


def test_second_visit_of_a_kind_that_day_is_refused(elder):
    open_need(elder)

    with pytest.raises(errors.AlreadyAskedThatDay):
        open_need(elder, key="again", starts_at=TUESDAY_NINE + timedelta(hours=3),
                  ends_at=TUESDAY_NINE + timedelta(hours=4))  # fmt: skip


def test_withdrawn_need_leaves_the_day_free(elder):
    actions.withdraw_need(need_id=open_need(elder).pk, by=make_actor(elder), now=MONDAY)

    assert open_need(elder, key="again").state == NeedState.OPENED


def test_station_may_allow_a_second_visit(elder, worker):
    open_need(elder)

    extra = open_need(elder, key="again", by=worker, channel=NeedChannel.PHONE, is_extra=True)

    assert extra.is_extra


def test_resident_may_not_allow_herself_a_second_visit(elder):
    with pytest.raises(NotAllowed):
        open_need(elder, is_extra=True)


def test_verification_answers_sets_risks_and_tells_the_resident(elder, worker):
    need = open_need(elder)

    actions.verify_need(
        need_id=need.pk,
        known_risks=["fall"],
        risk_note="三楼没灯",
        helpers=3,
        by=worker,
        now=MONDAY,
    )

    need = Need.objects.get(pk=need.pk)
    assert (need.state, need.first_answered_at, need.risks) == (
        "verified", MONDAY, (KnownRisk.FALL,),
    )  # fmt: skip
    assert (need.risk_note, need.helpers) == ("三楼没灯", 3)
    assert need.helpers_reasons == (HelpersReason.FIRST_VISIT, HelpersReason.STATION)
    assert list(Notice.objects.values_list("person_id", "template")) == [
        (elder.pk, "need_verified")
    ]


def test_fewer_helpers_than_the_rule_are_refused(elder, worker):
    need = open_need(elder)

    with pytest.raises(errors.TooFewHelpers):
        actions.verify_need(need_id=need.pk, helpers=1, by=worker, now=MONDAY)


def test_building_head_may_not_verify(elder):
    head = make_actor(make_person("黄伟"), Role.BUILDING_HEAD, region=BUILDING)

    with pytest.raises(NotAllowed):
        actions.verify_need(need_id=open_need(elder).pk, by=head, now=MONDAY)


def test_verifying_twice_is_refused(elder, worker):
    need = open_need(elder)
    actions.verify_need(need_id=need.pk, by=worker, now=MONDAY)

    with pytest.raises(errors.StateNotNext):
        actions.verify_need(need_id=need.pk, by=worker, now=MONDAY)


def test_declining_gives_the_reason(elder, worker):
    need = open_need(elder)

    actions.decline_need(need_id=need.pk, reason="请找燃气公司", by=worker, now=MONDAY)

    assert need.steps.get(state="declined").reason == "请找燃气公司"
    assert Notice.objects.get(person=elder).params["reason"] == "请找燃气公司"


def test_declining_without_reason_is_refused(elder, worker):
    need = open_need(elder)

    with pytest.raises(errors.ReasonRequired):
        actions.decline_need(need_id=need.pk, reason="  ", by=worker, now=MONDAY)


@pytest.mark.parametrize("state", ["opened", "offered", "assigned", "under_way"])
def test_withdrawal_is_possible_until_served(elder, state):
    need = make_need(elder, state=NeedState(state))

    assert actions.withdraw_need(need_id=need.pk, by=make_actor(elder), now=MONDAY).state == (
        "withdrawn"
    )


def test_withdrawal_after_service_is_refused(elder):
    need = make_need(elder, state=NeedState.SERVED)

    with pytest.raises(errors.StateNotNext):
        actions.withdraw_need(need_id=need.pk, by=make_actor(elder), now=MONDAY)


def test_relative_and_station_may_withdraw_strangers_may_not(elder, worker):
    daughter = make_person("王芳")
    make_kinship(elder, daughter)
    stranger = make_actor(make_person("赵强"))
    need = make_need(elder)

    with pytest.raises(NotFound):
        actions.withdraw_need(need_id=need.pk, by=stranger, now=MONDAY)
    actions.withdraw_need(need_id=need.pk, by=make_actor(daughter), now=MONDAY)
    actions.withdraw_need(need_id=make_need(elder).pk, by=worker, now=MONDAY)

    assert Need.objects.filter(state="withdrawn").count() == 2


def test_later_steps_advance_and_repeat_without_a_step(elder):
    need = make_need(elder, state=NeedState.VERIFIED)

    for _time in range(2):
        actions.advance_need(
            need=need, state=NeedState.OFFERED, by=Actor.system(), now=MONDAY, reason="首选"
        )

    assert need.state == NeedState.OFFERED
    assert list(need.steps.filter(state="offered").values_list("reason", flat=True)) == ["首选"]


def test_advancing_past_verification_is_refused(elder):
    with pytest.raises(errors.StateNotNext):
        actions.advance_need(
            need=make_need(elder), state=NeedState.OFFERED, by=Actor.system(), now=MONDAY
        )


def test_contact_is_shown_to_staff_and_logged(elder, worker):
    need = make_need(elder)

    contact = actions.see_contact(need_id=need.pk, by=worker, now=MONDAY)

    assert contact == (need.address, need.phone)
    assert AuditEvent.objects.get(action="needs.see_contact").outcome == "seen"


def test_contact_is_not_shown_to_a_building_head(elder):
    head = make_actor(make_person("黄伟"), Role.BUILDING_HEAD, region=BUILDING)

    with pytest.raises(NotAllowed):
        actions.see_contact(need_id=make_need(elder).pk, by=head, now=MONDAY)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("need_key_once", {"key": "one"}),
        ("need_same_kind_once_a_day", {"starts_at": MONDAY + timedelta(days=2)}),
        ("need_window_ends_after_start", {"minutes": 0}),
        ("need_wants_1_to_4_helpers", {"helpers": 5}),
        ("need_helper_sex_is_known", {"helper_sex": "x"}),
        ("need_helper_languages_are_listed", {"helper_languages": ["zyb", "cmn"]}),
    ],
)
def test_the_database_keeps_the_promises_of_a_need(elder, constraint, change):
    item = make_item()
    make_need(elder, item=item, key="one", starts_at=MONDAY + timedelta(days=2, hours=2))
    wrong = {"starts_at": MONDAY + timedelta(days=3), "item": item, **change}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_need(elder, **wrong)


def test_the_day_of_the_rule_is_the_day_in_china(elder):
    half_past_midnight = MONDAY.replace(hour=0, minute=30)
    make_need(elder, starts_at=half_past_midnight)

    assert make_need(elder, starts_at=half_past_midnight - timedelta(hours=1)).pk


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("service_item_lasts_15_minutes_to_8_hours", {"usual_minutes": 10}),
        ("service_item_needs_1_to_4_helpers", {"helpers": 0}),
    ],
)
def test_the_database_keeps_the_promises_of_an_item(constraint, change):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_item("odd", **change)


@pytest.mark.parametrize(
    "statement", ["UPDATE needs_needstep SET reason = 'x'", "DELETE FROM needs_needstep"]
)
def test_steps_are_never_changed(elder, statement):
    make_need(elder)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_one_tap_sent_twice_at_once_makes_one_need():
    make_item()
    elder = make_person("李秀英", birth_date=date(1950, 1, 1))
    by, start, found = make_actor(elder), threading.Barrier(2), []

    def tap():
        start.wait()
        try:
            found.append(open_need(elder, by=by).pk)
        finally:
            connection.close()

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()

    assert found == [Need.objects.get().pk] * 2
    assert NeedStep.objects.count() == 1
