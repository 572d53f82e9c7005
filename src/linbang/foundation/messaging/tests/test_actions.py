import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from linbang.foundation.messaging import actions, queries
from linbang.foundation.messaging.backends import LocmemSms, SmsBackend
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.messaging.errors import (
    MissingParams,
    SendingFailed,
    SendingRefused,
    UnknownTemplate,
)
from linbang.foundation.messaging.factories import NOW, make_notice, send_code
from linbang.foundation.messaging.models import Notice, OutboxMessage
from linbang.foundation.messaging.rules import TRIES_MAX, NoticeOrder
from linbang.foundation.people.factories import make_actor, make_person

pytestmark = pytest.mark.django_db
BACKENDS = "linbang.foundation.messaging.backends"


@pytest.fixture(autouse=True)
def sent_messages(settings):
    settings.LINBANG_SMS_BACKEND = f"{BACKENDS}.LocmemSms"
    LocmemSms.sent.clear()
    return LocmemSms.sent


class BusyGateway(SmsBackend):
    def send(self, *, phone, template, params, text, key):
        raise SendingFailed("gateway answered 503")


class DeafGateway(SmsBackend):
    def send(self, *, phone, template, params, text, key):
        raise SendingRefused("gateway refused with 400")


def test_sms_waits_and_is_sent(sent_messages):
    send_code("13800001234", "246810")

    assert sent_messages == []
    assert actions.send_waiting(cell="450103", now=NOW) == 1
    (message,) = sent_messages
    assert (message.phone, message.template) == ("13800001234", "sign_in_code")
    assert "246810" in message.text


def test_sms_defers_job_with_it():
    send_code("13800001234", "246810")

    job = ProcrastinateJob.objects.get(task_name="messaging.send_waiting")
    assert job.args == {"cell": "450103"}


def test_sms_key_is_sent_once(sent_messages):
    send_code("13800001234", "246810", key="code:1")
    send_code("13800001234", "999999", key="code:1")

    assert actions.send_waiting(cell="450103", now=NOW) == 1
    assert actions.send_waiting(cell="450103", now=NOW) == 0
    assert "246810" in sent_messages[0].text


def test_sent_sms_forgets_its_params():
    send_code("13800001234", "246810")

    actions.send_waiting(cell="450103", now=NOW)

    message = OutboxMessage.objects.get()
    assert message.params == ""
    assert message.sent_at == NOW


def test_demo_sms_stays_readable(settings):
    settings.LINBANG_SMS_BACKEND = f"{BACKENDS}.DevSms"
    send_code("13800001234", "246810")

    actions.send_waiting(cell="450103", now=NOW)

    assert json.loads(OutboxMessage.objects.get().params) == {"code": "246810"}
    assert "246810" in queries.latest_messages()[0].text


def test_sms_of_other_cell_stays(sent_messages):
    send_code("13800001234", "246810", cell="450102")

    assert actions.send_waiting(cell="450103", now=NOW) == 0
    assert queries.waiting_cells(now=NOW) == ["450102"]
    assert sent_messages == []


def test_busy_gateway_is_tried_again(settings):
    settings.LINBANG_SMS_BACKEND = f"{__name__}.BusyGateway"
    send_code("13800001234", "246810")

    assert actions.send_waiting(cell="450103", now=NOW) == 0
    message = OutboxMessage.objects.get()
    assert (message.attempts, message.failed_at) == (1, None)
    assert message.last_error == "gateway answered 503"
    assert message.due_at == NOW + timedelta(seconds=15)


def test_busy_gateway_is_given_up_in_the_end(settings):
    settings.LINBANG_SMS_BACKEND = f"{__name__}.BusyGateway"
    send_code("13800001234", "246810")
    OutboxMessage.objects.update(attempts=TRIES_MAX - 1)

    actions.send_waiting(cell="450103", now=NOW)

    assert OutboxMessage.objects.get().failed_at == NOW


def test_refused_sms_is_never_tried_again(settings):
    settings.LINBANG_SMS_BACKEND = f"{__name__}.DeafGateway"
    send_code("13800001234", "246810")

    actions.send_waiting(cell="450103", now=NOW)

    assert OutboxMessage.objects.get().failed_at == NOW
    assert queries.waiting_cells(now=NOW + timedelta(days=1)) == []


