"""Strokes at a desk, and reports of what went wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import ChoiceCards, RefusingFormMixin
from linbang.operations.service.choices import IncidentKind
from linbang.operations.service.rules import IncidentDetails

_LONG = {"rows": 3}


class TallyForm(RefusingFormMixin, forms.Form):
    """People served on one topic; a minus takes back."""

    topic = forms.CharField(max_length=20)
    people = forms.IntegerField(min_value=-500, max_value=500)


class IncidentForm(RefusingFormMixin, forms.Form):
    """The short form: who, what, where, first aid; everything else comes later."""

    kind = forms.ChoiceField(label=_("哪一类"), choices=IncidentKind.choices, widget=ChoiceCards())
    who = forms.CharField(label=_("谁出了情况"), max_length=100)
    what = forms.CharField(
        label=_("发生了什么"), max_length=1000, widget=forms.Textarea(attrs=_LONG)
    )
    place = forms.CharField(label=_("在哪里"), max_length=160)
    first_aid = forms.CharField(
        label=_("现场怎么处置的"),
        help_text=_("没有的话写“无”。"),
        max_length=1000,
        widget=forms.Textarea(attrs=_LONG),
    )
    happened_at = forms.DateTimeField(
        label=_("什么时候"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def details(self) -> IncidentDetails:
        """Return what was told."""
        return IncidentDetails(
            **{name: self.cleaned_data[name] for name in ("who", "what", "place", "first_aid")}
        )


class IncidentDetailsForm(RefusingFormMixin, forms.Form):
    """The whole record, due within 48 hours."""

    who = forms.CharField(label=_("谁出了情况"), max_length=100)
    what = forms.CharField(
        label=_("经过"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    place = forms.CharField(label=_("地点"), max_length=160)
    first_aid = forms.CharField(
        label=_("现场处置"), max_length=1000, widget=forms.Textarea(attrs=_LONG)
    )
    hospital = forms.CharField(
        label=_("送医情况"),
        help_text=_("医院、时间、陪同人；不用送医的写“无需送医”。"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    witnesses = forms.CharField(
        label=_("见证人"),
        help_text=_("姓名和怎么联系；没有的写“无”。"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def details(self) -> IncidentDetails:
        """Return what was told."""
        return IncidentDetails(**self.cleaned_data)


class PhotoForm(RefusingFormMixin, forms.Form):
    """One picture, from the camera or the album."""

    photo = forms.FileField(
        label=_("照片"),
        help_text=_(
            "JPEG、PNG 或 WebP，最多五张。加密保存，只有相关负责人能看，每次查看都有记录。"
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def content(self) -> Any:
        """Return the bytes of the picture."""
        return self.cleaned_data["photo"].read()
