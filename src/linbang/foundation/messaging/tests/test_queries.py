import pytest
from django.utils import translation

from linbang.foundation.access.rules import Actor
from linbang.foundation.messaging import queries
from linbang.foundation.messaging.choices import NOTICE_LOOKS, NOTICE_TEXTS, SMS_TEXTS, NoticeKind
from linbang.foundation.messaging.factories import NOW, send_code
from linbang.foundation.messaging.models import Notice

EVERYTHING = {
    "item": "陪同就医",
    "item_en": "Going to the doctor",
    "starts_at": NOW.isoformat(),
    "minutes": 90,
    "pooled_minutes": 60,
    "owed_minutes": 30,
    "balance": 60,
    "reason": "不在服务范围",
    "role": "station_worker",
    "name": "李*英",
    "code": "246810",
    "training": "应急救护培训",
    "place": "社区会议室",
    "qualification": "应急救护培训",
    "day": "2026-12-01",
    "ends_at": NOW.isoformat(),
    "activity": "清洁家园",
    "post": "路口引导员",
    "count": 3,
    "answer": "已安排他人",
    "number": "2026-K7QM4T9XB",
    "note": "请带好袖章",
    "text": "集合点改到北门",
    "due_at": NOW.isoformat(),
    "until_at": NOW.isoformat(),
    "star": 2,
    "honour": "优秀志愿者",
}


def line(template: str, **params: object) -> queries.NoticeLine:
    return queries.line_of(
        Notice(
            kind=NoticeKind.NEED, template=template, params={**EVERYTHING, **params}, created_at=NOW
        )
    )


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
@pytest.mark.parametrize("template", NOTICE_TEXTS)
def test_every_notice_has_words(template, language):
    with translation.override(language):
        shown = line(template)

    assert shown.title
    assert "%(" not in shown.body
    assert (language == "en") == shown.title.isascii()


@pytest.mark.parametrize("template", SMS_TEXTS)
def test_every_text_message_has_words(template):
    text = queries.sms_text(template, EVERYTHING)

    assert text.startswith("【邻帮】")
    assert "%(" not in text


def test_every_kind_has_a_look():
    assert NOTICE_LOOKS.keys() == set(NoticeKind)


def test_english_reader_reads_english_words():
    with translation.override("en"):
        shown = line("visit_planned")

    assert shown.body.startswith("Going to the doctor, 23 Nov, 09:30.")


@pytest.mark.parametrize(
    ("minutes", "words"), [(90, "1 小时 30 分钟"), (120, "2 小时"), (20, "20 分钟"), (0, "0 分钟")]
)
def test_minutes_are_spoken_as_hours(minutes, words):
    assert f"陪同就医：{words}，" in line("record_verified", minutes=minutes).body


def test_role_is_spoken_by_its_label():
    assert "社区工作者" in line("role_granted").body


def test_unknown_role_is_spoken_as_given():
    assert "志愿队长" in line("role_granted", role="志愿队长").body


def test_strangers_have_nothing_unread():
    # Without the database: a stranger costs no query.
    assert queries.unread_count(Actor()) == 0


@pytest.mark.django_db
def test_real_site_tells_no_codes(settings):
    settings.LINBANG_DEMO = False
    send_code("13800001234", "246810")

    assert queries.latest_messages() == []
