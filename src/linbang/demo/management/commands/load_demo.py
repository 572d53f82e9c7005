"""``linbang load-demo``: load the demo community when the database is empty."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from linbang.demo import actions, queries
from linbang.foundation import clock


class Command(BaseCommand):
    help = "Load the demo community (Xinzhu, invented people) into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=2015)

    def handle(self, *, seed: int, **options: Any) -> None:
        if queries.has_people():
            self.stdout.write("The database has people in it already: the demo stays as it is.")
            return
        started = time.monotonic()
        self.stdout.write("Loading the demo community …")
        actions.load_demo(now=clock.now(), seed=seed, say=self._say)
        self.stdout.write(f"The demo community is loaded ({time.monotonic() - started:.1f} s).")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
