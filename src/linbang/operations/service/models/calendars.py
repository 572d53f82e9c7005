from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellForeignKey, CellModel
from linbang.foundation.people.models import Person


class CalendarFeed(CellModel):
    """The secret address of a person's calendar; only the keyed hash of the secret is kept."""

    person = CellForeignKey(Person, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("日历订阅")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "person"],
                condition=Q(closed_at=None),
                name="calendar_feed_open_once_a_person",
            ),
            models.UniqueConstraint(fields=["cell", "digest"], name="calendar_feed_digest_once"),
        ]
        indexes = [models.Index(fields=["digest"], name="calendar_feed_by_digest")]
