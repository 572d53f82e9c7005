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

# package: files copied as they are, from its dist folder to the name beside it
COPIED = {
    "leaflet": {
        # Every picture its style names: hashing static files stops at one that is missing.
        "images/layers.png": "leaflet/images/layers.png",
        "images/layers-2x.png": "leaflet/images/layers-2x.png",
        "images/marker-icon.png": "leaflet/images/marker-icon.png",
        "images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
        "images/marker-shadow.png": "leaflet/images/marker-shadow.png",
    },
    # The very version that barcode-detector was built for: another one has another interface.
    "zxing-wasm": {"reader/zxing_reader.wasm": "zxing_reader.wasm"},
}
# package: (licence files to ship, files written by its builder)
PACKAGES = {
    "htmx.org": (["LICENSE"], ["htmx.min.js"]),
    "echarts": (["LICENSE", "NOTICE"], ["echarts.min.js"]),
    "zrender": (["LICENSE"], []),  # part of the echarts bundle
    "tslib": (["LICENSE.txt"], []),  # part of the echarts bundle
    "leaflet": (["LICENSE"], ["leaflet/leaflet.js", "leaflet/leaflet.css"]),
    "barcode-detector": (["LICENSE"], ["barcode-detector.js"]),
    "zxing-wasm": (["LICENSE"], []),  # part of the barcode-detector bundle, and its wasm
    "@tabler/icons": (["LICENSE"], ["icons.svg"]),
}
# package: licence texts that belong to what it contains but are not in its archive
BORROWED = {
    # The wasm is ZXing-C++, Copyright its authors, under the same Apache License 2.0 as we are.
    "zxing-wasm": {"LICENSE.zxing-cpp": HERE.parent / "LICENSE"},
}


def build() -> None:
    """Install by the lock file, write every output afresh, and its manifest."""
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True
    )
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    _write_stripped("htmx.org/dist/htmx.min.js", "htmx.min.js")
    _write_stripped("leaflet/dist/leaflet.js", "leaflet/leaflet.js")
    _write_stripped("leaflet/dist/leaflet.css", "leaflet/leaflet.css")
    _write_bundle("echarts.entry.mjs", "echarts.min.js", form="iife")
    _write_bundle("scanner.entry.mjs", "barcode-detector.js", form="esm")
    _write_icons()
    _copy_files()
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


def _write_stripped(source: str, target: str) -> None:
    (OUT / target).parent.mkdir(exist_ok=True)
    # Reading as text also makes one line ending of all, as git does.
    text = (MODULES / source).read_text("utf-8")
    (OUT / target).write_text(SOURCE_MAP.sub("", text), "utf-8")


def _write_bundle(entry: str, target: str, *, form: str) -> None:
    subprocess.run(
        [
            "node", "node_modules/esbuild/bin/esbuild", entry, "--bundle", "--minify",
            f"--format={form}", "--target=es2019", "--legal-comments=eof",
            f"--outfile={OUT / target}",
        ],
        cwd=HERE,
        check=True,
    )  # fmt: skip


def _copy_files() -> None:
    for package, files in COPIED.items():
        for source, target in files.items():
            (OUT / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_home(package) / "dist" / source, OUT / target)


def _home(package: str) -> Path:
    """Find a package where npm put it: its dependant's own copy before the shared one."""
    nested = MODULES / "barcode-detector/node_modules" / package
    return nested if nested.exists() else MODULES / package


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
    facts = json.loads((_home(name) / "package.json").read_text("utf-8"))
    folder = OUT / "licenses" / name.removeprefix("@").replace("/", "-")
    folder.mkdir(parents=True)
    shipped = [*files, *COPIED.get(name, {}).values()]
    texts = {licence: _home(name) / licence for licence in licences} | BORROWED.get(name, {})
    for licence, source in texts.items():
        # One line ending everywhere, whatever git makes of the others.
        text = source.read_text("utf-8").replace("\r\n", "\n")
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
