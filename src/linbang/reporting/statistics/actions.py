"""Handing figures out: what leaves the house is in the trail."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.errors import NotAllowed
from linbang.foundation.places.models import Region
from linbang.reporting.statistics import queries
from linbang.reporting.statistics.queries import ActivityFigures, Figures, Scope
from linbang.reporting.statistics.rules import Period


@transaction.atomic
def export_figures(
    *, region: Region, period: Period, by: Actor, now: datetime
) -> tuple[Figures, ActivityFigures]:
    """Count the figures for a file that leaves the house, and enter the export in the trail.

    Raises NotAllowed. Source: rule 94.
    """
    prefix = region.code
    if not by.may(Permission.EXPORT, region=prefix):
        raise NotAllowed
    found = (
        queries.figures_of(prefix=prefix, period=period, asked_at=now),
        queries.activity_figures(scope=Scope(region), period=period, asked_at=now),
    )
    audit.record(
        by=by,
        action="statistics.export_figures",
        subject_type="places.region",
        subject_id=prefix,
        region_code=prefix,
        outcome=Outcome.EXPORTED,
        detail={"period": period.text},
        now=now,
    )
    return found
