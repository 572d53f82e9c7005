import pytest
from django import forms
from django.http import QueryDict

from linbang.foundation.errors import Refused
from linbang.foundation.shell.forms import (
    ChoiceCards,
    ChoiceCheckCards,
    FoldedCheckCards,
    RefusingFormMixin,
)


class Taken(Refused):
    """This hour is taken."""

    code = "taken"
    message = "这个时间已被占用。"


class HourForm(RefusingFormMixin, forms.Form):
    hour = forms.IntegerField()


def test_refusal_of_a_field_becomes_its_error():
    form = HourForm({"hour": "9"})

    with form.refusals():
        raise Taken(field="hour")

    assert form.errors == {"hour": ["这个时间已被占用。"]}
    assert form.status == 422


@pytest.mark.parametrize("field", [None, "not_of_this_form"])
def test_other_refusal_becomes_the_forms_error(field):
    form = HourForm({"hour": "9"})

    with form.refusals():
        raise Taken(field=field)

    assert form.non_field_errors() == ["这个时间已被占用。"]


def test_form_without_faults_answers_plainly():
    assert (HourForm().status, HourForm({"hour": "9"}).status) == (200, 200)


def test_bugs_are_not_refusals():
    form = HourForm({"hour": "9"})

    with pytest.raises(ZeroDivisionError), form.refusals():
        _ = 1 / 0


def test_choice_card_shows_icon_and_note():
    widget = ChoiceCards(
        choices=[("a", "甲"), ("b", "乙")], icons={"a": "home"}, notes={"b": "第二个"}
    )

    html = widget.render("pick", "b", attrs={"id": "id_pick"})

    assert "icons.svg#home" in html
    assert "第二个" in html
    assert 'value="b" id="id_pick_1" checked' in html


def test_check_cards_take_several_values():
    widget = ChoiceCheckCards(choices=[("a", "甲"), ("b", "乙")])

    values = widget.value_from_datadict(QueryDict("pick=a&pick=b"), {}, "pick")

    assert values == ["a", "b"]
    assert 'type="checkbox"' in widget.render("pick", values)
    assert widget.value_from_datadict({"pick": ["a"]}, {}, "pick") == ["a"]
    assert not widget.use_required_attribute(None)
    assert not widget.value_omitted_from_data({}, {}, "pick")


@pytest.mark.parametrize(("ticked", "is_open"), [([], False), (["a"], False), (["c"], True)])
def test_folded_cards_unfold_for_what_is_ticked(ticked, is_open):
    widget = FoldedCheckCards(
        choices=[("a", "甲"), ("b", "乙"), ("c", "丙")], first=2, rest_label="别的"
    )

    page = widget.render("one", ticked)

    near, rest = page.split("<details")
    assert (near.count("checkbox"), rest.count("checkbox")) == (2, 1)
    assert "<summary>别的</summary>" in rest
    assert (" open>" in rest) == is_open
