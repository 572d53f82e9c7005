"""Which browser somebody checks in with: not who, only whether it was the same one (rule 45)."""

from datetime import datetime, timedelta

from linbang.foundation.access.rules import Actor
from linbang.foundation.crypto import blind_index
from linbang.intake.activities.models import Activity
from linbang.operations.service.models import DeviceSighting

_KEPT_FOR = timedelta(days=60)


def see_device(*, activity: Activity, mark: str, by: Actor, now: datetime) -> None:
    """Keep that a person's check-in page was opened on a browser: one INSERT, once each."""
    if by.person_id is None:
        return
    seen = DeviceSighting(
        cell=activity.cell,
        activity=activity,
        person_id=by.person_id,
        mark=blind_index(mark, purpose="service.device"),
        at=now,
    )
    DeviceSighting.objects.bulk_create([seen], ignore_conflicts=True)


def forget_devices(*, now: datetime) -> int:
    """Forget which browsers were used; the nightly round has looked by then."""
    forgotten, _ = DeviceSighting.objects.filter(at__lt=now - _KEPT_FOR).delete()
    return forgotten
