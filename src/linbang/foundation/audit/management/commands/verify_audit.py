"""Walk the whole chain of the trail and print what is wrong."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linbang.foundation import clock
from linbang.foundation.audit import queries


class Command(BaseCommand):
    help = "Verify the audit trail end to end; note the printed head and pass it next time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="a head printed earlier, kept elsewhere")

    def handle(self, *args: Any, head: str = "", **options: Any) -> None:
        report = queries.walk_chain(sealed_before=clock.now() - timedelta(hours=1), known_head=head)
        for fault in report.faults:
            self.stderr.write(fault)
        self.stdout.write(
            f"links {report.links}\nhead {report.head}\nunsealed {report.unsealed}\n"
            f"faults {len(report.faults)}"
        )
        if report.faults:
            raise CommandError("The audit trail was tampered with or is incomplete.")
