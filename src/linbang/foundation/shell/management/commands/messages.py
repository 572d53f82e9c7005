"""Everything about the languages, with one command and no gettext binaries."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from linbang.foundation.shell.management.catalogues import po
from linbang.foundation.shell.management.catalogues.sources import Source, sources
from linbang.foundation.shell.management.catalogues.unmarked import find_unmarked


class Command(BaseCommand):
    help = (
        "Extract strings, bring the English catalogues in step, make Traditional Chinese, compile."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--check", action="store_true", help="change nothing, fail on any hole")
        only.add_argument("--compile", action="store_true", help="only write the .mo files")
        only.add_argument(
            "--unmarked", action="store_true", help="fail on visible Chinese nobody marked"
        )
        parser.add_argument("--app", help="only this app, by its label")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [source for source in sources() if options["app"] in (None, source.name)]
        if options["unmarked"]:
            self._fail_on([str(found) for found in find_unmarked(_package())], "unmarked strings")
        elif options["check"]:
            self._fail_on(po.problems(chosen), "problems in the catalogues")
        elif options["compile"]:
            self.stdout.write(f"{po.compile_all(chosen)} catalogues compiled")
        else:
            self._update(chosen)

    def _update(self, chosen: list[Source]) -> None:
        for path in po.update(chosen, known=po.known_english(sources())):
            self.stdout.write(f"written {Path(path).relative_to(settings.BASE_DIR)}")
        po.compile_all(chosen)
        for problem in po.problems(chosen):
            self.stdout.write(self.style.WARNING(problem))

    def _fail_on(self, findings: list[str], what: str) -> None:
        for finding in findings:
            self.stderr.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} {what}.")


def _package() -> Path:
    return Path(settings.BASE_DIR) / "src/linbang"
