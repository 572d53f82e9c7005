import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import translation

from linbang.foundation.shell import views
from linbang.foundation.shell.templatetags import shell

SOURCES = Path(shell.__file__).resolve().parents[3]
VENDOR = Path(shell.__file__).resolve().parents[1] / "static/vendor"
STYLES = VENDOR.parent / "shell/css"


def shown(source, **context):
    return Template("{% load shell %}" + source).render(Context(context)).strip()


def test_icon_without_label_is_decoration():
    assert shown('{% icon "home" %}') == (
        '<svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="/static/vendor/icons.svg#home"></use></svg>'
    )


def test_icon_with_label_is_an_image():
    assert 'role="img" aria-label="到家"' in shown('{% icon "home" "到家" %}')


def test_every_icon_named_in_a_template_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text("utf-8")))
    named = {
        name
        for path in SOURCES.rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text("utf-8"))
    }

    assert named - sprite == set()


def test_tag_takes_only_known_tones():
    assert (
        shown('{% tag text "jade" %}', text="<b>") == '<span class="tag tag--jade">&lt;b&gt;</span>'
    )
    assert 'class="tag tag--grey"' in shown('{% tag "x" "purple" %}')


@pytest.mark.parametrize(
    ("language", "minutes", "text"),
    [
        ("zh-hans", 90, "1.5 小时"),
        ("zh-hans", 80, "1 小时 20 分钟"),
        ("zh-hans", None, "0 小时"),
        ("zh-hant", 45, "45 分鐘"),
        ("en", 60, "1 hour"),
        ("en", 61, "1 hour 1 minute"),
        ("en", 90, "1.5 hours"),
    ],
)
def test_minutes_read_as_hours(language, minutes, text):
    with translation.override(language):
        assert shown("{{ value|hours }}", value=minutes) == text


def test_number_of_minutes_stands_out():
    assert shown("{% minutes 90 %}") == '<span class="amount"><b>1.5</b> 小时</span>'


def test_instants_are_shown_in_china():
    instant = datetime(2001, 11, 22, 16, 30, tzinfo=UTC)

    assert shown("{{ value|moment }}", value=instant) == "2001年11月23日 周五 00:30"
    assert shown("{{ value|day }}", value=instant) == "2001年11月23日 周五"
    assert shown("{{ value|time_of_day }}", value=instant) == "00:30"
    assert shown("{{ value|until:value }}", value=instant) == "2001年11月23日 周五 00:30–00:30"
    assert shown("{% when value %}", value=instant) == (
        '<time datetime="2001-11-22T16:30:00+00:00">2001年11月23日 周五 00:30</time>'
    )


@pytest.mark.parametrize("name", ["moment", "day", "month", "time_of_day", "ago"])
def test_unknown_time_shows_nothing(name):
    assert shown("{{ value|" + name + " }}", value=None) == ""


def test_days_and_months_of_plain_dates():
    assert shown("{{ value|day }}", value=date(2001, 1, 1)) == "2001年1月1日 周一"
    assert shown("{{ value|month }}", value=date(2001, 1, 1)) == "2001年1月"
    assert "前" in shown("{{ value|ago }}", value=datetime(2001, 1, 1, tzinfo=UTC))
    assert shown("{{ a|until:b }}", a=None, b=None) == ""
    assert shown("{% when value %}", value=None) == ""


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="与证件一致")
    nick = forms.CharField(label="小名", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="同意")
    key = forms.CharField(widget=forms.HiddenInput)


def test_field_ties_label_help_and_error_together():
    html = shown("{% field form.name %}", form=Sample({}))

    assert '<label class="field__label" for="id_name">姓名</label>' in html
    assert 'id="id_name_helptext">与证件一致' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html


def test_field_tells_what_may_stay_empty():
    assert "选填" in shown("{% field form.nick %}", form=Sample())
    assert "选填" not in shown("{% field form.name %}", form=Sample())


def test_group_of_choices_is_a_fieldset():
    html = shown("{% field form.kind %}", form=Sample())

    assert html.startswith('<fieldset class="field"')
    assert '<legend class="field__label">类别</legend>' in html


