from django import forms


class PageForm(forms.Form):
    """Which page of a statement: the movements before this one."""

    before = forms.IntegerField(required=False, min_value=1)
