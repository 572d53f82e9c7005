from datetime import date, datetime
from typing import Any

from ninja import Schema

from linbang.foundation.shell.schemas import PageOut


class AuditEventOut(Schema):
    id: str
    at: datetime
    action: str
    outcome: str
    account_id: str | None
    person_id: str | None
    subject_type: str
    subject_id: str
    region_code: str
    address: str | None
    detail: dict[str, Any]

    @staticmethod
    def resolve_id(event: Any) -> str:
        return str(event.id)

    @staticmethod
    def resolve_account_id(event: Any) -> str | None:
        return None if event.account_id is None else str(event.account_id)

    @staticmethod
    def resolve_person_id(event: Any) -> str | None:
        return None if event.person_id is None else str(event.person_id)


class TrailIn(Schema):
    action: str = ""
    person: str = ""
    day: date | None = None


class AuditEventPageOut(PageOut):
    items: list[AuditEventOut]
