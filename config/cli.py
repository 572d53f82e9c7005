"""The command line: ``linbang import-regions`` is Django's ``import_regions``."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

SOURCE = Path(__file__).resolve().parent.parent / "src"


def main() -> None:
    """Run a product command, its name written with hyphens."""
    program, *words = sys.argv
    if words and not words[0].startswith("-"):
        words[0] = words[0].replace("-", "_")
    run([program, *words])


def run(arguments: list[str]) -> None:
    """Run a Django command with the settings of the environment, else of the demo."""
    if str(SOURCE) not in sys.path:
        sys.path.insert(0, str(SOURCE))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    if arguments[1:2] == ["migrate"]:
        # Waiting for a table lock would hold up everybody behind it: give up, try again later.
        os.environ.setdefault("PGOPTIONS", "-c lock_timeout=10s")
    execute_from_command_line(arguments)
