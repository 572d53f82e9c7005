"""The API of service: one router, its operations one file a noun."""

from ninja import Router

from linbang.operations.service.api import visits

router = Router()
router.add_router("", visits.router)

__all__ = ["router"]
