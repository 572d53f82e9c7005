"""How news travels up: an action announces a fact, and ``linbang.flow`` says what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

Reactions = Mapping[type["Event"], Sequence[Callable[[Any], object]]]


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense. Fields are ids and plain values, never model instances.

    ``at`` is when it became so: reactions are told the time, they do not read the clock.
    """

    at: datetime


@cache
def _reactions() -> Reactions:
    # Named in the settings, as Django names its URLs: the floor below never imports the top.
    reactions: Reactions = import_string(settings.LINBANG_FLOW)()
    return reactions


def announce(event: Event) -> None:
    """Run every reaction to the event in the transaction that is open now."""
    for reaction in _reactions().get(type(event), ()):
        reaction(event)
