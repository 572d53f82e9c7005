from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellModel, CellOneToOneField
from linbang.foundation.people.models import Person


class HelperFacts(CellModel):
    """What a search for helpers asks of every volunteer, in one narrow row (ADR 0027).

    The database writes it: triggers of the profile and of the person keep it, within the change's
    own transaction. Nothing else may. Codes are bits by the tables of ``matching``; ``place`` is
    the region in 18 digits; ``rating`` is in hundredths; ``sex`` is 1 or 2. ``is_open``: still a
    volunteer; ``is_active``: confirmed, and the account not closed. ``changed_in`` is the number
    of the transaction that wrote the row last: whoever keeps rows in memory asks for later ones.
    """

    person = CellOneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    place = models.BigIntegerField()
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    skills = models.IntegerField()
    categories = models.IntegerField()
    availability = models.IntegerField()
    rating = models.SmallIntegerField()
    sex = models.SmallIntegerField()
    languages = models.IntegerField()
    birth_date = models.DateField()
    paused_until = models.DateTimeField(null=True)
    is_active = models.BooleanField()
    is_open = models.BooleanField()
    changed_in = models.BigIntegerField()

    class Meta:
        verbose_name = _("志愿者派单信息")
        indexes = [
            # Reading an area touches this index alone. What may be empty stands last, so that all
            # before it stands at the same place in every row.
            models.Index(
                fields=["place"],
                include=[
                    *("person", "birth_date", "categories", "skills", "availability", "sex"),
                    *("languages", "is_active", "paused_until"),
                ],
                condition=Q(is_open=True),
                name="helper_facts_by_place",
            ),
            models.Index(fields=["changed_in"], name="helper_facts_by_change"),
        ]
