from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Activity


class DeviceSighting(CellModel):
    """Somebody opened an activity's check-in page on a browser, by keyed hash of a random mark.

    The mark says nothing but "the same browser again" (rule 45); forgotten after sixty days.
    """

    activity = CellForeignKey(Activity, models.CASCADE, related_name="+", db_index=False)
    person = AnyCellForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    mark = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("签到设备")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "activity", "mark", "person"], name="device_seen_once_a_person"
            )
        ]
        indexes = [models.Index(fields=["at"], name="device_sighting_by_time")]
