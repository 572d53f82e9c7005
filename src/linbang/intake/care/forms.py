"""The shape of the care register's forms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.intake.care.choices import CareCategory


class FilterForm(forms.Form):
    category = forms.ChoiceField(
        label=_("类别"), choices=[("", _("全部类别")), *CareCategory.choices], required=False
    )


class ListingForm(RefusingFormMixin, forms.Form):
    category = forms.ChoiceField(label=_("类别"), choices=CareCategory.choices)
    note = forms.CharField(
        label=_("情况说明"),
        required=False,
        max_length=500,
        help_text=_("只写安排帮助需要知道的，不写病历。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    signed_form = forms.BooleanField(
        label=_("本人或监护人已签署敏感信息单独同意书"), required=False
    )


class EndForm(RefusingFormMixin, forms.Form):
    reason = forms.CharField(
        label=_("结束原因"),
        max_length=200,
        help_text=_("例如：已脱困、已康复、已搬离。"),
    )
