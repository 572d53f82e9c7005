"""The pages of spending, as each of the cast."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.ledger.models import Account
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
)
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import MONDAY, make_item, make_need
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service_records import actions as service_records
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.choices import EstateCause, RulingDecision
from linbang.outcomes.time_bank.factories import give_grant, give_time
from linbang.outcomes.time_bank.models import Dispute, Donation, Estate, Gift, Redemption
from linbang.outcomes.time_bank.tests.cast import balance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(hours=1))


@pytest.fixture
def elder():
    return give_time(make_person("李秀英", birth_date=date(1944, 3, 8)), 300)


@pytest.fixture
def daughter(elder):
    daughter = give_time(make_person("陈晓燕", birth_date=date(1975, 1, 1)), 300)
    make_kinship(elder, daughter)
    return daughter


@pytest.fixture
def staff():
    return [make_actor(make_person(name), Role.STATION_WORKER) for name in ("陈静", "梁敏")]


def url(name, *args):
    return reverse(f"time_bank:{name}", args=args)


def text_of(response):
    return response.content.decode()


def test_front_page_says_what_the_balance_buys(elder):
    make_item("shopping")
    give_grant(elder, 60, now=MONDAY)
    text = text_of(client_of(elder).get(url("statement")))

    assert "大约够换" in text
    assert "公共池赠时" in text
    for name in ("gift_new", "donation_new", "card", "movements", "heir"):
        assert url(name) in text


def test_front_page_shows_a_gift_that_waits(elder, daughter):
    gift = actions.offer_gift(giver_id=daughter.pk, receiver_id=elder.pk, minutes=60, key=uuid4(),
                              by=make_actor(daughter), now=MONDAY)  # fmt: skip

    text = text_of(client_of(elder).get(url("statement")))

    assert "陈晓燕送您" in text
    assert url("gift", gift.public_id) in text


def test_elder_pays_for_her_need_and_takes_it_back(elder):
    need = make_need(elder)
    client, page = client_of(elder), url("payment", need.public_id)

    shown = client.get(page)
    client.post(page)
    chosen = client.get(page)
    client.post(url("payment_withdrawal", need.public_id))

    assert "不支付也会照常为您安排" in text_of(shown)
    assert "已预留" in text_of(chosen)
    assert Redemption.objects.get().ended_at is not None
    assert url("payment", need.public_id) in text_of(
        client.get(reverse("needs:detail", args=[need.public_id]))
    )


def test_who_saved_nothing_is_told_that_help_comes_all_the_same():
    poor = make_person("韦兰芳", birth_date=date(1944, 1, 1))
    need = make_need(poor)
    client = client_of(poor)

    shown = client.get(url("payment", need.public_id))
    refused = client.post(url("payment", need.public_id))

    assert "余额不够" in text_of(shown)
    assert refused.status_code == 422
    assert not Redemption.objects.exists()


def test_worker_chooses_for_an_elder_with_a_reason(elder, staff):
    need = make_need(elder)
    client, page = client_of(staff[0]), url("payment", need.public_id)

    refused = client.post(page, {"reason": ""})
    client.post(page, {"reason": "本人来电"})

    assert refused.status_code == 422
    assert Redemption.objects.get().reason == "本人来电"


def test_needs_of_others_cannot_be_paid(elder):
    need = make_need(elder)

    assert client_of(make_person("钱进")).get(url("payment", need.public_id)).status_code == 404


def test_daughter_gives_and_mother_takes(elder, daughter):
    giver, receiver = client_of(daughter), client_of(elder)
    told = {"receiver": str(elder.public_id), "units": "1.5", "note": "", "key": str(uuid4())}

    assert giver.post(url("gift_new"), {**told, "units": "0.2"}).status_code == 422
    refused = giver.post(url("gift_new"), {**told, "note": "给我转账50元"})
    assert "时间不能买卖" in text_of(refused)
    giver.post(url("gift_new"), told)
    gift = Gift.objects.get()
    page = url("gift", gift.public_id)
    assert "收下" in text_of(receiver.get(page))
    assert client_of(make_person("钱进")).get(page).status_code == 404
    assert giver.post(url("gift_acceptance", gift.public_id)).status_code == 422
    receiver.post(url("gift_acceptance", gift.public_id))

    assert (balance(daughter), balance(elder)) == (210, 390)
    assert "赠送完成" in text_of(receiver.get(page))
    assert "已收下" in text_of(giver.get(url("gifts")))


def test_gift_is_declined(elder, daughter):
    gift = actions.offer_gift(giver_id=daughter.pk, receiver_id=elder.pk, minutes=60, key=uuid4(),
                              by=make_actor(daughter), now=MONDAY)  # fmt: skip

    client_of(elder).post(url("gift_refusal", gift.public_id))

    assert "谢绝" in text_of(client_of(daughter).get(url("gifts")))


@pytest.mark.parametrize("count", [1, 3])
def test_gift_list_asks_the_same_however_long(count, elder, daughter, django_assert_num_queries):
    for _ in range(count):
        actions.offer_gift(giver_id=daughter.pk, receiver_id=elder.pk, minutes=30, key=uuid4(),
                           by=make_actor(daughter), now=MONDAY)  # fmt: skip

    with django_assert_num_queries(1):
        rows = queries.gift_rows(queries.gifts_of(elder), viewer_id=elder.pk, now=MONDAY)

    assert len(rows) == count


def test_whoever_has_no_relatives_is_led_to_register_them():
    person = make_person("韦兰芳")

    assert "登记家人" in text_of(client_of(person).get(url("gift_new")))


def test_donation_ends_with_its_receipt(elder):
    client = client_of(elder)
    told = {"units": "2", "note": "给更需要的人", "key": str(uuid4())}

    done = client.post(url("donation_new"), told, follow=True)

    assert balance(elder) == 180
    assert "收支凭证" in text_of(done)
    assert "公共池" in text_of(done)
    assert Donation.objects.count() == 1


def test_worker_acts_for_people_without_a_phone(elder, daughter, staff):
    client = client_of(staff[0])
    page = url("person_donation", elder.public_id)
    told = {"units": "1", "note": "", "key": str(uuid4())}

    assert client.post(page, told).status_code == 422
    client.post(page, {**told, "reason": "本人来站"})
    client.post(url("person_gift", daughter.public_id), {
        "receiver": str(elder.public_id), "units": "1", "note": "", "key": str(uuid4()),
        "reason": "本人来电",
    })  # fmt: skip
    gift = Gift.objects.get()
    shown = text_of(client.get(url("person", elder.public_id)))
    client.post(url("gift_acceptance", gift.public_id), {"reason": "电话里同意"})
    client.post(url("person_card", elder.public_id))
    card = text_of(client.get(url("person_card", elder.public_id)))

    assert (balance(elder), balance(daughter)) == (300, 240)
    assert url("gift", gift.public_id) in shown
    assert queries.card_number_of(elder) in card
    assert client.get(url("person_card_image", elder.public_id)).status_code == 200
    assert AuditEvent.objects.filter(action="time_bank.donate", on_behalf_of_id=elder.pk).exists()
    assert client_of(daughter).get(page).status_code == 404


def test_red_card_is_fetched_and_shows_its_code(elder):
    client = client_of(elder)

    before = client.get(url("card"))
    assert client.get(url("card_image")).status_code == 404
    client.post(url("card"))
    after = client.get(url("card"))
    image = client.get(url("card_image"))

    assert "领取红卡" in text_of(before)
    assert queries.card_number_of(elder) in text_of(after)
    assert image["Content-Type"] == "image/svg+xml"


def test_helper_scans_the_red_card(elder):
    helper = make_volunteer().person
    need = make_need(elder, state=NeedState.ASSIGNED, starts_at=MONDAY - timedelta(hours=1))
    visit = make_presence(make_visit(need=need, volunteer=helper))
    service_records.draft_record(visit_id=visit.pk, now=visit.ends_at)
    number = actions.issue_card(person_id=elder.pk, by=make_actor(elder), now=MONDAY)
    client, page = client_of(helper), url("card_payment", visit.public_id)

    assert page in text_of(client.get(reverse("service:visit", args=[visit.public_id])))
    wrong = client.post(page, {"card": "S450103000000"})
    done = client.post(page, {"card": number}, follow=True)

    assert wrong.status_code == 422
    assert "已确认" in text_of(done)
    assert balance(helper) == 60
    assert client_of(elder).get(page).status_code == 404


def test_saver_names_who_is_to_have_it(elder, daughter):
    client = client_of(elder)

    client.post(url("heir"), {"heir": str(daughter.public_id)})
    named = text_of(client.get(url("heir")))
    client.post(url("heir"), {"heir": "pool"})

    assert "现在指定：陈晓燕" in named
    assert queries.heir_id_of(elder) is None


def test_movements_are_narrowed_and_downloaded(elder):
    actions.donate(person_id=elder.pk, minutes=60, key=uuid4(), by=make_actor(elder), now=MONDAY)
    client, page = client_of(elder), url("movements")

    def minutes(**asked):
        return [line.minutes for line in client.get(page, asked).context["statement"].lines]

    assert minutes() == [-60, 300]
    assert minutes(kind="given") == [-60]
    assert minutes(month="2026-11") == [-60, 300]
    assert minutes(month="2026-10") == []
    assert minutes(kind="nonsense", month="x", before="y") == [-60, 300]
    sheet = client.get(url("movements_file"), {"kind": "given"}).content.decode("utf-8-sig")
    assert [line.split(",")[3] for line in sheet.splitlines()[1:]] == ["-60"]


def test_receipt_names_both_sides_masked(elder, daughter):
    gift = actions.offer_gift(giver_id=daughter.pk, receiver_id=elder.pk, minutes=60, key=uuid4(),
                              by=make_actor(daughter), now=MONDAY)  # fmt: skip
    actions.answer_gift(gift_id=gift.pk, accept=True, by=make_actor(elder), now=MONDAY)

    shown = client_of(elder).get(url("receipt", 2))
    text = text_of(shown)

    assert (shown.context["receipt"].other, shown.context["receipt"].holder) == ("陈**", "李**")
    assert "新竹街道新竹" in text or "新竹" in text
    assert url("dispute_new", 2) in text
    assert client_of(elder).get(url("receipt", 9)).status_code == 404
    assert client_of(make_person("钱进")).get(url("receipt", 1)).status_code == 404


def test_worker_sees_a_receipt_and_leaves_a_trail(elder, staff):
    client = client_of(staff[0])

    assert client.get(url("person_receipt", elder.public_id, 1)).status_code == 200
    assert AuditEvent.objects.filter(action="time_bank.see_statement").exists()
    assert url("estate", elder.public_id) in text_of(client.get(url("person", elder.public_id)))


def test_dispute_from_receipt_to_decision(elder, daughter, staff):
    gift = actions.offer_gift(giver_id=daughter.pk, receiver_id=elder.pk, minutes=60, key=uuid4(),
                              by=make_actor(daughter), now=MONDAY)  # fmt: skip
    actions.answer_gift(gift_id=gift.pk, accept=True, by=make_actor(elder), now=MONDAY)
    giver, first, second = client_of(daughter), client_of(staff[0]), client_of(staff[1])

    giver.get(url("dispute_new", 2))
    giver.post(url("dispute_new", 2), {"text": "不是我送的"})
    found = Dispute.objects.get()
    page = url("dispute", found.public_id)
    assert client_of(make_person("钱进")).get(page).status_code == 404
    client_of(elder).post(url("dispute_reply", found.public_id), {"text": "她说好的"})
    assert "她说好的" in text_of(giver.get(page))
    assert page in text_of(first.get(url("desk")))
    decision = {"decision": RulingDecision.REVERSE, "reason": "查实"}
    assert first.post(url("ruling", found.public_id), {}).status_code == 422
    first.post(url("ruling", found.public_id), decision)
    assert "请另一位工作人员确认" in text_of(first.get(page))
    second.post(url("ruling_answer", found.public_id), {"confirm": "no"})
    first.post(url("ruling", found.public_id), decision)
    assert "确认" in text_of(second.get(page))
    second.post(url("ruling_answer", found.public_id), {"confirm": "yes"})

    assert balance(daughter) == 300
    assert "已退回" in text_of(giver.get(page))
    assert "看异议的进展" in text_of(giver.get(url("receipt", 2)))
    # Decided: nothing more is said.
    assert giver.post(url("dispute_reply", found.public_id), {"text": "再说"}).status_code == 422


def test_estate_is_passed_on_by_two(elder, daughter, staff):
    first, second = client_of(staff[0]), client_of(staff[1])
    page = url("estate", elder.public_id)
    actions.nominate(person_id=elder.pk, heir_id=daughter.pk, by=make_actor(elder), now=MONDAY)

    assert first.post(url("estate_proposal", elder.public_id), {}).status_code == 422
    first.post(url("estate_proposal", elder.public_id),
               {"cause": EstateCause.DIED, "document": "死亡证明 42 号"})  # fmt: skip
    assert "请另一位工作人员核对" in text_of(first.get(page))
    assert page in text_of(second.get(url("desk")))
    second.post(url("estate_passing", elder.public_id))

    assert balance(daughter) == 600
    assert Estate.objects.get().done_at is not None
    assert client_of(daughter).get(page).status_code == 404


def test_station_freezes_and_thaws(elder, staff):
    client, page = client_of(staff[0]), url("freezing", elder.public_id)

    assert client.post(page, {}).status_code == 422
    client.post(page, {"reason": "疑似盗用"})
    frozen = text_of(client_of(elder).get(url("statement")))
    client.post(page, {"reason": "查清", "thaw": "1"})

    assert "暂时冻结" in frozen
    assert queries.account_of(elder.pk, cell=elder.cell).frozen_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_desk_asks_the_same_however_long(count, staff, django_assert_num_queries):
    for number in range(count):
        saver = give_time(make_person(f"李{number}英"), 60)
        actions.donate(person_id=saver.pk, minutes=60, key=uuid4(), by=make_actor(saver),
                       now=MONDAY)  # fmt: skip
        transfer = Donation.objects.latest("pk").transfer
        actions.open_dispute(transfer_id=transfer.pk, cell=saver.cell, person_id=saver.pk,
                             text="x", by=make_actor(saver), now=MONDAY)  # fmt: skip
        other = give_time(make_person(f"王{number}英"), 60)
        actions.propose_estate(person=other, cause=EstateCause.DIED, document="证明",
                               to_pool=True, by=staff[0], now=MONDAY)  # fmt: skip

    with django_assert_num_queries(4):
        disputes = queries.dispute_rows(queries.disputes_on_desk(staff[0]), now=MONDAY)
        estates = queries.estate_rows(queries.estates_on_desk(staff[0]))

    assert (len(disputes), len(estates)) == (count, count)


def test_long_statement_is_read_in_five_queries(elder, django_assert_max_num_queries):
    book = queries.account_of(elder.pk, cell=elder.cell)
    issue = Account.objects.get(cell=elder.cell, kind="issue")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH moved AS (
                INSERT INTO ledger_transfer (cell, key, purpose, source, posted_at)
                SELECT %(cell)s, 'bulk:' || n, 'earned', '', %(now)s
                FROM generate_series(1, 400) AS n
                RETURNING id, split_part(key, ':', 2)::int AS n
            )
            INSERT INTO ledger_entry
                (cell, transfer_id, account_id, amount, balance_after, account_version)
            SELECT %(cell)s, id, %(book)s, 1, 1000 + n, 100 + n
            FROM moved
            UNION ALL
            SELECT %(cell)s, id, %(issue)s, -1, -1000 - n, 100 + n
            FROM moved
            """,
            {"cell": elder.cell, "now": MONDAY, "book": book.pk, "issue": issue.pk},
        )

    with django_assert_max_num_queries(6):
        statement = queries.statement_of(elder, before=450, kind="earned", month=date(2026, 11, 1))
        queries.scheme_of(elder.region_id, at=MONDAY)

    assert len(statement.lines) == 30
    assert statement.older_before == 420


