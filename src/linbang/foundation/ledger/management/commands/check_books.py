"""``manage.py check_books``: prove the books, or say what is wrong and repair nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linbang.foundation.ledger import queries


class Command(BaseCommand):
    help = "Check every rule of the books; print what breaks one and end with status 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cell", help="Only the books of this county (6 digits).")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = queries.check_books(cell=options["cell"])
        for fault in faults:
            self.stdout.write(
                f"{fault.rule} cell={fault.cell} id={fault.subject_id} {fault.detail}"
            )
        if faults:
            raise CommandError(f"{len(faults)} faults in the books.", returncode=1)
        self.stdout.write("The books are sound.")
