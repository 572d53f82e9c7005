"""Files: styles old phones understand, locks without hosts, no stray words, no overlong modules."""

import re

import pytest

from tests.house import source

TEXT = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".md",
    ".toml",
    ".txt",
    ".lock",
    ".json",
    ".sql",
    ".po",
    "",
}
# esbuild lowers none of these, and an old WebView drops the whole rule.
TOO_NEW = {
    "@layer": r"@layer\b",
    ":has()": r":has\(",
    "color-mix()": r"color-mix\(",
    "@container": r"@container\b",
    "nesting": r"^\s*&",
    "dvh": r"\d(?:dvh|svh|lvh)\b",
}


def css_for_residents():
    return [
        path
        for path in source.PRODUCT.rglob("*.css")
        if "vendor" not in path.parts and "console" not in path.stem
    ]


@pytest.mark.parametrize("feature", TOO_NEW)
def test_resident_css_runs_on_old_phones(feature):
    wrong = [
        f"{path.name}:{number}"
        for path in css_for_residents()
        for number, line in enumerate(_without_comments(path.read_text()).splitlines(), 1)
        if re.search(TOO_NEW[feature], line)
    ]
    assert wrong == []


def _without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), css, flags=re.DOTALL)


def test_templates_hold_no_inline_script_or_style():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=|hx-on"
    )
    wrong = [
        f"{path.relative_to(source.ROOT)}:{number}"
        for path in source.PRODUCT.rglob("templates/**/*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        # What stands in Django's own tags is no HTML: {% include … with one=line %}.
        if inline.search(re.sub(r"{%.*?%}|{{.*?}}", "", line))
    ]
    assert wrong == []


def test_templates_stay_short():
    long = [
        f"{path.relative_to(source.ROOT)}: {length}"
        for path in source.PRODUCT.rglob("templates/**/*.html")
        if (length := len(path.read_text().splitlines())) > 120
    ]
    assert long == []


def test_modules_stay_short():
    long = [
        f"{path.relative_to(source.ROOT)}: {length}"
        for module, path in source.modules().items()
        if "migrations" not in module
        and (length := len(path.read_text().splitlines())) > (600 if "tests" in module else 400)
    ]
    assert long == []


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "frontend/package-lock.json"]
)
def test_lock_files_name_no_host(name):
    content = (source.ROOT / name).read_text()
    # A funding or home page in npm's lock says nothing of where the package came from.
    content = re.sub(r'"(?:url|funding)":\s*"[^"]*"', "", content)

    assert re.findall(r"https?://\S+|--index\S*|--find-links\S*|file:\S+", content) == []


def test_lock_files_pin_by_hash():
    for name in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=[a-z0-9])", (source.ROOT / name).read_text())
        unhashed = [entry.split(" ")[0] for entry in entries if "--hash=sha256:" not in entry]
        assert unhashed == []


def test_nothing_committed_names_a_private_path_or_leaves_work_behind():
    # Spelt in halves, so that this file does not find itself.
    words = ["/wo" + "rk/", "/ro" + "ot/", "TO" + "DO", "FIX" + "ME", "XX" + "X", "<<<" + "<<<<"]
    wrong = [
        f"{path.relative_to(source.ROOT)}: {word}"
        for path in source.committed_files()
        if path.suffix in TEXT and "vendor" not in path.parts
        for word in words
        if word in path.read_text(errors="ignore")
    ]
    assert wrong == []


def test_tests_never_skip():
    marks = re.compile(r"pytest\.(?:skip|xfail|importorskip)|mark\.(?:skip|xfail)|assert True\b")
    wrong = [
        str(path.relative_to(source.ROOT))
        for folder in (source.ROOT / "src", source.ROOT / "tests")
        for path in folder.rglob("*.py")
        if path != source.ROOT / "tests/house/test_files.py" and marks.search(path.read_text())
    ]
    assert wrong == []


def test_every_exemption_names_its_rule_and_reason():
    exemption = re.compile(r"#\s*(?:noqa|type:\s*ignore)")
    rule = r"(?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|type: ignore\[[\w, -]+\])"
    reasoned = re.compile(rf"#\s*{rule}\s+(?:-|#) \S")
    wrong = [
        f"{path.relative_to(source.ROOT)}:{number}"
        for folder in ("src", "config", "bench", "tests")
        for path in (source.ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and path.name != "test_files.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if exemption.search(line) and not reasoned.search(line)
    ]
    assert wrong == []
