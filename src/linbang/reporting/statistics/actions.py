"""Handing figures out: what leaves the house is in the trail."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.errors import NotAllowed
from linbang.reporting.statistics import queries
from linbang.reporting.statistics.queries import Figures
from linbang.reporting.statistics.rules import Period


@transaction.atomic
def export_figures(*, prefix: str, period: Period, by: Actor, now: datetime) -> Figures:
    """Count the figures for a file that leaves the house, and enter the export in the trail.

    Raises NotAllowed. Source: rule 94.
    """
    if not by.may(Permission.EXPORT, region=prefix):
        raise NotAllowed
    found = queries.figures_of(prefix=prefix, period=period, asked_at=now)
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
