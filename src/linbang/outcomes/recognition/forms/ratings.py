"""Three marks each way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.outcomes.recognition.choices import MARKS, POINTS, Side

COMMENT_MAX = 200
FIELDS = ("first", "second", "third")


class ScaleSelect(forms.RadioSelect):
    """Draw radio buttons as five large marks in a row."""

    template_name = "recognition/widgets/scale.html"


class RatingForm(RefusingFormMixin, forms.Form):
    """What one side says of the other."""

    def __init__(self, data: Any = None, *, side: Side) -> None:
        super().__init__(data)
        for name, label in zip(FIELDS, POINTS[side], strict=True):
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                choices=MARKS,
                coerce=int,
                widget=ScaleSelect,
                error_messages={"required": _("请选一个。")},
            )
        self.fields["comment"] = forms.CharField(
            label=_("想说的话"),
            help_text=_("对方会看到，请不要写身份证号、住址。"),
            required=False,
            max_length=COMMENT_MAX,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def points(self) -> tuple[int, int, int]:
        """Return the three marks."""
        first, second, third = (self.cleaned_data[name] for name in FIELDS)
        return first, second, third


class ManyRatingsForm(RefusingFormMixin, forms.Form):
    """Three marks for each person of an activity: all very good, but for the exceptions."""

    def __init__(self, data: Any = None, *, records: Sequence[UUID]) -> None:
        super().__init__(data)
        self.records = records
        for record in records:
            for name, label in zip(FIELDS, POINTS[Side.VOLUNTEER], strict=True):
                self.fields[f"{record}-{name}"] = forms.TypedChoiceField(
                    label=label, choices=MARKS, coerce=int, initial=5
                )
            self.fields[f"{record}-skip"] = forms.BooleanField(label=_("先不评"), required=False)

    def lines(self) -> Iterator[tuple[UUID, list[BoundField], BoundField]]:
        """Return the fields of each record: its three marks, and the box that leaves it out."""
        for record in self.records:
            yield record, [self[f"{record}-{name}"] for name in FIELDS], self[f"{record}-skip"]

    def points(self) -> Mapping[UUID, tuple[int, ...]]:
        """Return the marks by record, those left out missing."""
        return {
            record: tuple(self.cleaned_data[f"{record}-{name}"] for name in FIELDS)
            for record in self.records
            if not self.cleaned_data[f"{record}-skip"]
        }
