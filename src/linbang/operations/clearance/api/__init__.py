"""Clearance in the API, one file a noun."""

from ninja import Router

from linbang.operations.clearance.api.before import router as before
from linbang.operations.clearance.api.credentials import router as credentials
from linbang.operations.clearance.api.insurance import router as insurance
from linbang.operations.clearance.api.suspensions import router as suspensions
from linbang.operations.clearance.api.trainings import router as trainings

router = Router(tags=["clearance"])
for _part in (before, trainings, credentials, insurance, suspensions):
    router.add_router("", _part)
