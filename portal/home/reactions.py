"""What the open data do when something goes out of sight: the files follow within two minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from portal.home.open_data.export import JOB
from portal.kernel import clock, jobs, outbox
from portal.kernel.db import atomic
from portal.kernel.events import Event

TOPIC = "open_data.write"
AFTERWARDS = timedelta(seconds=5)
"""So that what was decided in the last moment of the minute has been committed."""
AGAIN = timedelta(seconds=20)


def write_again(_event: Event) -> None:
    """Ask for the files to be written anew: once a minute, however much is decided in it."""
    minute = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    outbox.enqueue(TOPIC, {}, due=minute + AFTERWARDS, key=f"{TOPIC} {minute.isoformat()}")


def send(_payload: Mapping[str, Any]) -> None:
    """Write them, as the worker; a little later when they are being written: that may be past what has changed."""
    if not jobs.run_early(JOB):
        _ask_again()


@atomic
def _ask_again() -> None:
    outbox.enqueue(TOPIC, {}, due=clock.now() + AGAIN)
