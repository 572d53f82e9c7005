from datetime import date
from uuid import UUID

from ninja import Schema

from linbang.foundation.shell.schemas import PageOut
from linbang.intake.care.choices import CareCategory


class CareListingOut(Schema):
    id: str
    person_id: UUID
    name: str
    place: str
    category: str
    note: str
    listed_on: date

    @staticmethod
    def resolve_id(row) -> str:
        return str(row.id)


class CarePageOut(PageOut):
    items: list[CareListingOut]


class CareListingIn(Schema):
    category: CareCategory
    note: str = ""
    signed_form: bool = False


class CareEndingIn(Schema):
    reason: str


class CareCountOut(Schema):
    category: CareCategory
    people: int
    households: int