def test_api_of_spending(elder, daughter):
    need = make_need(elder)
    elders, daughters = client_of(elder), client_of(daughter)

    def post(client, path, body):
        return client.post(f"/api/v1{path}", body, content_type="application/json")

    paid = post(elders, f"/needs/{need.public_id}/redemption", {})
    back = elders.delete(f"/api/v1/needs/{need.public_id}/redemption")
    gift = post(daughters, "/love-savings/gifts", {
        "key": str(uuid4()), "receiver_id": str(elder.public_id), "minutes": 60,
    })  # fmt: skip
    taken = post(elders, f"/love-savings/gifts/{gift.json()['id']}/acceptance", {})
    refused = post(elders, f"/love-savings/gifts/{gift.json()['id']}/refusal", {})
    stranger = post(daughters, "/love-savings/gifts", {
        "key": str(uuid4()), "receiver_id": str(uuid4()), "minutes": 60,
    })  # fmt: skip
    donated = post(elders, "/love-savings/donations", {"key": str(uuid4()), "minutes": 30})
    listed = elders.get("/api/v1/love-savings/gifts").json()
    receipt = elders.get("/api/v1/love-savings/movements/2").json()
    dispute = post(elders, "/love-savings/movements/3/dispute", {"text": "误捐"})
    card = post(elders, f"/visits/{uuid4()}/card-payment", {"card": "S450103000000"})

    assert (paid.status_code, paid.json()["minutes_each"], back.status_code) == (201, 60, 204)
    assert (gift.status_code, taken.json()["outcome"]) == (201, "accepted")
    assert (refused.json()["code"], stranger.json()["code"]) == ("gift_closed", "gift_not_allowed")
    assert donated.status_code == 201
    assert [one["other"] for one in listed] == ["陈晓燕"]
    assert (receipt["minutes"], receipt["may_dispute"]) == (60, True)
    assert (dispute.status_code, dispute.json()["due_on"]) == (201, "2026-12-07")
    assert card.json()["code"] == "no_visit_to_confirm"
    assert datetime.fromisoformat(donated.json()["at"])
