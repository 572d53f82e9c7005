from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linbang.foundation.shell.management.catalogues import po, sources, unmarked
from linbang.foundation.shell.management.catalogues.traditional import traditional

PYTHON = '''"""文档不算。"""
from django.utils.translation import gettext_lazy as _, ngettext

TITLE = _("登录")


def count(n):
    return ngettext("%(n)s 人", "%(n)s 人", n) % {"n": n}
'''
TEMPLATE = """{% load i18n %}<h1 title="{% trans '首页' %}">
{% blocktrans %}你好 {{ name }}{% endblocktrans %}</h1>
{% trans "开" context "商店" %}{% tag _("正常") %}
"""


@pytest.fixture
def source(tmp_path: Path, settings) -> sources.Source:
    settings.BASE_DIR = tmp_path
    app = tmp_path / "app"
    (app / "templates").mkdir(parents=True)
    (app / "views.py").write_text(PYTHON, "utf-8")
    (app / "templates/home.html").write_text(TEMPLATE, "utf-8")
    return sources.Source("app", app, (app / "views.py", app / "templates/home.html"))


def english(source, wordings):
    catalog = po.read(source, "en")
    for message in po.messages(catalog):
        message.string = wordings[po.key(message)[1]]
    source.po_path("en").write_text(po.po_text("en", catalog), "utf-8")


WORDINGS = {
    "登录": "Sign in",
    "%(n)s 人": ("%(n)s person", "%(n)s people"),
    "首页": "Home",
    "你好 %(name)s": "Hello %(name)s",
    "开": "Open",
    "正常": "Active",
}


def test_every_kind_of_mark_is_extracted(source):
    found = {po.key(message) for message in po.messages(sources.extracted(source))}

    assert found == {("商店" if text == "开" else None, text) for text in WORDINGS}


def test_update_makes_traditional_and_leaves_english_to_people(source):
    changed = po.update([source], known={})

    assert len(changed) == 2
    assert po.read(source, "zh_Hant").get("登录").string == "登入"
    assert po.read(source, "en").get("登录").string == ""
    assert "app/en: empty '登录'" in po.problems([source])


def test_complete_catalogue_has_no_problem_and_stays_as_it_is(source):
    po.update([source], known={})
    english(source, WORDINGS)

    assert po.problems([source]) == []
    assert po.update([source], known={}) == []


def test_known_wording_is_taken_over(source):
    po.update([source], known={(None, "首页"): "Home"})

    assert po.read(source, "en").get("首页").string == "Home"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("你好 %(name)s", "Hello"), ("%(n)s 人", ("%(m)s person", "%(n)s people"))],
)
def test_lost_placeholder_is_found(source, text, wrong):
    po.update([source], known={})
    english(source, {**WORDINGS, text: wrong})

    assert [problem.split(" in ")[0] for problem in po.problems([source])] == [
        "app/en: placeholders differ"
    ]


def test_fuzzy_wording_is_no_wording(source):
    po.update([source], known={})
    english(source, WORDINGS)
    path = source.po_path("en")
    path.write_text(
        path.read_text("utf-8").replace('msgid "首页"', '#, fuzzy\nmsgid "首页"'), "utf-8"
    )

    assert po.problems([source]) == ["app/en: fuzzy '首页'"]


def test_new_and_gone_strings_are_found(source):
    po.update([source], known={})
    english(source, WORDINGS)
    (source.folder / "views.py").write_text('TITLE = _("登出")', "utf-8")

    problems = po.problems([source])

    assert "app/en: missing '登出'" in problems
    assert "app/zh_Hant: obsolete '登录'" in problems


def test_two_apps_may_not_word_one_string_differently(source, tmp_path):
    other = sources.Source("other", tmp_path / "other", source.files)
    po.update([source, other], known={})
    english(source, WORDINGS)
    english(other, {**WORDINGS, "登录": "Log in"})

    assert po.problems([source, other]) == [
        "'登录' is worded differently: app 'Sign in', other 'Log in'"
    ]


def test_compiled_catalogue_lies_beside_the_written_one(source):
    po.update([source], known={})

    assert po.compile_all([source]) == 2
    assert source.po_path("en").with_suffix(".mo").exists()


@pytest.mark.parametrize(
    ("simplified", "converted"),
    [
        ("社区志愿者待审核", "社區志願者待審核"),
        ("请先登录，再看信息", "請先登入，再看資訊"),
        ("默认后台", "預設後臺".replace("臺", "台")),
        ("%(count)s 条，{name}", "%(count)s 條，{name}"),
    ],
)
def test_traditional_follows_our_glossary(simplified, converted):
    """Source: tools.md §6."""
    assert traditional(simplified) == converted


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>中文</p>", [1]),
        ('<input placeholder="姓名">', [1]),
        ('<a aria-label="{% trans \'好\' %}">{% trans "好" %}</a>', []),
        ("{% blocktrans %}\n你好\n{% endblocktrans %}\n再见", [4]),
        ('{% tag "正常" %}', [1]),
        ('{% tag _("正常") %}', []),
        ('{{ name|default:"无" }}', [1]),
        ("{# 说明 #}{% comment %}说明{% endcomment %}<!-- 说明 -->", []),
        ('<span translate="no">邻</span>', []),
    ],
)
def test_unmarked_chinese_in_templates_is_found(template, found):
    assert [line for line, _text in unmarked.unmarked_in_template(template)] == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = "中文"', [1]),
        ('x = _("中文")', []),
        ('x = f"{n} 人"', [1]),
        ('def f():\n    """中文"""\n    return ngettext("人", "人", 1)', []),
        ('x = {"a": gettext_lazy("中"), "b": "文"}', [1]),
        ("call('中')", [1]),
    ],
)
def test_unmarked_chinese_in_python_is_found(source, found):
    assert [line for line, _text in unmarked.unmarked_in_python(source)] == found


def test_excused_lines_and_unseen_files_are_left_out(tmp_path):
    (tmp_path / "rules.py").write_text('WORDS = ["着火"]', "utf-8")
    (tmp_path / "views.py").write_text('A = "甲"  # untranslated: a sample\nB = "乙"\n', "utf-8")
    (tmp_path / "seeds.py").write_text('# untranslated file: names\nA = "甲"\n', "utf-8")

    assert [str(found) for found in unmarked.find_unmarked(tmp_path)] == ["views.py:2: 乙"]


def test_command_checks_and_compiles_one_app(capsys):
    call_command("messages", "--check", "--app", "shell")
    call_command("messages", "--compile", "--app", "shell")

    assert capsys.readouterr().out == "2 catalogues compiled\n"


def test_command_fails_with_every_finding(monkeypatch, tmp_path, settings, capsys):
    (tmp_path / "src/linbang").mkdir(parents=True)
    (tmp_path / "src/linbang/views.py").write_text('A = "甲"', "utf-8")
    settings.BASE_DIR = tmp_path

    with pytest.raises(CommandError, match=r"1 unmarked strings\."):
        call_command("messages", "--unmarked")
    assert capsys.readouterr().err == "views.py:1: 甲\n"


def test_shell_itself_is_marked_throughout():
    folder = Path(sources.__file__).resolve().parents[2]

    assert unmarked.find_unmarked(folder) == []
