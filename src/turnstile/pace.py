"""How long a lane holds calls back for company."""

from math import ceil

# With fewer out at once, a statement each is as fast as one for all (ADR 0013).
_COMPANY_MIN = 4.0
# Whoever thinks longer than the others is not waited for.
_MOST = 0.95
# A crowd is believed at once, and forgotten within a dozen batches.
_KEPT = 0.75
# After so many of the longest waits without a call, nothing of before is worth remembering.
_FORGET_AFTER = 20
_RETRY_AFTER_MAX_S = 30


class Pace:
    """Watch calls and statements; say how long to wait. Times are seconds of any one clock.

    What is learnt is the company: how many calls are out (waiting or under way) at once. Who asks
    again as soon as she is answered is alone all the same, however often she asks. When several
    statements may run at once, the company is shared among them: while the database works for one
    half, the other is read and answered.
    """

    def __init__(self, wait_max_s: float, in_flight_max: int = 1) -> None:
        self._wait_max_s = wait_max_s
        self._in_flight_max = in_flight_max
        self._company = 0.0
        self._out_max = 0
        self._arrived_at = float("-inf")
        self._run_s = 0.0

    def arrived(self, now: float, *, out: int) -> None:
        """Note a call; with it ``out`` calls wait or are under way."""
        if now - self._arrived_at > _FORGET_AFTER * self._wait_max_s:
            self._company, self._out_max = 0.0, 0
        self._arrived_at = now
        self._out_max = max(self._out_max, out)

    def sent(self, *, out: int) -> None:
        """Note that a batch goes; its calls are among those that are ``out``."""
        fading = self._company * _KEPT + self._out_max * (1 - _KEPT)
        self._company = max(self._out_max, fading)
        self._out_max = out

    def ran(self, took_s: float) -> None:
        """Note how long a statement took."""
        self._run_s += (took_s - self._run_s) / 4 if self._run_s else took_s

    def wait_s(self, ready: int) -> float:
        """Return how long ``ready`` calls may be held back: until most of a share is here.

        Nothing for who is alone or among few, nothing once most are here, else the longest wait.
        """
        if self._company < _COMPANY_MIN or ready >= self._company / self._in_flight_max * _MOST:
            return 0.0
        return self._wait_max_s

    def share(self) -> int:
        """Return how many calls one statement should take, that the others have theirs."""
        company = max(self._company, self._out_max, _COMPANY_MIN)
        return ceil(company / self._in_flight_max)

    def retry_after_s(self, batches: int) -> int:
        """Return when as many batches as wait will be through: whole seconds, 1 to 30."""
        return min(max(ceil(batches * self._run_s), 1), _RETRY_AFTER_MAX_S)
