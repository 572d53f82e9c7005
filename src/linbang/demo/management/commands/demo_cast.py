"""``linbang demo-cast``: who can be played in the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from linbang.demo import queries


class Command(BaseCommand):
    help = "Print the demo's cast with the phones they sign in with."

    def handle(self, **options: Any) -> None:
        for player, phone in queries.cast_with_phones():
            self.stdout.write(f"  {player.name}  {player.part}  {phone}")
