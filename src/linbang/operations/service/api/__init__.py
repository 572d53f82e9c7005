"""The API of service: one router, its operations one file a noun."""

from ninja import Router

from linbang.operations.service.api import attendances, field_work, leading, visits

router = Router()
for _part in (visits, attendances, leading, field_work):
    router.add_router("", _part.router)

__all__ = ["router"]
