"""Forms of whoever leads shifts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin


class DecideForm(RefusingFormMixin, forms.Form):
    """Which requests are approved together."""

    requests = forms.TypedMultipleChoiceField(
        label=_("录取谁"), error_messages={"required": _("请至少勾选一位。")}
    )

    def __init__(self, *args: Any, requests: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requests"].choices = list(requests)


class OnBehalfForm(RefusingFormMixin, forms.Form):
    """Whom a leader signs up."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    waits = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ReserveForm(RefusingFormMixin, forms.Form):
    """How many places are kept for which unit or team."""

    unit = forms.ChoiceField(label=_("单位或队伍"))
    places = forms.IntegerField(
        label=_("预留名额"), help_text=_("填 0 就是全部收回。"), min_value=0, max_value=5000
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units)


class MessageForm(RefusingFormMixin, forms.Form):
    """What a leader writes, and to whom."""

    to = forms.ChoiceField(
        label=_("发给谁"),
        choices=[
            ("shift", _("这个班次的人")),
            ("day", _("当天所有班次的人")),
            ("all", _("这项活动还没结束的所有人")),
        ],
    )
    text = forms.CharField(
        label=_("内容"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
