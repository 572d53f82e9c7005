"""Dispatch in the API, one file a noun."""

from ninja import Router

from linbang.operations.dispatch.api.discover import router as discover
from linbang.operations.dispatch.api.offers import router as offers
from linbang.operations.dispatch.api.pairings import router as pairings
from linbang.operations.dispatch.api.plans import router as plans
from linbang.operations.dispatch.api.rosters import router as rosters
from linbang.operations.dispatch.api.sign_ups import router as sign_ups
from linbang.operations.dispatch.api.staff import router as staff
from linbang.operations.dispatch.api.standing_in import router as standing_in

router = Router(tags=["dispatch"])
for _part in (offers, discover, sign_ups, standing_in, staff, rosters, pairings, plans):
    router.add_router("", _part)
