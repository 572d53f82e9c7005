"""What people and workers fill in about who may go."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation import clock
from linbang.foundation.people.choices import UnmaskReason
from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.operations.clearance import rules
from linbang.operations.clearance.choices import (
    AcceptanceKind,
    SittingTab,
    TrainingKind,
    TrainingMode,
    TrainingResult,
)


class ForWhomForm(forms.Form):
    """For whom a page is: oneself, or a child."""

    person = forms.UUIDField(required=False)


class AcceptForm(RefusingFormMixin, forms.Form):
    """Accept a notice or agreement as it was read."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=AcceptanceKind.choices, widget=forms.HiddenInput)
    digest = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    is_read = forms.BooleanField(
        label=_("我已看完，同意以上内容"),
        error_messages={"required": _("请先看完，再勾选“同意”。")},
    )

    def told(self) -> dict[str, Any]:
        """Return the arguments of ``actions.accept``."""
        kind, digest = self.cleaned_data["kind"], self.cleaned_data["digest"]
        return {"kind": AcceptanceKind(kind), "digest": digest}


class TrainingFilterForm(forms.Form):
    """What the list of sittings is narrowed to."""

    qualification = forms.ChoiceField(label=_("资格"), required=False)

    def __init__(self, data: Any, *, qualifications: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["qualification"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("全部培训")),
            *qualifications,
        ]
        self.is_valid()

    @property
    def chosen(self) -> str:
        """The qualification chosen; what is not valid does not narrow."""
        return str(self.cleaned_data.get("qualification", ""))


class AppealForm(RefusingFormMixin, forms.Form):
    """Why a pause is wrong, in one's own words."""

    text = forms.CharField(
        label=_("请说说情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如当天去了但没签到、临时生病。工作人员会核实后答复您。"),
    )  # fmt: skip


