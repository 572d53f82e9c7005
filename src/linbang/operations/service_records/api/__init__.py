"""The API of records: one router, its operations one file a noun."""

from ninja import Router

from linbang.operations.service_records.api import (
    back_entries,
    figures,
    integrity,
    policies,
    records,
)

router = Router()
for _part in (integrity, records, policies, back_entries, figures):
    router.add_router("", _part.router)

__all__ = ["router"]
