"""What stands against a record: a doubt, a voiding, a bar; as conditions of one query."""

from collections.abc import Mapping
from datetime import date

from django.db.models import DateField, Exists, Func, OuterRef, Q, QuerySet, Subquery

from linbang.operations.service_records.choices import FlagOutcome
from linbang.operations.service_records.models import (
    FlagDecision,
    RecordFlag,
    RecordVoid,
    ServiceBar,
)


class _DayOf(Func):
    """The day of an instant in China; ``TruncDate`` does not take an outer reference."""

    template = "(%(expressions)s AT TIME ZONE 'Asia/Shanghai')::date"
    output_field = DateField()


def flags_with_outcome() -> QuerySet[RecordFlag]:
    """Return all flags with ``outcome``: the latest decision, or nothing yet."""
    latest = FlagDecision.objects.filter(cell=OuterRef("cell"), flag=OuterRef("pk"))
    return RecordFlag.objects.annotate(
        outcome=Subquery(latest.order_by("-turn").values("outcome")[:1])
    )


def flags_that_hold() -> QuerySet[RecordFlag]:
    """Return the flags that keep their records from counting: undecided, or found to be right."""
    return flags_with_outcome().filter(Q(outcome=None) | Q(outcome=FlagOutcome.UPHELD))


def voids_in_force() -> QuerySet[RecordVoid]:
    """Return the voidings in force; index ``void_once_a_record``."""
    return RecordVoid.objects.filter(voided_at__isnull=False, refused_at=None, lifted_at=None)


def bars_in_force(person_id: int, on: date) -> QuerySet[ServiceBar]:
    """Return the bars of a person on a day; index ``bar_by_person``."""
    return ServiceBar.objects.filter(
        person_id=person_id, from_date__lte=on, until_date__gte=on, lifted_at=None
    )


def standing_columns() -> Mapping[str, Exists | Q]:
    """Return what each record is annotated with: ``is_voided``, ``is_held``, ``is_barred``.

    Barred is a record of somebody, or entered by somebody, whose bar holds on its day; or of a
    unit that is barred (rule 55).
    """
    mine = {"cell": OuterRef("cell"), "record": OuterRef("pk")}
    return {
        "is_voided": Exists(voids_in_force().filter(**mine)),
        "is_held": Exists(flags_that_hold().filter(**mine)),
        "is_barred": Exists(
            ServiceBar.objects.filter(
                Q(person_id=OuterRef("person_id"))
                | Q(person_id=OuterRef("entered_by_id"))
                | Q(organisation_id=OuterRef("attendance__sign_up__shift__activity__organiser_id")),
                lifted_at=None,
                from_date__lte=_DayOf(OuterRef("starts_at")),
                until_date__gte=_DayOf(OuterRef("starts_at")),
            )
        ),
    }


def barred_until(person_id: int, on: date) -> date | None:
    """Return until when new hours of a person wait for an officer; None where they need not.

    For stars and for entering hours too (rule 55).
    """
    last = bars_in_force(person_id, on).order_by("-until_date").values_list("until_date", flat=True)
    return last.first()
