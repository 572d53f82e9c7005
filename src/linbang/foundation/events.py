"""How news travels up: an action announces a fact, and ``linbang.flow`` says what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Reactions = Mapping[type["Event"], Sequence[Callable[[Any], None]]]


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense. Fields are ids and plain values, never model instances."""


_reactions: dict[type[Event], tuple[Callable[[Any], None], ...]] = {}


def connect(reactions: Reactions) -> None:
    """Install the reactions to each event; called once, by ``linbang.web.apps``."""
    _reactions.clear()
    _reactions.update({event: tuple(follow) for event, follow in reactions.items()})


def announce(event: Event) -> None:
    """Run every reaction to the event in the transaction that is open now."""
    for reaction in _reactions.get(type(event), ()):
        reaction(event)
