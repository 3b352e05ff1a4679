"""A worker for the tests, in a process of its own: `python -m tests.kernel.working FILE MODE`.

FILE gets a line for each thing done. MODE is `hang` (begin the first thing and never finish), `late` (work as if the
leases of others had run out) or `share` (wait for another worker, then work).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from portal.app import create_app
from portal.kernel import clock, jobs, outbox
from portal.kernel.jobs import Recurring


def tell(file: Path, line: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def main(file: Path, mode: str) -> None:
    app = create_app()

    def send(payload: Mapping[str, Any]) -> None:
        if mode == "hang":
            tell(file, "begun")
            time.sleep(600)
        time.sleep(0.02)
        tell(file, f"{os.getpid()} {payload['number']}")

    app.extensions["portal_senders"] = {"test": send}
    app.extensions["portal_recurring"] = (Recurring("test", timedelta(days=1), lambda: send({"number": "job"})),)
    if mode == "share":
        tell(file.with_suffix(".ready"), "here")
        while len(file.with_suffix(".ready").read_text().splitlines()) < 2:
            time.sleep(0.01)
    with app.app_context(), clock.moved(jobs.LEASE if mode == "late" else timedelta(0)):
        while outbox.deliver_due(1) or jobs.run_due():
            pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
