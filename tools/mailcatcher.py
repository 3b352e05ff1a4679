"""The demo's mail server: takes what comes over SMTP and keeps it in a folder; nothing leaves the machine."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

KEPT = 200


class Catcher:
    """Writes each mail to a file of its own, newest last, and forgets the oldest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        (self.folder / f"{time.time_ns()}.eml").write_bytes(envelope.content)
        for old in sorted(self.folder.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return "250 OK"


def main(port: int, folder: Path) -> None:
    """Listen until told to stop."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(Catcher(folder), hostname="127.0.0.1", port=port)
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
