"""The cast, for the pages one can enter the demo from."""

from django import template

from linbang.demo.choices import CAST

register = template.Library()


@register.simple_tag
def demo_cast() -> list[dict[str, str]]:
    """List the players with their parts in the reader's language."""
    return [
        {"key": one.key, "name": one.name, "part": str(one.part), "icon": one.icon} for one in CAST
    ]
