"""``manage.py check_books``: prove the books, or say what is wrong and repair nothing."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linbang.foundation import clock
from linbang.foundation.ledger import queries as ledger
from linbang.outcomes.time_bank import queries


class Command(BaseCommand):
    help = (
        "Check every rule of the ledger and of the savings: print what the books hold and what "
        "breaks a rule, and end with status 1 if anything does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cell", help="Only the books of this county (6 digits).")
        parser.add_argument(
            "--ledger",
            action="store_true",
            help="Only the rules of the ledger, not of the savings.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cell = options["cell"]
        for totals in queries.book_totals(cell=cell):
            kinds = " ".join(f"{name}={value}" for name, value in asdict(totals).items())
            self.stdout.write(f"{kinds} (minutes)")
        only_ledger: bool = options["ledger"]
        faults = (
            ledger.check_books(cell=cell)
            if only_ledger
            else queries.check_books(cell=cell, now=clock.now())
        )
        for fault in faults:
            self.stdout.write(
                f"{fault.rule} cell={fault.cell} id={fault.subject_id} {fault.detail}"
            )
        if faults:
            raise CommandError(f"{len(faults)} faults in the books.", returncode=1)
        self.stdout.write("The books are sound.")
