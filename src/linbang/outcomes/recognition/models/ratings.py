import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import CellForeignKey, CellModel
from linbang.foundation.people.models import Person
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.recognition.choices import RatedBy, Side


class Rating(CellModel):
    """What one side says of the other after a service, once (rule 53). Append-only.

    ``first`` to ``third`` are the three points of the side, ``choices.POINTS`` names them.
    ``person`` is the volunteer of the record; ``by_id`` who rated, or wrote down what was said.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = CellForeignKey(ServiceRecord, models.PROTECT, related_name="ratings")
    person = CellForeignKey(Person, models.PROTECT, related_name="ratings")
    side = models.CharField(max_length=10, choices=Side)
    first = models.PositiveSmallIntegerField()
    second = models.PositiveSmallIntegerField()
    third = models.PositiveSmallIntegerField()
    comment = SealedTextField()
    rated_by = models.CharField(max_length=10, choices=RatedBy)
    by_id = models.BigIntegerField()
    rated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("评价")
        constraints = [
            models.UniqueConstraint(fields=["cell", "record", "side"], name="rating_once_a_side"),
            models.CheckConstraint(
                condition=Q(first__range=(1, 5), second__range=(1, 5), third__range=(1, 5)),
                name="rating_points_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(side=Side.SERVICE, rated_by=RatedBy.VOLUNTEER, by_id=F("person_id"))
                | Q(side=Side.VOLUNTEER)
                & ~Q(rated_by=RatedBy.VOLUNTEER)
                & ~Q(by_id=F("person_id")),
                name="rating_is_never_of_oneself",
            ),
        ]
        indexes = [models.Index(fields=["cell", "person", "side"], name="rating_by_person")]
