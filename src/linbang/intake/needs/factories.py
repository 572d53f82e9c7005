"""Needs and service items for tests."""

import uuid
from datetime import datetime, timedelta

from linbang.foundation.clock import CHINA
from linbang.foundation.people.models import Person
from linbang.intake.needs import rules
from linbang.intake.needs.choices import NeedChannel, NeedState
from linbang.intake.needs.choices.catalogue import CATALOGUE, DESCRIPTIONS_EN
from linbang.intake.needs.models import Need, NeedStep, ServiceItem

# A Monday morning; the next working day is the Tuesday.
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)


def make_item(code: str = "shopping", **fields: object) -> ServiceItem:
    """Return the catalogue's item with this code, or a new one; ``fields`` overwrite."""
    entries = {entry.code: (position, entry) for position, entry in enumerate(CATALOGUE, 1)}
    position, entry = entries.get(code, (99, CATALOGUE[0]._replace(code=code)))
    values = {
        **entry._asdict(),
        "description_en": DESCRIPTIONS_EN.get(code, ""),
        "position": position,
        **fields,
    }
    item, _ = ServiceItem.objects.update_or_create(code=code, defaults=values)
    return item


def make_need(
    beneficiary: Person,
    *,
    item: ServiceItem | None = None,
    state: NeedState = NeedState.OPENED,
    starts_at: datetime = MONDAY + timedelta(days=1),
    minutes: int = 60,
    opened_at: datetime = MONDAY,
    **fields: object,
) -> Need:
    """Store a need of this beneficiary in a state, with the steps that lead there left out."""
    item = item or make_item()
    values: dict[str, object] = {
        "key": uuid.uuid4().hex,
        "requested_by": beneficiary,
        "channel": NeedChannel.SELF,
        "region_id": beneficiary.region_id,
        "address": "新竹社区 3栋 2单元501",
        "phone": "13800001234",
        "helpers": item.helpers,
        "answer_due_at": rules.first_answer_due(opened_at),
        "state_since": opened_at,
        **fields,
    }
    need = Need.objects.create(
        cell=beneficiary.cell,
        beneficiary=beneficiary,
        item=item,
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        opened_at=opened_at,
        **values,
    )
    NeedStep.objects.create(
        cell=need.cell, need=need, state=state, at=opened_at, by_id=need.requested_by_id
    )
    return need


def make_catalogue() -> list[ServiceItem]:
    """Return the whole catalogue as seeded; a test that emptied the tables may have taken it."""
    return [make_item(entry.code) for entry in CATALOGUE]
