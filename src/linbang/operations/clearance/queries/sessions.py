"""Sittings of trainings: which are to come, who may see them, and how many places are left."""

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from linbang.operations.clearance.models import Enrolment, TrainingSession


def with_places_left(sessions: QuerySet[TrainingSession]) -> QuerySet[TrainingSession]:
    """Add how many people are enrolled (``enrolled``), and how many places are left.

    One range of ``enrolment_once_a_session`` a row: for lists of a page.
    """
    counted = (
        Enrolment.objects.filter(cell=OuterRef("cell"), session=OuterRef("pk"), left_at=None)
        .order_by()
        .values("session")
        .annotate(found=Count("pk"))
        .values("found")
    )
    enrolled = Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
    return sessions.annotate(enrolled=enrolled).annotate(places_left=F("places") - F("enrolled"))
