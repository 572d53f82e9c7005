"""The desks: who sees what, what each button does, and what it refuses."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.intake.activities.choices import PolicyScope
from linbang.intake.activities.factories import make_activity, make_policy, make_shift
from linbang.operations.clearance import queries
from linbang.operations.clearance.factories import (
    make_appeal,
    make_credential,
    make_enrolment,
    make_frozen_list,
    make_insured,
    make_qualifications,
    make_session,
    make_suspension,
    make_training,
)
from linbang.operations.clearance.models import (
    Appeal,
    Credential,
    Enrolment,
    Suspension,
    Training,
    TrainingSession,
)
from linbang.operations.clearance.tests.cast import make_helper, make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def worker():
    return make_worker()


@pytest.fixture
def desk(worker):
    return client_of(worker)


@pytest.fixture
def stranger():
    return client_of(make_worker("外区", region="450103001006"))


def body(response) -> str:
    return response.content.decode()


def make_named_policy(now, **columns):
    return make_policy(
        make_unit(),
        **{
            "scope": PolicyScope.NAMED,
            "starts_at": now - timedelta(days=1),
            "ends_at": now + timedelta(days=90),
            **columns,
        },
    )


def test_residents_and_building_heads_find_no_desk():
    resident = client_of(make_helper())
    head = client_of(make_worker("楼栋长", role=Role.BUILDING_HEAD))

    for address in ("trainings", "trainings/new", "credentials", "insurance", "suspensions"):
        assert resident.get(f"/console/{address}/").status_code == 404
        assert head.get(f"/console/{address}/").status_code == 404


def test_desks_stand_in_the_navigation(desk):
    page = body(desk.get("/console/trainings/"))

    for address in ("trainings", "credentials", "insurance", "suspensions"):
        assert f'href="/console/{address}/"' in page


def test_training_is_set_up_and_its_first_sitting_planned(desk, now):
    unit = make_unit("新竹居委会")
    make_qualifications()
    given = {
        "name": "消防安全", "content": "灭火器", "kind": "post", "mode": "face", "hours": "1.5",
        "qualification": "fire", "organiser": unit.public_id, "region": "450103001005",
    }  # fmt: skip

    page = body(desk.get("/console/trainings/new/"))
    missing = desk.post("/console/trainings/new/", {**given, "name": ""})
    made = desk.post("/console/trainings/new/", given)
    twice = desk.post("/console/trainings/new/", given)

    training = Training.objects.get()
    assert "新竹居委会" in page
    assert (missing.status_code, made.status_code, twice.status_code) == (422, 302, 422)
    assert "已经有同名的培训" in body(twice)
    assert training.learning_minutes == 90
    day = (now + timedelta(days=9)).date()
    sitting = {
        "day": day, "starts": "09:00", "ends": "11:30", "place": "会议室", "trainer": "",
        "places": 30,
    }  # fmt: skip
    wrong = desk.post(f"{made.url}sessions/", {**sitting, "ends": "08:00"})
    right = desk.post(f"{made.url}sessions/", sitting)
    assert (wrong.status_code, "结束时间要晚于开始时间" in body(wrong)) == (422, True)
    session = TrainingSession.objects.get()
    assert right.url == f"/console/trainings/sessions/{session.public_id}/"
    assert (session.ends_at - session.starts_at) == timedelta(minutes=150)
    assert "会议室" in body(desk.get(made.url))


def test_training_is_ended(desk):
    training = make_training()

    desk.post(f"/console/trainings/{training.public_id}/ending/")

    page = body(desk.get(f"/console/trainings/{training.public_id}/"))
    assert "已停办" in page
    assert "加一场" not in page


def test_sittings_are_sorted_into_tabs(desk, now):
    training = make_training()
    ahead = make_session(training, starts_at=now + timedelta(days=1), place="未来")
    due = make_session(training, starts_at=now - timedelta(days=1), place="待办")
    make_enrolment(due)
    done = make_session(training, starts_at=now - timedelta(days=2), place="完成")
    make_enrolment(done, result="passed", decided_at=now)
    off = make_session(
        training,
        starts_at=now + timedelta(days=1),
        place="取消",
        cancelled_at=now,
        cancel_reason="停电",
    )

    def places(tab):
        page = body(desk.get(f"/console/trainings/?tab={tab}"))
        return [one.place for one in (ahead, due, done, off) if f">{one.place}<" in page]

    assert places("ahead") == places("") == places("x") == ["未来"]
    assert places("unsettled") == ["待办"]
    assert places("past") == ["完成", "取消"]
    assert "1 人待登记" in body(desk.get("/console/trainings/?tab=unsettled"))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_sittings_takes_constant_queries(rows, desk, now, django_assert_num_queries):
    for n in range(rows):
        session = make_session(make_training(f"课{n}"), starts_at=now - timedelta(days=1))
        make_enrolment(session)

    with django_assert_num_queries(12):
        desk.get("/console/trainings/?tab=unsettled")


@pytest.mark.parametrize("rows", [1, 3])
def test_sheet_takes_constant_queries(rows, desk, now, django_assert_num_queries):
    session = make_session(starts_at=now - timedelta(hours=1))
    for _ in range(rows):
        make_enrolment(session, make_helper())

    with django_assert_num_queries(12):
        page = body(desk.get(f"/console/trainings/sessions/{session.public_id}/"))

    assert page.count('value="passed"') == rows


def test_sheet_masks_minors_and_people_from_elsewhere(desk, now):
    session = make_session(starts_at=now + timedelta(hours=1))
    for person in (
        make_helper("王建国", phone="13800001234"),
        make_helper("欧阳小明", birth_date=date(2013, 1, 1)),
        make_helper("赵远方", region="450103001006"),
    ):
        make_enrolment(session, person)

    page = body(desk.get(f"/console/trainings/sessions/{session.public_id}/"))

    for words in ("王建国", "138****1234", "欧阳**", "赵**"):
        assert words in page
    for secret in ("欧阳小明", "赵远方", "13800001234"):
        assert secret not in page


def test_worker_enters_somebody_by_words(desk, now):
    session = make_session(starts_at=now + timedelta(days=1))
    make_helper("王建国", phone="13800001234")
    make_helper("王建军")
    address = f"/console/trainings/sessions/{session.public_id}/enrolments/"

    unclear = desk.post(address, {"person": "王建"})
    entered = desk.post(address, {"person": "13800001234"})

    assert (unclear.status_code, "没有找到唯一的人" in body(unclear)) == (422, True)
    assert entered.status_code == 302
    enrolment = Enrolment.objects.get()
    removed = desk.post(f"/console/trainings/enrolments/{enrolment.public_id}/removal/")
    enrolment.refresh_from_db()
    assert (removed.status_code, enrolment.left_at is not None) == (302, True)


def test_big_buttons_settle_and_corrections_say_why(desk, now):
    session = make_session(starts_at=now - timedelta(hours=1))
    enrolment = make_enrolment(session, make_helper())
    address = f"/console/trainings/enrolments/{enrolment.public_id}/result/"

    settled = desk.post(address, {"result": "passed"})
    silent = desk.post(address, {"result": "absent"})
    nonsense = desk.post(address, {"result": "great"})
    corrected = desk.post(address, {"result": "absent", "reason": "认错人了"})

    assert settled.url.endswith(f"#row-{enrolment.public_id}")
    assert (silent.status_code, "要更正请写明原因" in body(silent)) == (422, True)
    assert (nonsense.status_code, corrected.status_code) == (422, 302)
    enrolment.refresh_from_db()
    assert enrolment.result == "absent"


def test_rest_passes_and_sitting_is_called_off(desk, now):
    begun = make_session(starts_at=now - timedelta(hours=1))
    for _ in range(2):
        make_enrolment(begun, make_helper())
    ahead = make_session(make_training("急救"), starts_at=now + timedelta(days=1))

    passed = desk.post(f"/console/trainings/sessions/{begun.public_id}/passing/", follow=True)
    silent = desk.post(
        f"/console/trainings/sessions/{ahead.public_id}/cancellation/", {"reason": ""}
    )
    off = desk.post(
        f"/console/trainings/sessions/{ahead.public_id}/cancellation/",
        {"reason": "停电"},
        follow=True,
    )

    assert "2 人登记为合格" in body(passed)
    assert silent.status_code == 422
    assert "这一场已取消：停电" in body(off)


def test_other_regions_trainings_are_not_there(stranger, now):
    session = make_session(starts_at=now - timedelta(hours=1))
    enrolment = make_enrolment(session)

    for address in (
        f"trainings/{session.training.public_id}",
        f"trainings/sessions/{session.public_id}",
    ):
        assert stranger.get(f"/console/{address}/").status_code == 404
    for address in (
        f"trainings/{session.training.public_id}/ending",
        f"trainings/{session.training.public_id}/sessions",
        f"trainings/sessions/{session.public_id}/passing",
        f"trainings/sessions/{session.public_id}/cancellation",
        f"trainings/sessions/{session.public_id}/enrolments",
        f"trainings/enrolments/{enrolment.public_id}/result",
        f"trainings/enrolments/{enrolment.public_id}/removal",
    ):
        assert stranger.post(f"/console/{address}/").status_code == 404


def test_credentials_are_found_entered_seen_and_revoked(desk, now):
    person = make_helper("王建国")
    make_qualifications()
    address = f"/console/credentials/people/{person.public_id}/"
    paper = {
        "qualification": "driving", "number": "450103199001", "issued_by": "南宁市公安局",
        "valid_from": "2026-01-01", "valid_until": "",
    }  # fmt: skip

    found = body(desk.get("/console/credentials/?q=wangjianguo"))
    nobody = body(desk.get("/console/credentials/?q=zhaoliu"))
    bare = desk.post(f"{address}entries/", {**paper, "number": ""})
    entered = desk.post(f"{address}entries/", paper)
    page = body(desk.get(address))

    assert address in found
    assert "没有找到这个人" in nobody
    assert (bare.status_code, "请填写证书编号" in body(bare)) == (422, True)
    assert entered.status_code == 302
    assert "********9001" in page
    assert "450103199001" not in page
    credential = Credential.objects.get()
    one = f"/console/credentials/{credential.public_id}"
    untold = desk.post(f"{one}/unmasking/", {"reason": "other", "note": ""})
    shown = desk.post(f"{one}/unmasking/", {"reason": "verify"})
    silent = desk.post(f"{one}/revocation/", {"reason": ""})
    revoked = desk.post(f"{one}/revocation/", {"reason": "吊销了"}, follow=True)
    assert untold.status_code == silent.status_code == 422
    assert "450103199001" in body(shown)
    assert "吊销了" in body(revoked)


def test_minors_page_keeps_the_name_masked(desk):
    child = make_helper("欧阳小明", birth_date=date(2013, 1, 1))

    page = body(desk.get(f"/console/credentials/people/{child.public_id}/"))

    assert "欧阳**" in page
    assert "欧阳小明" not in page


def test_other_regions_credentials_are_not_there(stranger):
    person = make_helper()
    credential = make_credential(person)

    for address in (
        f"people/{person.public_id}/entries",
        f"{credential.public_id}/revocation",
        f"{credential.public_id}/unmasking",
    ):
        assert stranger.post(f"/console/credentials/{address}/").status_code == 404
    assert stranger.get(f"/console/credentials/people/{person.public_id}/").status_code == 404
    assert "没有找到这个人" in body(stranger.get("/console/credentials/?q=王建国"))


@pytest.mark.parametrize("rows", [1, 3])
def test_expiring_list_takes_constant_queries(rows, desk, now, django_assert_num_queries):
    for n in range(rows):
        make_credential(make_helper(f"王{n}"), valid_until=(now + timedelta(days=20 + n)).date())

    with django_assert_num_queries(10):
        page = body(desk.get("/console/credentials/"))

    assert page.count("应急救护培训") == rows


def test_named_list_is_kept(desk, now):
    policy = make_named_policy(now)
    person = make_helper("王建国")
    number = person.volunteer.number
    team = make_team("红帽子队")
    member = make_helper("李四")
    make_membership(team, member)
    address = f"/console/insurance/{policy.public_id}/"

    one = desk.post(f"{address}people/", {"person": "王建国"}, follow=True)
    whole = desk.post(f"{address}teams/", {"organisation": team.public_id}, follow=True)
    again = desk.post(f"{address}numbers/", {"numbers": number}, follow=True)
    bad = desk.post(f"{address}numbers/", {"numbers": f"{number}\n张三"})

    assert "新登记 1 人。" in body(one)
    assert "新登记 1 人。" in body(whole)
    assert "都已经在名单里了。" in body(again)
    assert (bad.status_code, "第 2 行 张三 不是志愿者编号" in body(bad)) == (422, True)
    removed = desk.post(f"{address}people/{person.public_id}/removal/", follow=True)
    assert "已从名单里去掉" in body(removed)
    assert queries.insured_ids(policy) == {member.pk}
    assert desk.post(f"{address}people/{person.public_id}/removal/").status_code == 404


def test_policy_that_takes_nobody_says_so(desk, now):
    everybody = make_named_policy(now, scope=PolicyScope.SIGNED_UP)
    over = make_named_policy(now, ended_at=now)
    make_helper("王建国")

    assert "不用登记名单" in body(desk.get(f"/console/insurance/{everybody.public_id}/"))
    assert "名单只能查看" in body(desk.get(f"/console/insurance/{over.public_id}/"))
    refused = desk.post(f"/console/insurance/{over.public_id}/people/", {"person": "王建国"})
    assert (refused.status_code, "这份保险已经结束" in body(refused)) == (422, True)


def test_lists_leave_the_house_with_a_reason_and_four_permissions(desk, now):
    policy = make_named_policy(now)
    shift = make_shift(make_activity("=cmd|路口"), starts_at=now)
    person = make_helper("王建国", phone="13800001234")
    make_insured(policy, person)
    make_frozen_list(shift, policy, person)
    officer = client_of(make_worker("林主任", role=Role.COMMUNITY_OFFICER))
    named = f"/console/insurance/{policy.public_id}/"
    frozen = f"/console/insurance/shifts/{shift.public_id}/"

    for address in (named, frozen):
        assert "导出 Excel" not in body(desk.get(address))
        assert desk.post(f"{address}export/", {"reason": "insurance"}).status_code == 422
        assert "导出 Excel" in body(officer.get(address))
        assert officer.post(f"{address}export/", {"reason": ""}).status_code == 422
    first = officer.post(f"{named}export/", {"reason": "insurance"})
    second = officer.post(f"{frozen}export/", {"reason": "insurance"})

    assert first["Content-Type"].endswith("spreadsheetml.sheet")
    assert first["Cache-Control"] == "no-store"
    [heads, row] = rows_of(first)
    assert heads == ("序号", "姓名", "证件类型", "证件号码", "电话", "班次", "保险单")
    assert row[1:5] == ("王建国", "居民身份证", person.document_number, "13800001234")
    shift_words = rows_of(second)[1][5]
    assert shift_words.startswith("=cmd|路口 · 清扫 · ")
    assert AuditEvent.objects.filter(action="clearance.export_insured").count() == 2


def rows_of(response):
    sheet = load_workbook(BytesIO(response.content)).active
    return list(sheet.iter_rows(values_only=True))


def test_minor_is_masked_in_the_file(now):
    policy = make_named_policy(now)
    make_insured(policy, make_helper("欧阳小明", birth_date=date(2013, 1, 1)))
    officer = client_of(make_worker("林主任", role=Role.COMMUNITY_OFFICER))

    response = officer.post(
        f"/console/insurance/{policy.public_id}/export/", {"reason": "insurance"}
    )

    rows = rows_of(response)
    assert rows[1][1] == "欧阳**"
    assert "未成年人" in rows[-1][1]


def test_other_regions_lists_are_not_there(stranger, now):
    policy = make_named_policy(now)
    shift = make_shift()
    make_frozen_list(shift, policy, make_helper())

    for address in (f"{policy.public_id}", f"shifts/{shift.public_id}"):
        assert stranger.get(f"/console/insurance/{address}/").status_code == 404
        assert stranger.post(f"/console/insurance/{address}/export/").status_code == 404
    for address in ("people", "teams", "numbers", f"people/{uuid4()}/removal"):
        url = f"/console/insurance/{policy.public_id}/{address}/"
        assert stranger.post(url).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_constant_queries(rows, desk, now, django_assert_num_queries):
    policies = [make_named_policy(now) for _ in range(rows)]
    for policy in policies:
        make_insured(policies[0], make_helper())
        make_frozen_list(make_shift(), policy, make_helper())

    with django_assert_num_queries(11):
        desk.get("/console/insurance/")
    with django_assert_num_queries(12):
        desk.get(f"/console/insurance/{policies[0].public_id}/")


@pytest.mark.parametrize("rows", [1, 3])
def test_frozen_list_takes_constant_queries(rows, desk, now, django_assert_num_queries):
    shift = make_shift()
    make_frozen_list(shift, make_named_policy(now), *(make_helper() for _ in range(rows)))

    with django_assert_num_queries(14):
        desk.get(f"/console/insurance/shifts/{shift.public_id}/")


def test_pause_is_imposed_lifted_and_an_appeal_answered(desk, now):
    person = make_helper("王建国")
    given = {"person": "王建国", "days": "7", "reason": "辱骂同伴"}

    silent = desk.post("/console/suspensions/new/", {**given, "reason": ""})
    imposed = desk.post("/console/suspensions/new/", given, follow=True)
    pause = Suspension.objects.get()
    Appeal.objects.create(cell=pause.cell, suspension=pause, text="没有骂人", opened_at=now)
    own = body(desk.get("/console/suspensions/"))
    appeal = Appeal.objects.get()
    answer = {"decision": "refuse", "answer": "有录音"}
    refused = desk.post(f"/console/suspensions/appeals/{appeal.public_id}/decision/", answer)
    other = client_of(make_worker("李敏"))
    decided = other.post(
        f"/console/suspensions/appeals/{appeal.public_id}/decision/", answer, follow=True
    )
    lifted = other.post(
        f"/console/suspensions/{pause.public_id}/lifting/", {"reason": "已道歉"}, follow=True
    )

    assert silent.status_code == 422
    assert "辱骂同伴" in body(imposed)
    assert "请另一位工作人员处理" in own
    assert (refused.status_code, "请另一位工作人员处理" in body(refused)) == (422, True)
    assert "有录音" in body(decided)
    assert "已道歉" in body(lifted)
    pause.refresh_from_db()
    assert (pause.person_id, pause.lift_reason) == (person.pk, "已道歉")


def test_desk_of_pauses_refuses_in_words(desk, now):
    pause = make_suspension(make_helper(), starts_at=now - timedelta(days=60))

    over = desk.post(f"/console/suspensions/{pause.public_id}/lifting/", {"reason": "x"})
    unknown = desk.post(
        "/console/suspensions/new/", {"person": "没有这人", "days": "7", "reason": "x"}
    )

    assert (over.status_code, "暂停已经结束" in body(over)) == (422, True)
    assert (unknown.status_code, "没有找到唯一的人" in body(unknown)) == (422, True)


def test_other_regions_pauses_are_not_there(stranger, now):
    pause = make_suspension(make_helper("王建国"), starts_at=now)
    appeal = Appeal.objects.create(cell=pause.cell, suspension=pause, text="我去了", opened_at=now)

    assert "王建国" not in body(stranger.get("/console/suspensions/"))
    for address in (
        f"suspensions/{pause.public_id}/lifting",
        f"suspensions/appeals/{appeal.public_id}/decision",
    ):
        assert stranger.post(f"/console/{address}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_of_pauses_takes_constant_queries(rows, desk, now, django_assert_num_queries):
    for n in range(rows):
        pause = make_suspension(make_helper(f"甲{n}"), starts_at=now)
        Appeal.objects.create(cell=pause.cell, suspension=pause, text="x", opened_at=now)
        make_suspension(make_helper(f"乙{n}"), starts_at=now)

    with django_assert_num_queries(11):
        desk.get("/console/suspensions/")


def test_forms_that_are_not_filled_in_are_shown_again(desk, now):
    session = make_session(starts_at=now + timedelta(days=1))
    policy = make_named_policy(now)
    person = make_helper()
    make_qualifications()
    pause = make_suspension(person, starts_at=now)
    appeal = make_appeal(pause)

    for address in (
        f"trainings/{session.training.public_id}/sessions",
        f"trainings/sessions/{session.public_id}/enrolments",
        f"credentials/people/{person.public_id}/entries",
        f"insurance/{policy.public_id}/people",
        f"insurance/{policy.public_id}/teams",
        f"insurance/{policy.public_id}/numbers",
        f"suspensions/{pause.public_id}/lifting",
        f"suspensions/appeals/{appeal.public_id}/decision",
    ):
        assert desk.post(f"/console/{address}/", {}).status_code == 422, address
