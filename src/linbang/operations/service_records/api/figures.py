from datetime import date
from typing import Any

from ninja import Router

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.errors import NotAllowed
from linbang.operations.service_records import queries
from linbang.operations.service_records.schemas.figures import OverdueShiftOut, RecordFiguresOut
from linbang.operations.service_records.schemas.records import TotalsOut

router = Router(tags=["records"])
SHOWN_MAX = 100


@router.get("/record-totals/{day}", response=TotalsOut, operation_id="get_record_totals_as_of")
def get_record_totals_as_of(request: Any, day: date) -> Any:
    """Tell one's verified minutes as they stood at the end of a day."""
    now = clock.now()
    return queries.totals_on(request.actor.person_id, min(day, clock.local_date(now)), now)


@router.get("/record-figures/{day}", response=RecordFiguresOut, operation_id="get_record_figures")
def get_record_figures(request: Any, day: date) -> Any:
    """Tell what counted in the regions one looks after at the end of a day."""
    now = clock.now()
    regions = request.actor.regions_for(Permission.VERIFY_RECORDS)
    if not regions:
        raise NotAllowed
    day = min(day, clock.local_date(now))
    return queries.region_figures_as_of(regions, queries.end_of(day, now), day=day)


@router.get(
    "/records/overdue/shifts", response=list[OverdueShiftOut], operation_id="list_overdue_shifts"
)
def list_overdue_shifts(request: Any) -> Any:
    """List the shifts not settled within ten working days, the oldest first; 100 at most."""
    found = queries.shifts_overdue(request.actor, clock.now())[:SHOWN_MAX]
    return [
        {
            "activity": one.activity.name,
            "post": one.post,
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "due": one.due,
            "open_count": one.open_count,
            "unverified": one.unverified,
            "is_unclosed": one.is_unclosed,
        }
        for one in queries.overdue_shifts(found)
    ]
