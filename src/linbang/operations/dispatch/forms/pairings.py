"""What a worker types to find, agree and end pairings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.people.choices import Sex, Skill
from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import PairingEnd, Rhythm

_NOTE_LENGTH_MAX = 300
_RADII = (
    ("500", _("500 米以内")),
    ("1000", _("1 公里以内")),
    ("3000", _("3 公里以内")),
    ("5000", _("5 公里以内")),
)


class PairingsForm(forms.Form):
    """What to narrow the list of pairings to."""

    q = forms.CharField(required=False, max_length=50)
    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("正在结对")),
            ("overdue", _("久未走访")),
            ("ended", _("已结束")),
        ],
    )

    def narrowing(self) -> dict[str, str]:
        """Return the filters that were given well."""
        given = self.cleaned_data if self.is_valid() else {}
        return {"text": given.get("q", ""), "state": given.get("state", "")}


class ProposePairsForm(RefusingFormMixin, forms.Form):
    """For whom pairings are proposed, and what is wished of the helpers."""

    REGISTER, NAMED = "register", "named"

    region = forms.ChoiceField(label=_("哪个社区"))
    who = forms.ChoiceField(
        label=_("为谁找结对志愿者"),
        choices=[
            (REGISTER, _("关爱名册里还没有结对的人")),
            (NAMED, _("我来写名单")),
        ],
        widget=forms.RadioSelect,
        initial=REGISTER,
    )
    names = forms.CharField(
        label=_("名单"),
        help_text=_("选“我来写名单”时填：一行一位，写姓名、拼音首字母或电话。"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    helpers = forms.IntegerField(
        label=_("每人找几位"),
        help_text=_("未成年人至少两位。"),
        min_value=1,
        max_value=rules.HELPERS_MAX,
        initial=1,
    )
    radius_m = forms.ChoiceField(label=_("最远多远"), choices=_RADII, initial="3000")
    sex = forms.ChoiceField(
        label=_("志愿者性别"), required=False, choices=[("", _("都可以")), *Sex.choices]
    )
    skill = forms.ChoiceField(
        label=_("需要的特长"), required=False, choices=[("", _("不要求")), *Skill.choices]
    )

    def __init__(self, *args: Any, regions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = list(regions)
        if len(regions) == 1:
            self.fields["region"].widget = forms.HiddenInput()
            self.fields["region"].initial = regions[0][0]

    @property
    def wishes(self) -> rules.Wishes:
        """Return what is wished of the helpers."""
        given = self.cleaned_data
        return rules.Wishes(
            helpers=given["helpers"],
            sex=given["sex"],
            skill=given["skill"],
            radius_m=int(given["radius_m"]),
        )


class HelperForm(RefusingFormMixin, forms.Form):
    """Whom to propose instead: a volunteer by name, or a unit or team."""

    volunteer = forms.CharField(label=_("志愿者：姓名、电话或编号"), required=False, max_length=50)
    team = forms.ChoiceField(label=_("或一支队伍、一个单位"), required=False)

    def __init__(self, *args: Any, teams: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", _("不选队伍")), *teams]


class AgreeForm(RefusingFormMixin, forms.Form):
    """What both sides agreed to."""

    rhythm = forms.ChoiceField(label=_("多久去一次"), choices=Rhythm.choices)
    note = forms.CharField(
        label=_("约定"),
        help_text=_("比如“周三下午，陪着说说话”。只有工作人员看得到，加密保存。"),
        required=False,
        max_length=_NOTE_LENGTH_MAX,
    )
    both_agree = forms.BooleanField(label=_("已问过双方，都愿意"), required=False)


class AddPairingForm(HelperForm, AgreeForm):
    """A pairing that came about without a proposal."""

    beneficiary = forms.CharField(label=_("居民：姓名或电话"), max_length=50)

    field_order = ("beneficiary", "volunteer", "team", "rhythm", "note", "both_agree")


class EndPairingForm(RefusingFormMixin, forms.Form):
    """Why a pairing ends."""

    cause = forms.ChoiceField(label=_("为什么结束"), choices=PairingEnd.choices)
    note = forms.CharField(
        label=_("结束说明"),
        help_text=_("只有工作人员看得到，加密保存。"),
        required=False,
        max_length=_NOTE_LENGTH_MAX,
    )
