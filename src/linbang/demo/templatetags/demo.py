"""The cast, for the pages one can enter the demo from."""

from itertools import groupby

from django import template

from linbang.demo.choices import CAST

register = template.Library()


@register.simple_tag
def demo_cast() -> list[dict[str, object]]:
    """List the players by the place they live in, with their parts in the reader's language."""
    return [
        {"place": place, "players": list(players)}
        for place, players in groupby(CAST, key=lambda one: one.place)
    ]
