"""Service entered afterwards: what is taken, what is refused and why, and who approves it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.errors import KeyReused, NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.intake.activities.choices import Hazard
from linbang.intake.activities.factories import SATURDAY, make_activity
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.tests.cast import lead, placed
from linbang.operations.service_records import actions, errors, queries, rules
from linbang.operations.service_records.actions import EntryOrder
from linbang.operations.service_records.choices import RecordKind, Wait
from linbang.operations.service_records.models import (
    BackEntry,
    BackEntryProof,
    BackEntrySegment,
    RecordVerification,
    ServiceRecord,
)
from linbang.operations.service_records.rules import EntryLine

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
SERVED = local_date(SATURDAY)
NOW = SATURDAY + timedelta(days=2)
# Ten working days and more.
LATER = SATURDAY + timedelta(days=25)


def line(who: str, came: str = "9:00", left: str = "11:00", day: date = SERVED) -> EntryLine:
    [found] = rules.parse_lines(f"{who} {day} {came} {left}")
    return found


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("王建国 2026-11-21 9:00 11:30", [("王建国", (9, 0), (11, 30))]),
        ("V0000000012\t2026/11/21\t09:00\t11:30:00", [("V0000000012", (9, 0), (11, 30))]),
        ("王建国，2026年11月21日，9：00，24：00", [("王建国", (9, 0), (0, 0))]),
        (
            "姓名,日期,开始,结束\n\nJohn Smith,2026.11.21,9:00,10:00,",
            [("John Smith", (9, 0), (10, 0))],
        ),
    ],
)
def test_pasted_lists_are_read_as_they_come(text, lines):
    found = rules.parse_lines(text)

    assert [(one.who, one.came, one.left) for one in found] == [
        (who, time(*came), time(*left)) for who, came, left in lines
    ]
    assert {one.day for one in found} == {date(2026, 11, 21)}


@pytest.mark.parametrize(
    "text",
    ["王建国 昨天 9:00 11:00", "2026-11-21 9:00 11:00", "王建国 2026-02-30 9:00 11:00", "王"],
)
def test_unreadable_line_is_named(text):
    with pytest.raises(errors.LineUnreadable) as refused:
        rules.parse_lines(f"李秀英 2026-11-21 9:00 11:00\n{text}")

    assert refused.value.params == {"number": 2}


@pytest.mark.parametrize(
    ("came", "left", "refusal"),
    # Rule 34: start before end, longer than 0, not over midnight; 24:00 is midnight itself.
    [("9:00", "9:00", errors.EntryEmpty), ("22:00", "1:00", errors.EntryOverMidnight)],
)
def test_segment_has_a_length_and_one_day(came, left, refusal):
    with pytest.raises(refusal):
        rules.entry_window(line("王建国", came, left))

    assert rules.entry_window(line("王建国", "22:00", "24:00")).minutes == 120


def test_submission_has_a_size_and_a_proof():
    # Rule 46: up to 50 people and 10 segments each.
    rules.require_entry_size([line(f"人{n}") for n in range(50)])
    with pytest.raises(errors.EntryWithoutLines):
        rules.require_entry_size([])
    with pytest.raises(errors.EntryTooLong):
        rules.require_entry_size([line(f"人{n}") for n in range(51)])
    with pytest.raises(errors.EntryTooLong):
        rules.require_entry_size([line("王建国")] * 11)
    assert rules.require_evidence(b"%PDF-1.7") == "application/pdf"
    for content, refusal in (
        (b"", errors.EvidenceMissing),
        (b"<html>", errors.EvidenceUnreadable),
        (PNG + b"0" * rules.EVIDENCE_BYTES_MAX, errors.EvidenceTooLarge),
    ):
        with pytest.raises(refusal):
            rules.require_evidence(content)


def test_segments_of_one_person_lie_apart():
    windows = [rules.entry_window(line("王", "9:00", "10:00"))] * 2

    with pytest.raises(errors.EntryOverlaps):
        rules.require_apart(windows)


def test_shift_is_the_one_that_holds_most():
    night = rules.entry_window(line("王", "9:00", "12:00"))
    shifts = [
        rules.entry_window(line("王", *times)) for times in (("8:00", "9:30"), ("9:30", "12:00"))
    ]

    assert rules.planned_for(night, shifts) == shifts[1]
    assert rules.planned_for(night, []) is None


@pytest.fixture
def activity(db) -> Activity:
    return make_open_shift(activity=make_activity("清洁家园"), places=50).activity


@pytest.fixture
def worker(db) -> Actor:
    return make_worker()


def order(activity: Activity | None, *lines: EntryLine, **change: object) -> EntryOrder:
    given = EntryOrder(
        activity=activity.public_id if activity else None,
        lines=lines,
        reason="当天停电，用了纸质签到表",
        evidence=PNG,
        declares=True,
        key="one",
    )
    return replace(given, **change)


def enter(by: Actor, activity: Activity | None, *lines: EntryLine, **change: object) -> BackEntry:
    now = change.pop("now", NOW)
    return actions.enter_afterwards(order=order(activity, *lines, **change), by=by, now=now)


def codes_of(entry: BackEntry) -> list[tuple[str, str]]:
    return [(one.who, one.code) for one in queries.refused_lines(entry)]


def test_entered_hours_wait_for_a_second_person(activity, worker):
    profile = make_volunteer("王建国")

    entry = enter(worker, activity, line(profile.number.lower(), "9:00", "10:46"))

    [record] = queries.records_awaiting_verification(worker)
    assert (record.kind, record.credited_minutes, record.title) == (
        RecordKind.ENTERED,
        120,
        "清洁家园 · 清扫",
    )
    row = queries.record_row(record)
    assert (row.waits, row.back_entered) == ((Wait.BACK_ENTERED,), entry.reason)
    # Rule 39: never who entered, never who gains.
    with pytest.raises(errors.SecondPersonNeeded):
        actions.verify_record(record_id=record.pk, by=worker, now=NOW)
    gainer = make_actor(profile.person, Role.STATION_WORKER)
    with pytest.raises(errors.OwnRecord):
        actions.verify_record(record_id=record.pk, by=gainer, now=NOW)
    actions.verify_record(record_id=record.pk, by=make_worker("韦红"), now=NOW)
    totals = queries.totals_of(profile.person_id)
    assert (totals.proved, totals.entered) == (0, 120)
    assert Notice.objects.filter(person=profile.person, template="record_entered").count() == 1


def test_late_entry_needs_the_level_above(activity, worker):
    # Rule 42: after ten working days a second approval by the level above.
    make_volunteer("王建国")
    enter(worker, activity, line("王建国"), now=LATER)
    [record] = queries.records_awaiting_verification(worker)

    with pytest.raises(errors.LateEntryAbove):
        actions.verify_record(record_id=record.pk, by=make_worker("韦红"), now=LATER)

    officer = make_worker("黄志远", role=Role.COMMUNITY_OFFICER)
    actions.verify_record(record_id=record.pk, by=officer, now=LATER)
    assert queries.record_row(record).waits == (Wait.LATE,)
    assert RecordVerification.objects.get(record=record).approval == "officer"


def test_leader_enters_her_own_people_only(activity):
    leader = lead(activity)
    seat = placed(activity.shifts.get(), make_volunteer("王建国").person)
    stranger = make_volunteer("路人")

    entry = enter(leader, activity, line("王建国"), line(stranger.number))

    assert codes_of(entry) == [(stranger.number, "entry_person_unknown")]
    assert ServiceRecord.objects.get().person_id == seat.person_id
    with pytest.raises(NotFound):
        enter(make_actor(stranger.person), activity, line("王建国"))


def test_each_person_is_entered_wholly_or_not_at_all(activity, worker):
    make_volunteer("王建国")
    make_volunteer("同名")
    make_volunteer("同名")
    make_person("没有登记")
    busy = make_volunteer("韦红").person
    make_attendance(placed(activity.shifts.get(), busy), left_at=SATURDAY + timedelta(hours=1))
    child = make_volunteer("太小", birth_date=date(2021, 5, 1))
    tomorrow = local_date(NOW) + timedelta(days=1)

    entry = enter(
        worker,
        activity,
        line("王建国", "9:00", "10:00"),
        line("王建国", "10:00", "11:00"),
        line("同名"),
        line("没有登记"),
        line("谁也不是"),
        line("韦红", "9:00", "9:30"),
        line("太小"),
        line("张敏"),
        line("王建国", day=tomorrow),
    )

    assert sorted(codes_of(entry)) == sorted(
        [
            ("王建国", "entry_in_future"),
            ("同名", "entry_person_ambiguous"),
            ("没有登记", "entry_without_consent"),
            ("谁也不是", "entry_person_unknown"),
            ("韦红", "entry_overlaps"),
            ("太小", "too_young_to_volunteer"),
            ("张敏", "entry_for_oneself"),
        ]
    )
    assert not ServiceRecord.objects.exists()
    assert child.person_id


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        # Rule 40: hours come only from a shift.
        ([line("王建国", "15:00", "16:00")], "entry_outside_shift"),
        ([line("王建国", "9:00", "9:00")], "entry_empty"),
        ([line("王建国", "10:00", "9:00")], "entry_over_midnight"),
        ([line("王建国", "9:00", "10:00"), line("王建国", "9:30", "10:30")], "entry_overlaps"),
        # Rule 32: three times a person, activity and day.
        ([line("王建国", f"9:{n}0", f"9:{n}5") for n in range(4)], "entry_pairs_used"),
    ],
)
def test_line_is_refused(activity, worker, lines, code):
    make_volunteer("王建国")

    assert codes_of(enter(worker, activity, *lines)) == [("王建国", code)]


def test_minor_never_served_where_it_is_dangerous(activity, worker):
    # Rule 18.
    make_volunteer("小韦", birth_date=date(2011, 5, 1))
    Activity.objects.filter(pk=activity.pk).update(hazards=[Hazard.TRAFFIC])

    assert codes_of(enter(worker, activity, line("小韦"))) == [("小韦", "entry_minor_at_risk")]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"reason": " "}, errors.EntryReasonMissing),
        ({"declares": False}, errors.DeclarationMissing),
        ({"evidence": b""}, errors.EvidenceMissing),
        ({"lines": ()}, errors.EntryWithoutLines),
    ],
)
def test_submission_is_refused_whole(activity, worker, change, refusal):
    with pytest.raises(refusal):
        enter(worker, activity, line("王建国"), **change)

    assert not BackEntry.objects.exists()


def test_activity_that_never_was_is_entered_under_its_unit(activity, worker):
    make_volunteer("王建国")
    unlisted = {"organiser": activity.organiser.public_id, "name": "除夕送饺子", "category": "0001"}

    enter(worker, None, line("王建国", "9:00", "9:50"), **unlisted)

    record = queries.records_visible_to(Actor.system()).get()
    assert (record.title, record.recording_unit) == ("除夕送饺子", activity.organiser.name)
    # Rule 38: rounding never lifts entered hours above what was declared.
    assert (record.minutes, record.credited_minutes) == (50, 50)
    assert queries.activity_of(record) is None
    with pytest.raises(errors.EntryNameMissing):
        enter(worker, None, line("王建国"), **{**unlisted, "name": ""})
    with pytest.raises(NotFound):
        enter(make_actor(make_person("路人")), None, line("王建国"), **unlisted)


def test_preview_credits_an_entry_as_it_was_planned(activity, worker):
    make_volunteer("王建国")
    enter(worker, activity, line("王建国", "9:00", "9:46"))

    found = queries.preview_policy("450103001", rules.XINZHU, NOW).comparison

    # Of two planned hours 46 minutes are one hour (rule 36), now as before.
    assert (found.services, found.changed, found.after.entered) == (1, 0, 60)
    assert found.approvals_after == 1


def test_team_leader_enters_for_her_team(activity):
    make_volunteer("王建国")
    seat = placed(activity.shifts.get(), make_volunteer("韦红").person)
    leader = make_actor(
        make_volunteer("覃桂芳").person,
        Role.TEAM_LEADER,
        organisation_path=activity.organiser.path,
    )
    assert [*queries.units_to_enter_for(leader)] == [activity.organiser]

    entry = enter(leader, activity, line("韦红"), line("王建国"))

    # Rule of the house: only her own people, and not everybody of the place.
    assert codes_of(entry) == [("王建国", "entry_person_unknown")]
    assert ServiceRecord.objects.get().person_id == seat.person_id
    assert not queries.entries_visible_to(Actor()).exists()


def test_entering_again_changes_nothing(activity, worker):
    make_volunteer("王建国")
    first = enter(worker, activity, line("王建国"))

    assert enter(worker, activity, line("王建国")) == first
    assert ServiceRecord.objects.count() == 1
    with pytest.raises(KeyReused):
        enter(worker, activity, line("王建国", "9:30"))


def test_hours_of_a_known_activity_go_on_notice(activity, worker):
    make_volunteer("王建国")
    enter(worker, activity, line("王建国"))

    [shown] = queries.notice_lines(activity, NOW)

    assert (shown.name, shown.kind) == ("王**", RecordKind.ENTERED)
    claim = actions.claim_record(
        record_id=ServiceRecord.objects.get().pk, text="他没来", by=worker, now=NOW
    )
    assert claim.kind == "notice"


def test_proof_is_sealed_and_each_look_is_logged(activity, worker):
    make_volunteer("王建国")
    entry = enter(worker, activity, line("王建国"))

    assert actions.see_proof(entry=entry.public_id, by=worker, now=NOW) == ("image/png", PNG)

    assert AuditEvent.objects.filter(action="service_records.see_proof").count() == 1
    with pytest.raises(NotFound):
        actions.see_proof(entry=entry.public_id, by=make_actor(make_person("路人")), now=NOW)


def test_database_keeps_what_was_entered(activity, worker):
    make_volunteer("王建国")
    entry = enter(worker, activity, line("王建国"))
    record = ServiceRecord.objects.get()
    copies = {
        "back_entry_key_once": (entry, {}),
        "back_entry_says_what_and_why": (entry, {"key": "two", "reason": ""}),
        "back_entry_is_declared_true": (entry, {"key": "two", "declaration_version": 0}),
        "proof_is_five_megabytes_at_most": (BackEntryProof.objects.get(), {"size": 0}),
        "entry_ends_after_start": (BackEntrySegment.objects.get(), {"ends_at": SATURDAY}),
        "record_once_an_entry": (record, {"minutes": 0}),
        "record_has_one_source": (record, {"title": "", "part": 2, "minutes": 0}),
    }
    for constraint, (row, change) in copies.items():
        row.pk = None
        if hasattr(row, "public_id"):
            row.public_id = "6b0f2c9e-8f5e-4b58-9a51-0d3c2f6f9b10"
        before = {name: getattr(row, name) for name in change}
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            row.save(force_insert=True)
        for name, value in before.items():
            setattr(row, name, value)
    for model in (BackEntry, BackEntryProof, BackEntrySegment):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            model.objects.update(cell="450104")


def form_data(**change: object) -> dict[str, object]:
    return {
        "text": f"王建国 {SERVED} 9:00 11:00\n谁也不是 {SERVED} 9:00 11:00",
        "reason": "当天停电，用了纸质签到表",
        "evidence": SimpleUploadedFile("签到表.png", PNG),
        "declares": "on",
        "key": "from-the-form",
        **change,
    }


def test_leader_enters_afterwards_and_reads_what_was_refused(activity):
    leader = lead(activity)
    placed(activity.shifts.get(), make_volunteer("王建国").person)
    page = f"/activities/{activity.public_id}/back-entries/new/"
    client = client_of(leader)
    assert "真实" in client.get(page).content.decode()

    answer = client.post(page, form_data(), follow=True)

    told = answer.content.decode()
    assert "谁也不是" in told
    assert "没有找到这个人" in told
    assert "等另一个人审核" in told
    entry = BackEntry.objects.get()
    proof = client.get(f"/back-entries/{entry.public_id}/proof/")
    assert (proof.content, proof["Content-Type"]) == (PNG, "image/png")
    assert "sandbox" in proof["Content-Security-Policy"]
    assert "清洁家园" in client.get("/back-entries/").content.decode()
    stranger = client_of(make_actor(make_person("路人")))
    for path in (page, "/back-entries/", "/back-entries/new/", f"/back-entries/{entry.public_id}/"):
        assert stranger.get(path).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": "王建国 昨天"}, "第 1 行没有看懂"),
        ({"text": ""}, "请至少填一个人"),
        ({"evidence": SimpleUploadedFile("a.html", b"<html>")}, "证明材料要是 PDF"),
        ({"who-0": "王建国"}, "姓名、日期、开始、结束都要填"),
    ],
)
def test_form_says_what_is_wrong(activity, change, words):
    answer = client_of(lead(activity)).post(
        f"/activities/{activity.public_id}/back-entries/new/", form_data(**change)
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not BackEntry.objects.exists()


def test_worker_enters_what_never_was_from_typed_rows(activity, worker):
    make_volunteer("王建国")
    rows = {"who-0": "王建国", "day-0": SERVED, "came-0": "9:00", "left-0": "10:00"}
    unit = {"organiser": activity.organiser.public_id, "name": "除夕送饺子", "category": "0001"}

    answer = client_of(worker).post("/back-entries/new/", form_data(text="", **rows, **unit))

    record = ServiceRecord.objects.get()
    assert answer.status_code == 302
    assert record.starts_at == datetime.combine(SERVED, time(9), CHINA)
    console = client_of(worker).get(f"/console/records/{record.public_id}/").content.decode()
    assert "看证明材料" in console
    assert "补录" in client_of(worker).get("/console/records/?tab=verify").content.decode()
