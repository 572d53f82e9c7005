from datetime import date
from uuid import UUID

from ninja import Schema

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


class CarePageOut(Schema):
    count: int
    page: int
    pages: int
    items: list[CareListingOut]


class CareListingIn(Schema):
    category: CareCategory
    note: str = ""
    signed_form: bool = False


class EndingIn(Schema):
    reason: str


class CareCountOut(Schema):
    category: CareCategory
    people: int
    households: int
