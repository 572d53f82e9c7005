"""What is said about a record."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.operations.service_records.choices import ClaimOutcome, Verdict
from linbang.operations.service_records.models import ServiceRecord

NOTE_LENGTH_MAX = 200


class ConfirmationForm(RefusingFormMixin, forms.Form):
    """The resident's word: it was so, or something is wrong."""

    verdict = forms.ChoiceField(choices=Verdict.choices, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("想说的话"),
        required=False,
        max_length=NOTE_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CallForm(RefusingFormMixin, forms.Form):
    """What the resident said on the telephone (rule 64)."""

    verdict = forms.ChoiceField(
        label=_("居民怎么说"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("回访说明"),
        help_text=_("例如“张阿姨本人接听，说打扫得很干净”。"),
        max_length=NOTE_LENGTH_MAX,
    )


class VerificationForm(RefusingFormMixin, forms.Form):
    """A second person's approval; fewer minutes than credited need a note."""

    minutes = forms.IntegerField(label=_("计入的分钟数"), min_value=0, max_value=1440)
    note = forms.CharField(label=_("审核说明"), required=False, max_length=NOTE_LENGTH_MAX)


class ClaimForm(RefusingFormMixin, forms.Form):
    """What is not right about a record."""

    text = forms.CharField(
        label=_("哪里不对"),
        help_text=_("例如“我 11 点半才走，不是 11 点”。请不要写身份证号、住址。"),
        max_length=NOTE_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(RefusingFormMixin, forms.Form):
    """What was found out about a claim."""

    outcome = forms.ChoiceField(
        label=_("核实结果"), choices=ClaimOutcome.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(label=_("答复"), max_length=NOTE_LENGTH_MAX)


class ChosenForm(RefusingFormMixin, forms.Form):
    """Records that are approved together, as they were credited."""

    records = forms.ModelMultipleChoiceField(
        queryset=ServiceRecord.objects.none(),
        to_field_name="public_id",
        error_messages={"required": _("请先勾选要通过的记录。")},
    )


class CorrectionForm(RefusingFormMixin, forms.Form):
    """What a verified record counts for from now on, and why."""

    minutes = forms.IntegerField(label=_("更正后的分钟数"), min_value=0, max_value=1440)
    reason = forms.CharField(label=_("更正原因"), max_length=NOTE_LENGTH_MAX)
