#!/usr/bin/env python3
"""Build and check the browser libraries that are committed with the product.

`vendor.py build` needs Node once; `vendor.py check` needs only Python and proves that the
committed files are those of the manifest. Nothing needs Node at run time.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
OUT = HERE.parent / "src/linbang/foundation/shell/static/vendor"
SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$\n?", re.MULTILINE)

# package: (licence files to ship, files written by its builder)
PACKAGES = {
    "htmx.org": (["LICENSE"], ["htmx.min.js"]),
    "echarts": (["LICENSE", "NOTICE"], ["echarts.min.js"]),
    "zrender": (["LICENSE"], []),  # part of the echarts bundle
    "tslib": (["LICENSE.txt"], []),  # part of the echarts bundle
    "@tabler/icons": (["LICENSE"], ["icons.svg"]),
}


def build() -> None:
    """Install by the lock file, write every output afresh, and its manifest."""
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True
    )
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    _write_htmx()
    _write_echarts()
    _write_icons()
    manifest = [_packaged(name, *parts) for name, parts in PACKAGES.items()]
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def check() -> list[str]:
    """List what differs from the manifest: changed, missing and unlisted files."""
    manifest = json.loads((OUT / "manifest.json").read_text("utf-8"))
    listed = {name: facts for package in manifest for name, facts in package["files"].items()}
    present = {
        path.relative_to(OUT).as_posix(): path
        for path in OUT.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    problems = [f"missing: {name}" for name in sorted(listed.keys() - present.keys())]
    problems += [f"unlisted: {name}" for name in sorted(present.keys() - listed.keys())]
    problems += [
        f"changed: {name}"
        for name in sorted(listed.keys() & present.keys())
        if _facts(present[name])["sha256"] != listed[name]["sha256"]
    ]
    return problems


def _write_htmx() -> None:
    source = (MODULES / "htmx.org/dist/htmx.min.js").read_text("utf-8")
    (OUT / "htmx.min.js").write_text(SOURCE_MAP.sub("", source), "utf-8")


def _write_echarts() -> None:
    subprocess.run(
        [
            "node", "node_modules/esbuild/bin/esbuild", "echarts.entry.mjs", "--bundle", "--minify",
            "--format=iife", "--target=es2019", "--legal-comments=eof",
            f"--outfile={OUT / 'echarts.min.js'}",
        ],
        cwd=HERE,
        check=True,
    )  # fmt: skip


def _write_icons() -> None:
    symbols = [_symbol(name) for name in (HERE / "icons.txt").read_text("utf-8").split()]
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (OUT / "icons.svg").write_text(sprite, "utf-8")


def _symbol(name: str) -> str:
    source = (MODULES / f"@tabler/icons/icons/outline/{name}.svg").read_text("utf-8")
    inner = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">'
        f"{''.join(line.strip() for line in inner.splitlines())}</symbol>"
    )


def _packaged(name: str, licences: list[str], files: list[str]) -> dict[str, object]:
    facts = json.loads((MODULES / name / "package.json").read_text("utf-8"))
    folder = OUT / "licenses" / name.removeprefix("@").replace("/", "-")
    folder.mkdir(parents=True)
    shipped = list(files)
    for licence in licences:
        # One line ending everywhere, whatever git makes of the others.
        text = (MODULES / name / licence).read_text("utf-8").replace("\r\n", "\n")
        (folder / licence).write_text(text, "utf-8")
        shipped.append((folder / licence).relative_to(OUT).as_posix())
    return {
        "name": name,
        "version": facts["version"],
        "license": facts["license"],
        "files": {file: _facts(OUT / file) for file in shipped},
    }


def _facts(path: Path) -> dict[str, object]:
    content = path.read_bytes()
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "gzip": len(gzip.compress(content, 9, mtime=0)),
    }


def main(arguments: list[str]) -> int:
    """Run the one command asked for."""
    if arguments == ["build"]:
        build()
        return 0
    if arguments == ["check"]:
        problems = check()
        sys.stdout.write("\n".join(problems or ["vendored files match their manifest"]) + "\n")
        return 1 if problems else 0
    sys.stdout.write(str(__doc__))
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
