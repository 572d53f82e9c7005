"""How long each stage of a plan took."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from matching.plans.answers import Stage


@dataclass(slots=True)
class Watch:
    """Hold seconds by stage; ``tell`` is called as each is done."""

    tell: Callable[[Stage], None] | None
    begun: float = field(default_factory=perf_counter)
    seconds: dict[str, float] = field(default_factory=dict)

    def lap(self, what: str) -> None:
        """Note how long something took."""
        now = perf_counter()
        self.seconds[what], self.begun = now - self.begun, now

    def done(self, stage: Stage) -> None:
        """Note a stage, and tell it."""
        self.lap(stage.name.lower())
        if self.tell:
            self.tell(stage)
