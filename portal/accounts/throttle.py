"""How fast one may guess: waits that grow with each wrong try, for the one who tries and for nobody else.

A try is counted under the pair of what was typed and where it came from, and under the network it came from. A browser
that has signed in to the account before carries a cookie and is counted by itself, so that others' guesses never slow
its owner. Codes are counted by the account alone, because who gets that far already has the password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many wrong tries are free within a window, and how the waits grow after them: doubled each time."""

    window: timedelta
    free: int
    first: timedelta
    longest: timedelta

    def pause(self, failures: int) -> timedelta:
        """Return how long one must wait after so many wrong tries."""
        if failures < self.free:
            return timedelta(0)
        doublings = min(failures - self.free, 20)
        return min(self.first * (1 << doublings), self.longest)

    def wait(self, failures: int, last: datetime | None, now: datetime) -> timedelta:
        """Return how long is left of the wait after the last wrong try."""
        if last is None:
            return timedelta(0)
        return max(last + self.pause(failures) - now, timedelta(0))


PAIR = Pace(window=timedelta(hours=24), free=5, first=timedelta(seconds=15), longest=timedelta(minutes=15))
NETWORK = Pace(window=timedelta(hours=1), free=30, first=timedelta(seconds=5), longest=timedelta(minutes=5))
CODE = Pace(window=timedelta(hours=24), free=5, first=timedelta(seconds=30), longest=timedelta(hours=1))
