"""``linbang rotate-keys``: seal everything again under the first key of the ring."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from linbang.foundation import crypto
from linbang.foundation.people import actions


class Command(BaseCommand):
    help = (
        "Seal every encrypted column again under the first key of LINBANG_ENCRYPTION_KEYS. "
        "Safe to stop and repeat; afterwards the older keys can be removed from the ring."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=1000)

    def handle(self, *, batch: int, **options: Any) -> None:
        column, total = "", 0
        for step in actions.reseal(batch=batch):
            if step.column != column:
                column, before = step.column, 0
            total += step.resealed - before
            before = step.resealed
            self.stdout.write(f"{step.column}: {step.seen} seen, {step.resealed} sealed again")
        self.stdout.write(f"{total} values are now sealed under {crypto.current_key_id()}.")