class TrainingForm(RefusingFormMixin, forms.Form):
    """A training as Order 67 records it."""

    name = forms.CharField(label=_("培训名称"), max_length=50)
    content = forms.CharField(
        label=_("主要内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label=_("培训类型"), choices=TrainingKind.choices)
    mode = forms.ChoiceField(label=_("培训方式"), choices=TrainingMode.choices)
    hours = forms.DecimalField(
        label=_("学习时长（小时）"), min_value=Decimal("0.1"), max_value=80, decimal_places=1,
        help_text=_("学习时长单独记录，不算志愿服务时长。"),
    )  # fmt: skip
    qualification = forms.ChoiceField(
        label=_("合格后取得"), required=False, help_text=_("没有就留空，只记培训记录。")
    )
    organiser = forms.ChoiceField(label=_("组织单位"))
    region = forms.ChoiceField(label=_("面向区域"))

    def __init__(
        self,
        data: Any = None,
        *,
        qualifications: list[tuple[str, str]],
        organisers: list[tuple[str, str]],
        regions: list[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self._offer("qualification", [("", _("不授予资格")), *qualifications])
        self._offer("organiser", organisers)
        self._offer("region", regions)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def told(self) -> rules.TrainingDetails:
        """Return what is recorded of the training."""
        given = self.cleaned_data
        return rules.TrainingDetails(
            name=given["name"],
            content=given["content"],
            kind=given["kind"],
            mode=given["mode"],
            learning_minutes=round(given["hours"] * 60),
            qualification=given["qualification"],
        )


class SessionForm(RefusingFormMixin, forms.Form):
    """One sitting: when, where, who teaches, for how many."""

    day = forms.DateField(label=_("哪一天"), widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(label=_("几点开始"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("几点结束"), widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(label=_("地点"), max_length=160)
    trainer = forms.CharField(label=_("老师"), max_length=50, required=False)
    places = forms.IntegerField(
        label=_("名额"), min_value=1, max_value=rules.SESSION_PLACES_MAX, initial=30
    )

    def told(self) -> dict[str, Any]:
        """Return the arguments of ``actions.plan_session``; times are China's wall clock."""
        given = self.cleaned_data
        return {
            "starts_at": datetime.combine(given["day"], given["starts"], clock.CHINA),
            "ends_at": datetime.combine(given["day"], given["ends"], clock.CHINA),
            "place": given["place"],
            "trainer": given["trainer"],
            "places": given["places"],
        }


class SittingsForm(forms.Form):
    """Which sittings the list shows."""

    tab = forms.ChoiceField(choices=SittingTab.choices, required=False)

    @property
    def chosen(self) -> SittingTab:
        """The sittings chosen: those to come unless told otherwise."""
        given = self.cleaned_data.get("tab") if self.is_valid() else ""
        return SittingTab(given or SittingTab.AHEAD)


class WhyForm(RefusingFormMixin, forms.Form):
    """A reason the person will read."""

    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("对方会看到这段话。"),
    )  # fmt: skip


class SomebodyForm(RefusingFormMixin, forms.Form):
    """One person by a clerk's words."""

    person = forms.CharField(
        label=_("谁"), max_length=60, help_text=_("姓名、拼音、手机号或志愿者编号。")
    )


class ResultForm(RefusingFormMixin, forms.Form):
    """How somebody did at a sitting; a correction says why."""

    result = forms.ChoiceField(choices=TrainingResult.choices)
    reason = forms.CharField(max_length=200, required=False)


class SearchForm(forms.Form):
    """Whom the worker looks for."""

    q = forms.CharField(label=_("姓名、拼音、手机号或志愿者编号"), required=False, max_length=60)

    @property
    def text(self) -> str:
        """The words looked for."""
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""


class PaperForm(RefusingFormMixin, forms.Form):
    """A certificate, licence or vetting as it lies on the desk."""

    qualification = forms.ChoiceField(label=_("资格"))
    number = forms.CharField(
        label=_("证书编号"), max_length=60, required=False,
        help_text=_("执业资格必填；加密保存，列表里只显示一部分。"),
    )  # fmt: skip
    issued_by = forms.CharField(label=_("发证单位"), max_length=80, required=False)
    valid_from = forms.DateField(label=_("生效日"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_until = forms.DateField(
        label=_("到期日"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("留空按规定的有效期计算；背景核查每年一次，一律按规定计算。"),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, qualifications: list[tuple[str, list[tuple[str, str]]]]
    ) -> None:
        super().__init__(data)
        self.fields["qualification"].choices = qualifications  # type: ignore[attr-defined]  # a ChoiceField

    def told(self) -> rules.Paper:
        """Return the paper."""
        return rules.Paper(**self.cleaned_data)


class SightForm(RefusingFormMixin, forms.Form):
    """Why the full value is needed."""

    reason = forms.ChoiceField(label=_("为什么要看"), choices=UnmaskReason.choices)
    note = forms.CharField(
        label=_("补充说明"), max_length=200, required=False, help_text=_("选“其他”时请写明。")
    )


class TeamForm(RefusingFormMixin, forms.Form):
    """A unit or team whose people are insured together."""

    organisation = forms.ChoiceField(label=_("单位或队伍"))

    def __init__(self, data: Any = None, *, organisations: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]  # a ChoiceField


class NumbersForm(RefusingFormMixin, forms.Form):
    """A pasted list of volunteer numbers."""

    numbers = forms.CharField(
        label=_("志愿者编号"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一行一个。有一行不对，全部都不登记，并告诉您是哪几行。"),
    )  # fmt: skip


class SuspendForm(SomebodyForm):
    """Whose sign-ups are paused, for how long, and why."""

    days = forms.IntegerField(
        label=_("暂停几天"), min_value=1, max_value=rules.SUSPENDED_DAYS_MAX,
        initial=rules.SUSPENDED_DAYS,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("对方会看到这段话，也可以申诉。"),
    )  # fmt: skip


class DecisionForm(RefusingFormMixin, forms.Form):
    """What somebody who did not impose the pause answers."""

    answer = forms.CharField(
        label=_("答复"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    decision = forms.ChoiceField(choices=[("grant", _("恢复报名")), ("refuse", _("维持暂停"))])

    @property
    def is_granted(self) -> bool:
        """The pause ends."""
        return bool(self.cleaned_data["decision"] == "grant")
