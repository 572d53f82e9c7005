"""What bounds a lane."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """The bounds of one lane.

    ``batch_max`` calls go into one statement; ``waiting_max`` calls wait, not counting those
    under way; ``behind_key_max`` of them behind one of the same key; ``in_flight_max`` statements
    run at once; ``wait_max_s`` is the longest a call is held back for company; ``retries_max``
    statements may be spent on one batch that failed.
    """

    batch_max: int = 200
    waiting_max: int = 2_000
    behind_key_max: int = 8
    in_flight_max: int = 1
    wait_max_s: float = 0.003
    # Halving finds one poisoned row of 200 in 16 statements, and three wherever they stand.
    retries_max: int = 50

    def __post_init__(self) -> None:
        for name in ("batch_max", "waiting_max", "in_flight_max"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1")
        for field in fields(self):
            if getattr(self, field.name) < 0:
                raise ValueError(f"{field.name} must not be negative")


STANDARD = Limits()
# While the database works for one half of a crowd, the other half is read and answered.
IN_TURNS = Limits(in_flight_max=2, wait_max_s=0.005)
