from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellForeignKey, CellModel
from linbang.foundation.people.models import Person
from linbang.operations.dispatch.choices import CommitmentSource


class PersonRange(Func):
    """``int8range(person_id, person_id, '[]')``: one person as a range, so that the exclusion
    needs no ``btree_gist`` (measured in the handbook, performance §7).
    """

    function = "int8range"

    def __init__(self) -> None:
        super().__init__(F("person_id"), F("person_id"), Value("[]"))


class Commitment(CellModel):
    """A person is promised for a window; the database refuses a second one that overlaps."""

    person = CellForeignKey(Person, models.PROTECT, related_name="commitments")
    during = DateTimeRangeField()
    source = models.CharField(max_length=10, choices=CommitmentSource)
    source_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("时间承诺")
        constraints = [
            ExclusionConstraint(
                name="commitments_do_not_overlap",
                index_type="gist",
                expressions=[
                    (PersonRange(), RangeOperators.OVERLAPS),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at=None),
            ),
            models.UniqueConstraint(
                fields=["cell", "source", "source_id"], name="commitment_once_a_source"
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False), name="commitment_window_is_not_empty"
            ),
        ]