def test_single_box_has_its_label_beside_it():
    html = shown("{% field form.agreed %}", form=Sample())

    assert '<label class="check"><input type="checkbox"' in html
    assert '<span class="check__text">同意</span>' in html


def test_form_partial_shows_every_field_once():
    html = Template('{% include "shell/form.html" %}').render(Context({"form": Sample({})}))

    assert [html.count(f'name="{name}"') for name in Sample.base_fields] == [1, 1, 1, 1, 1]
    assert 'role="alert"' in html


def test_pager_keeps_the_filters(rf):
    page = Paginator(range(25), 10).get_page(2)

    html = shown("{% pager page %}", page=page, request=rf.get("/?q=li&page=2"))

    assert 'rel="prev" href="?q=li&amp;page=1"' in html
    assert 'rel="next" href="?q=li&amp;page=3"' in html
    assert "共 25 条，第 2 / 3 页" in html


def test_single_page_needs_no_pager():
    html = shown("{% pager page %}", page=Paginator([1], 10).get_page(1))

    assert "共 1 条" in html
    assert "rel=" not in html
    assert shown("{% pager page %}", page=Paginator([], 10).get_page(1)) == ""


def test_steps_tell_state_without_colour():
    items = [
        {"title": "登记"},
        {"title": "派单", "state": "now"},
        {"title": "上门", "state": "todo"},
    ]

    html = shown("{% steps items %}", items=items)

    assert html.count("#check") == 1
    assert html.count('aria-current="step"') == 1
    assert html.count("（尚未开始）") == 1


def test_chart_has_its_table_behind_it():
    figures = {"labels": ["一月", "二月"], "series": [{"name": "小时", "values": [3, 4]}]}

    html = shown('{% chart figures "服务" "trend" "小时" %}', figures=figures)

    assert '<th scope="row">一月</th><td class="end">3</td>' in html
    assert 'id="chart-trend" type="application/json"' in html
    assert '"kind": "bar"' in html


def test_chart_refuses_series_of_another_length():
    figures = {"labels": ["一月"], "series": [{"name": "小时", "values": [3, 4]}]}

    with pytest.raises(ValueError, match="longer"):
        shown('{% chart figures "服务" "trend" %}', figures=figures)


def test_small_parts_show_what_they_are_given():
    html = shown(
        '{% stat "时长" 3 "小时" "本月" "red" "/x/" %}'
        '{% action "求助" "/help/" "heart" "jade" "三步" %}'
        '{% back "/up/" %}{% notice "请稍候" "gold" "提示" %}'
        '{% empty "没有" "" "inbox" "/new/" "新增" %}'
        '{% progress 2 3 "时间" %}'
    )

    for part in ("/x/", "三步", "返回", "notice--gold", "/new/", "第 2 步，共 3 步"):
        assert part in html


@pytest.mark.parametrize("is_edited", [True, False])
def test_styles_are_one_file_named_by_its_content(rf, settings, is_edited):
    settings.WHITENOISE_AUTOREFRESH = is_edited
    href = re.search(r'href="([^"]+)"', shown("{% stylesheet %}"))[1]

    response = views.stylesheet(rf.get(href), digest=Path(href).stem)

    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert all(
        (STYLES / f"{name}.css").read_text("utf-8") in response.text for name in shell.SHEETS
    )
    assert {path.stem for path in STYLES.glob("*.css")} == set(shell.SHEETS)


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.css")), ids=lambda path: path.stem)
def test_resident_styles_run_in_old_web_views(path):
    """Source: tools.md §1: engines without these features drop whole rules."""
    css = path.read_text("utf-8")

    assert re.findall(r"@layer|@container|:has\(|color-mix\(|\ddvh|^\s*&", css, re.MULTILINE) == []
    assert re.findall(r"font-size:\s*\d+px", css) == []
    assert len(css.splitlines()) <= 300


@pytest.mark.parametrize(
    "path", sorted((VENDOR.parent / "shell/js").glob("*.js")), ids=lambda path: path.stem
)
def test_scripts_stay_small_and_free_of_eval(path):
    script = path.read_text("utf-8")

    assert len(script.splitlines()) <= 120
    assert re.findall(r"\beval\(|innerHTML|new Function", script) == []
