"""Whom and what a call is about."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from linbang.foundation.access.gates import MemberRequest
from linbang.operations.clearance import queries


def person_meant(request: MemberRequest, public_id: UUID | None) -> Any:
    """Return oneself, a ward, or somebody where one clears volunteers; 404 for anybody else."""
    person = queries.person_or_ward(request.actor, public_id)
    if person is not None:
        return person
    return get_object_or_404(queries.people_cleared_by(request.actor), public_id=public_id)


def shown_activity(activity_id: UUID) -> Any:
    """Return a published activity, or 404."""
    return get_object_or_404(queries.activities_shown(), public_id=activity_id)
