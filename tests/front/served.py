"""What granian is given in these tests: the front door with their operations."""

import os

import django

django.setup()

from config.front.door import FrontDoor  # noqa: E402 - only now are the apps ready
from linbang.foundation.access.rules import pass_key  # noqa: E402 - the same
from tests.front.stage import operations  # noqa: E402 - the same

application = FrontDoor(
    operations(),
    address=os.environ["DATABASE_URL"],
    key=pass_key("only for tests"),
    pages=os.environ["LINBANG_PAGES"],
)