def test_expired_sms_fails_unsent(sent_messages):
    send_code("13800001234", "246810")
    later = NOW + timedelta(minutes=5)

    assert actions.send_waiting(cell="450103", now=later) == 0
    message = OutboxMessage.objects.get()
    assert (message.failed_at, message.last_error) == (later, "expired")
    assert sent_messages == []


def test_message_is_never_sent_and_failed():
    send_code("13800001234", "246810")

    with pytest.raises(IntegrityError, match="outbox_is_sent_or_failed_not_both"):
        OutboxMessage.objects.update(sent_at=NOW, failed_at=NOW)


def test_outbox_key_is_unique_in_cell():
    send_code("13800001234", "246810", key="code:1")
    message = OutboxMessage.objects.get()
    message.pk = None

    with pytest.raises(IntegrityError, match="outbox_key_once"):
        message.save(force_insert=True)


def test_unknown_sms_is_refused_early():
    with pytest.raises(UnknownTemplate):
        actions.send_sms(
            phone="13800001234", template="spam", params={}, key="k", cell="450103", now=NOW
        )


def test_notice_is_kept_once_per_key():
    person = make_person("李秀英")
    make_notice(person, key="need:1")
    make_notice(person, key="need:1")

    (notice,) = Notice.objects.all()
    assert (notice.cell, notice.person_id) == (person.cell, person.pk)


def test_notice_key_is_unique_to_person():
    notice = make_notice(make_person("李秀英"), key="need:1")
    notice.pk, notice.public_id = None, uuid4()

    with pytest.raises(IntegrityError, match="notice_key_once"):
        notice.save(force_insert=True)


def test_many_notices_are_two_queries():
    people = [make_person(name) for name in ("李秀英", "王建国", "赵敏")]
    orders = [
        NoticeOrder(
            person_id=person.pk,
            kind=NoticeKind.NEED,
            template="need_withdrawn",
            params={"item": "陪同就医"},
            key="need:1",
        )
        for person in people
    ]

    with CaptureQueriesContext(
        connection,
    ) as context:
        actions.notify_many(orders=orders, now=NOW)

    assert len([query for query in context if "SAVEPOINT" not in query["sql"]]) == 2
    assert Notice.objects.count() == 3


@pytest.mark.parametrize(
    ("template", "params", "refusal"),
    [("spam", {}, UnknownTemplate), ("need_withdrawn", {}, MissingParams)],
)
def test_notice_without_words_is_refused(template, params, refusal):
    person = make_person("李秀英")

    with pytest.raises(refusal):
        actions.notify(
            person_id=person.pk,
            kind=NoticeKind.NEED,
            template=template,
            params=params,
            url="",
            key="k",
            now=NOW,
        )
    assert not Notice.objects.exists()


def test_notice_speaks_the_readers_language():
    person = make_person("李秀英")
    notice = make_notice(
        person,
        template="visit_planned",
        params={"item": "陪同就医", "item_en": "Going to the doctor", "starts_at": NOW},
    )
    notice.refresh_from_db()

    with translation.override("zh-hans"):
        assert (
            queries.line_of(notice).body == "陪同就医，11月23日 09:30。出发前可查看地址和联系电话。"
        )


def test_marking_read_is_for_ones_own():
    elder, outsider = make_person("李秀英"), make_person("钱进")
    notice = make_notice(elder)

    actions.mark_read(public_id=notice.public_id, by=make_actor(outsider), now=NOW)
    assert queries.unread_count(make_actor(elder)) == 1

    actions.mark_read(public_id=notice.public_id, by=make_actor(elder), now=NOW)
    assert queries.unread_count(make_actor(elder)) == 0


def test_marking_all_read_counts_them():
    elder, outsider = make_person("李秀英"), make_person("钱进")
    make_notice(elder, key="a")
    make_notice(elder, key="b")
    make_notice(outsider, key="c")

    assert actions.mark_all_read(by=make_actor(elder), now=NOW) == 2
    assert queries.unread_count(make_actor(outsider)) == 1
