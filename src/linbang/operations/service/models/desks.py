from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellForeignKey, CellModel
from linbang.intake.activities.models import Desk


class DeskTally(CellModel):
    """People served at a desk on one topic: a stroke, or a correction of one. Append-only."""

    desk = CellForeignKey(Desk, models.PROTECT, related_name="tallies")
    topic = models.CharField(max_length=20)
    people = models.SmallIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    key = models.CharField(max_length=64, db_collation="C")

    class Meta:
        verbose_name = _("咨询计数")
        constraints = [
            models.UniqueConstraint(fields=["cell", "key"], name="desk_tally_key_once"),
            models.CheckConstraint(
                condition=Q(people__range=(-500, 500)) & ~Q(people=0),
                name="desk_tally_counts_somebody",
            ),
        ]
        indexes = [models.Index(fields=["cell", "desk", "topic"], name="desk_tally_by_topic")]
