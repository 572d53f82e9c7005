from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from linbang.intake.activities.choices import QualificationKind


class Qualification(models.Model):
    """What a post may ask for: a passed training, a licence, a vetting (a reference table).

    What a person has of it is ``clearance.Credential``.
    """

    code = models.CharField(primary_key=True, max_length=24)
    kind = models.CharField(max_length=8, choices=QualificationKind)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    months_valid = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("资格")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else gettext(self.name)
