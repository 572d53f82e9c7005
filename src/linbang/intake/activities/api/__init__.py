"""Planning under ``/api/v1/``: what the console's pages do, with the same refusals."""

from ninja import Router

from linbang.intake.activities.api import activities, points, programmes, shifts

router = Router()
for _part in (activities, shifts, programmes, points):
    router.add_router("", _part.router)
