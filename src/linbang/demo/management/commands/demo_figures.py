"""``linbang demo-figures``: ask the database for the published figures."""

from typing import Any

from django.core.management.base import BaseCommand

from linbang.demo import queries
from linbang.foundation import clock


class Command(BaseCommand):
    help = "Print the published figures of the demo community as the product counts them."

    def handle(self, **options: Any) -> None:
        for name, value in queries.published_figures(now=clock.now()).items():
            self.stdout.write(f"{name} {value}")
