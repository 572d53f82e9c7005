"""The rows of the editor: posts, desks, and the times at which all this takes place."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.people.choices import Skill
from linbang.foundation.shell.forms import ChoiceCheckCards

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
ROWS_MAX = 200


def number(label: Any, *, low: int = 0, high: int = 5000, **more: Any) -> forms.IntegerField:
    """Make a field for a whole number that a phone opens the digits for."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=low, max_value=high, widget=widget, **more)


class RowForm(forms.Form):
    """A row that counts only when somebody wrote into it."""

    use_required_attribute = False


class PostForm(RowForm):
    public_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("岗位名称"), max_length=50)
    places = number(_("每班人数"), low=1)
    places_min = number(_("最少到岗"), required=False)
    tasks = forms.CharField(
        label=_("做什么"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    age_min = number(_("最低年龄"), high=120, required=False)
    age_max = number(_("最高年龄"), high=120, required=False)
    skills = forms.MultipleChoiceField(
        label=_("最好会什么"), choices=Skill.choices, required=False, widget=ChoiceCheckCards
    )
    qualifications = forms.MultipleChoiceField(
        label=_("必须有的资格"), required=False, widget=ChoiceCheckCards,
        help_text=_("没有这些资格的人不能报这个岗位。"),
    )  # fmt: skip
    point = forms.ChoiceField(label=_("值勤点"), required=False)
    desk = number(_("几号咨询台"), low=1, high=999, required=False)

    def __init__(
        self, *args: Any, points: Sequence[Any] = (), qualifications: Iterable[Any] = (), **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        none = [("", _("不在值勤点"))]
        self.fields["point"].choices = [*none, *((str(p.public_id), p.name) for p in points)]
        self.fields["qualifications"].choices = [(one.code, one.label) for one in qualifications]

    @property
    def asks_for_more(self) -> bool:
        """The folded part of the row has something in it."""
        names = ("age_min", "age_max", "skills", "qualifications", "point", "desk", "tasks")
        return any(self[name].value() or self[name].errors for name in names)


class DeskForm(RowForm):
    number = number(_("编号"), low=1, high=999)
    department = forms.CharField(label=_("哪个单位"), max_length=60)
    topics = forms.CharField(
        label=_("解答什么"), max_length=300, required=False,
        help_text=_("几项之间用顿号或逗号隔开。"),
    )  # fmt: skip

    def topics_told(self) -> tuple[str, ...]:
        """Return the topics one by one, each up to 20 characters."""
        text = self.cleaned_data.get("topics", "")
        for mark in "、,;；\n":
            text = text.replace(mark, "，")
        return tuple(part.strip()[:20] for part in text.split("，") if part.strip())


class WindowForm(RowForm):
    date = forms.DateField(label=_("日期"), widget=DATE)
    start_time = forms.TimeField(label=_("开始"), widget=TIME)
    end_time = forms.TimeField(label=_("结束"), widget=TIME)
    post = forms.ChoiceField(label=_("岗位"), required=False)

    def __init__(self, *args: Any, posts: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(n), _("第 %(n)s 个岗位") % {"n": n}) for n in range(1, posts + 1)]
        self.fields["post"].choices = [("", _("全部岗位")), *places]


class DateRowForm(RowForm):
    date = forms.DateField(label=_("日期"), widget=DATE)


class MeasureForm(RowForm):
    name = forms.CharField(label=_("成效指标"), max_length=50)
    unit = forms.CharField(label=_("单位"), max_length=20)
    target = number(_("目标"), high=10_000_000)
    reached = number(_("已完成"), high=10_000_000, required=False)
    measured_on = forms.DateField(label=_("测量日期"), widget=DATE, required=False)


class DutyTimeForm(RowForm):
    start_time = forms.TimeField(label=_("开始"), widget=TIME)
    end_time = forms.TimeField(label=_("结束"), widget=TIME)
    places = number(_("每点人数"), low=1, initial=2)
    places_min = number(_("最少到岗"), required=False, initial=1)


class Rows(forms.BaseFormSet):
    """Rows that grow by a button, with or without script; a ticked row is taken out."""

    least = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An empty row invites; a row with something in it needs no invitation.
        self.extra = 0 if self.initial else self.least

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("去掉这一行")

    def kept(self) -> list[forms.Form]:
        """Return the rows that are right and not to be taken out, in order.

        A row that was there counts though nobody touched it.
        """
        return [
            form
            for form in self.forms
            if (form.has_changed() or not form.empty_permitted)
            and form.is_valid()
            and not form.cleaned_data.get("DELETE")
        ]


def rows_of(form: type[forms.Form], *, least: int = 0) -> Any:
    """Make a set of rows; where nothing is stored, ``least`` empty ones are shown."""
    made = forms.formset_factory(
        form, formset=Rows, max_num=ROWS_MAX, absolute_max=ROWS_MAX, can_delete=True
    )
    made.least = least  # type: ignore[attr-defined]  # our own class below
    return made


def grown(data: Any, prefix: str) -> Any:
    """Return what was sent with one row more in a set."""
    data = data.copy()
    total = f"{prefix}-TOTAL_FORMS"
    count = data.get(total, "0")
    data[total] = str(min(int(count) if count.isdecimal() else 0, ROWS_MAX - 1) + 1)
    return data
