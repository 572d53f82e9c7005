"""Write what the API offers to ``docs/openapi.json``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from ninja.management.commands.export_openapi_schema import Command as Export


class Command(Export):
    """Ninja's own export with our file and our form."""

    help = "Write the description of the API to docs/openapi.json"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            api="linbang.web.api.api", output=settings.BASE_DIR / "docs" / "openapi.json", indent=2
        )

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["output"]:
            with Path(options["output"]).open("a", encoding="utf-8") as file:
                file.write("\n")
