"""What a caller gets instead of a verdict."""


class NotNow(Exception):
    """Root of what waiting helps against; ``retry_after_seconds`` says how long."""

    def __init__(self, lane: str, *, retry_after_seconds: int) -> None:
        super().__init__(f"{lane}: {type(self).__name__}, again in {retry_after_seconds} s")
        self.lane = lane
        self.retry_after_seconds = retry_after_seconds


class LaneFull(NotNow):
    """As many calls wait as may; this one was not taken."""


class KeyBusy(NotNow):
    """As many calls of this key wait as may; who floods her own queue fills nobody else's."""


class LaneClosed(NotNow):
    """The lane drains; this call was not taken, or its end was not waited for."""


class Unsettled(NotNow):
    """The batch failed for a reason that is not this call's own; ``__cause__`` is the reason.

    Whether the call was written is unknown: ask again with the same idempotency key.
    """


class VerdictsMissing(Exception):
    """The statement answered more or fewer rows than it was asked: a bug, never tried again."""
