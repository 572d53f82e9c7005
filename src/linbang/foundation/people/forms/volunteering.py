"""What a volunteer offers, and when she takes a pause."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.people import rules
from linbang.foundation.people.choices import DayPart, Language, ServiceCategory, Skill
from linbang.foundation.people.forms.people import day_field
from linbang.foundation.places.choices import Weekday
from linbang.foundation.shell.forms import ChoiceCheckCards, FoldedCheckCards, RefusingFormMixin

CATEGORY_NOTES = {
    ServiceCategory.COMMUNITY: _("陪伴、代办、维修、打扫"),
    ServiceCategory.HEALTH: _("义诊、陪诊、急救"),
    ServiceCategory.SPECIAL_CARE: _("老人、残疾人、孩子"),
    ServiceCategory.EDUCATION: _("课业辅导、兴趣班"),
}
# The categories that communities ask for most come first; the others follow in national order.
_FIRST = ("0001", "0017", "0004", "0003", "0006", "0009")
CATEGORY_CHOICES = sorted(ServiceCategory.choices, key=lambda one: (one[0] not in _FIRST, one[0]))


def _times_field(label: Any, *, most: int, **more: Any) -> forms.TypedChoiceField:
    times = [(n, n) for n in range(1, most + 1)]
    # Left out, as by an older page, it stays as it is.
    return forms.TypedChoiceField(
        label=label, choices=times, coerce=int, empty_value=None, required=False, **more
    )


class WeekGrid(forms.CheckboxSelectMultiple):
    """Seven days and holidays by three parts of the day, as a table of checkboxes."""

    template_name = "people/widgets/week_grid.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = {str(one) for one in value or ()}
        days = [*Weekday.labels, _("节假日")]
        context["parts"] = DayPart.labels
        context["days"] = [
            {
                "label": day,
                "slots": [
                    {
                        "bit": row * rules.PARTS + part,
                        "label": DayPart(part).label,
                        "checked": str(row * rules.PARTS + part) in chosen,
                    }
                    for part in range(rules.PARTS)
                ],
            }
            for row, day in enumerate(days)
        ]
        return context


class VolunteerForm(RefusingFormMixin, forms.Form):
    categories = forms.MultipleChoiceField(
        label=_("愿意参加哪些服务"),
        choices=CATEGORY_CHOICES,
        help_text=_("至少选一类，以后可以随时改。"),
        error_messages={"required": _("请至少选择一类愿意参加的服务。")},
        widget=ChoiceCheckCards(notes=CATEGORY_NOTES),
    )
    skills = forms.MultipleChoiceField(
        label=_("有什么特长"),
        choices=Skill.choices,
        required=False,
        help_text=_("没有也没关系，陪伴聊天谁都会。"),
        widget=ChoiceCheckCards(),
    )
    languages = forms.MultipleChoiceField(
        label=_("还会说哪些话"),
        choices=Language.choices,
        required=False,
        help_text=_("普通话不用选。有的老人只听得懂家乡话，有的邻居用手语。"),
        widget=FoldedCheckCards(rest_label=_("更多方言、语言")),
    )
    visits_a_day = _times_field(
        _("每天最多请我几次"),
        most=rules.VISITS_A_DAY_MAX,
        help_text=_("统一安排时不超过这个数。"),
    )
    visits_a_week = _times_field(
        _("每周最多请我几次"),
        most=rules.VISITS_A_WEEK_MAX,
        help_text=_("临时有事仍可能问您，去不了没关系。"),
    )
    availability = forms.TypedMultipleChoiceField(
        label=_("平时什么时候有空"),
        choices=[(bit, bit) for bit in range(24)],
        coerce=int,
        help_text=_("只在这些时段邀请您；拒绝邀请没有任何影响。"),
        error_messages={"required": _("请至少勾选一个有空的时段，以后可以随时修改。")},
        widget=WeekGrid,
    )

    def __init__(self, *args: Any, region_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (one.value, one.label) for one in rules.languages_in_order(region_code)
        ]
        self.fields["languages"].widget.first = len(rules.languages_heard_in(region_code))

    def told(self) -> rules.VolunteerDetails:
        """Return what was filled in, as the actions take it."""
        return rules.VolunteerDetails(
            skills=tuple(self.cleaned_data["skills"]),
            categories=tuple(self.cleaned_data["categories"]),
            availability=rules.availability_from_bits(self.cleaned_data["availability"]),
            languages=tuple(self.cleaned_data["languages"]),
            visits_a_day=self.cleaned_data["visits_a_day"],
            visits_a_week=self.cleaned_data["visits_a_week"],
        )


class PauseForm(RefusingFormMixin, forms.Form):
    until = day_field(_("暂停到哪一天"), help_text=_("到这一天自动恢复，也可以提前恢复。"))
