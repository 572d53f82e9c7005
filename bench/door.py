"""What granian is given to measure reads without the second for which their answers are kept."""

from dataclasses import replace

from config.asgi import behind_proxies  # noqa: F401 - sets Django up

from django.conf import settings  # isort: skip

from config.front.database import conninfo
from config.front.door import FrontDoor
from config.lanes import OPERATIONS
from config.pages import socket_path
from linbang.foundation.access.rules import pass_key

application = FrontDoor(
    [replace(operation, fresh_s=0.0) for operation in OPERATIONS],
    address=conninfo(),
    key=pass_key(settings.SECRET_KEY),
    pages=str(socket_path()),
)
