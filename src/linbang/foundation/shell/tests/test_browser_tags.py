import json
import re
from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from linbang.foundation.shell import rules
from linbang.foundation.shell.templatetags import browser, shell

PLACES = {
    "points": [
        {"id": 7, "lat": 22.8, "lon": 108.3, "label": "东门", "note": "缺 2 人", "url": "/p/7/"},
        {"id": 8, "lat": 22.9, "lon": 108.4, "label": "<b>", "sign": "★", "tone": "jade"},
    ],
    "outlines": [{"ring": [[22.8, 108.3], [22.9, 108.3], [22.9, 108.4]]}],
}
ENTRIES = [
    {"day": date(2026, 11, 23), "title": title, "url": f"/a/{number}/", "time": f"0{number}:00"}
    for number, title in enumerate(["晨练", "义诊", "阅读", "巡逻"], start=1)
]


def shown(source, **context):
    loaded = "{% load browser calendars %}"
    return Template(loaded + source).render(Context(context)).strip()


@pytest.fixture
def month(rf, monkeypatch):
    """Draw November 2026 on its 22nd, for an address and a reader."""
    monkeypatch.setattr(shell, "today", lambda: date(2026, 11, 22))

    def draw(address="/?team=3&page=2", entries=ENTRIES, elder=False, **more):
        return shown(
            "{% month_calendar month entries chosen %}",
            month=date(2026, 11, 1),
            entries=entries,
            request=rf.get(address),
            preferences=rules.Preferences(elder=elder),
            **{"chosen": None, **more},
        )

    return draw


def test_scanner_tells_where_codes_may_lead():
    html = shown('{% scanner path="/check-in/" into="#code" label="扫志愿者" %}')

    assert 'data-path="/check-in/" data-into="#code"' in html
    assert 'aria-label="扫志愿者"' in html
    assert 'data-wasm="/static/vendor/zxing_reader.wasm"' in html


def test_queue_of_a_stranger_belongs_to_nobody(rf):
    html = shown("{% queue %}", request=rf.get("/roll/?a=1&b=2"))

    assert 'data-account=""' in html
    assert "?next=/roll/%3Fa%3D1%26b%3D2" in html or "?next=%2Froll%2F%3Fa%3D1%26b%3D2" in html


def test_map_tells_the_same_in_its_list():
    html = shown('{% map places "点位" "points" %}', places=PLACES)
    spec = json.loads(re.search(r'id="map-points"[^>]*>(.*?)</script>', html)[1])

    assert [(one["sign"], one["at"]) for one in spec["points"]] == [
        ("1", [22.8, 108.3]),
        ("★", [22.9, 108.4]),
    ]
    assert [(one["id"], one["tone"]) for one in spec["points"]] == [("7", "red"), ("8", "jade")]
    assert (spec["outlines"][0]["label"], spec["dots"]) == ("", [])
    assert '<a href="/p/7/">东门</a><span class="meta">缺 2 人</span>' in html
    assert "<span>&lt;b&gt;</span>" in html
    assert "data-tiles" not in html


def test_map_has_tiles_where_the_site_has(settings):
    settings.LINBANG_MAP_TILES = {"url": "https://t.example/{z}", "attribution": "审图号 GS"}

    html = shown('{% map places "点位" "points" %}', places=PLACES)

    assert 'data-tiles="https://t.example/{z}" data-attribution="审图号 GS"' in html


def test_share_is_a_link_first():
    html = shown('{% share "https://a.example/" "清洁日" "来吧" %}')

    assert html.startswith('<a class="button button--ghost" href="https://a.example/"')
    assert 'data-behaviour="share" data-title="清洁日" data-text="来吧"' in html


def test_month_links_keep_the_filters(month):
    html = month()

    assert 'rel="prev" href="?team=3&amp;month=2026-10"' in html
    assert 'rel="next" href="?team=3&amp;month=2026-12"' in html
    assert "?team=3&amp;month=2026-11&amp;day=2026-11-23#day" in html
    assert "回到今天" not in html


def test_month_marks_today_other_months_and_the_chosen_day(month):
    html = month(chosen=date(2026, 11, 23))

    assert html.count("data-other") == 12
    assert html.count("data-today") == html.count('aria-current="date"') == 1
    assert html.count("data-chosen") == 1


def test_full_day_shows_three_and_says_how_many_more(month):
    html = month()

    assert "，4 项" in html
    assert "还有 1 项" in html
    assert html.count("calendar__dot ") == 3
    assert "巡逻" not in html


def test_chosen_day_is_listed_whole(month):
    assert "巡逻" in month(chosen=date(2026, 11, 23))
    assert "这一天没有安排。" in month(chosen=date(2026, 11, 24))


def test_elder_mode_lists_the_month_by_day(month):
    html = month(elder=True)

    assert "<table" not in html
    assert html.count("calendar__listed") == 1
    assert "巡逻" in html
    assert "这个月还没有安排。" in month(elder=True, entries=[])


def test_elder_list_leaves_other_months_out(month):
    html = month(elder=True, entries=[{**ENTRIES[0], "day": date(2026, 12, 1)}])

    assert "晨练" not in html


@pytest.mark.parametrize(("language", "short"), [("zh-hans", "一"), ("en", "Mon")])
def test_weekdays_head_their_columns(month, language, short):
    with translation.override(language):
        assert f">{short}</abbr></th>" in month()


def test_week_shows_seven_days_and_the_weeks_around(rf, monkeypatch):
    monkeypatch.setattr(shell, "today", lambda: date(2026, 11, 22))
    request = rf.get("/?view=week")

    html = shown(
        "{% week_calendar day entries %}", day=date(2026, 11, 25), entries=ENTRIES, request=request
    )

    assert html.count('class="calendar__column"') == 7
    assert html.count("data-free") == 6
    assert 'rel="prev" href="?view=week&amp;week=2026-11-16"' in html
    assert 'rel="next" href="?view=week&amp;week=2026-11-30"' in html
    assert "回到今天" in html


@pytest.mark.parametrize("is_edited", [True, False])
def test_worker_knows_every_file_of_the_frame(settings, is_edited):
    settings.WHITENOISE_AUTOREFRESH = is_edited

    frame = json.loads(browser.worker_source().partition("\n")[0][len("const FRAME = ") : -1])

    assert frame["offline"] == "/offline/"
    assert {"/offline/", "/static/shell/js/queue.js", "/static/vendor/htmx.min.js"} <= set(
        frame["files"]
    )
    assert f"/style/{shell.style_digest()}.css" in frame["files"]
    assert frame["statics"] == ["/static/", "/style/"]
    assert not any("worker.js" in file or ".wasm" in file for file in frame["files"])


def test_worker_is_another_one_when_a_file_changes(settings, monkeypatch, tmp_path):
    settings.WHITENOISE_AUTOREFRESH = True
    before = browser.worker_source()
    read = browser._read

    monkeypatch.setattr(
        browser, "_read", lambda name: read(name) + ("//" if name.endswith("queue.js") else "")
    )

    assert browser.worker_source() != before
