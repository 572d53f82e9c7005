"""A street or district adopts a table of levels."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed
from linbang.foundation.places.queries import lock_region
from linbang.outcomes.recognition import errors, queries, rules
from linbang.outcomes.recognition.actions.telling import person_id_of, record_step
from linbang.outcomes.recognition.models import StarScheme


@transaction.atomic
def adopt_scheme(
    *, region_code: str, code: str, version: int, by: Actor, now: datetime
) -> StarScheme:
    """Let a table hold in a region and below, from now on; stars that were granted stay.

    Raises NotFound, NotAllowed, SchemeUnknown, SchemeInForce.
    """
    if not (by.is_signed_in and by.may(Permission.SET_STARS, region=region_code)):
        raise NotAllowed
    # Of two adoptions at once the second finds the first in force.
    region = lock_region(region_code)
    table = rules.TABLES.get((code, version))
    if table is None or table not in rules.newest_tables():
        raise errors.SchemeUnknown(field="scheme")
    here = queries.scheme_at(region_code)
    is_own = here.region is not None and here.region.pk == region_code
    if is_own and here.table == table:
        raise errors.SchemeInForce(field="scheme")
    adopted = StarScheme.objects.create(
        cell=region.cell,
        region=region,
        code=table.code,
        version=table.version,
        adopted_at=now,
        by_id=person_id_of(by),
    )
    detail = {"code": table.code, "version": table.version}
    record_step(adopted, "adopt_scheme", by=by, now=now, detail=detail)
    return adopted
