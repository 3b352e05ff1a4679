"""Real installations: each with its own processes, database, keys and address; they meet over the network only."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.support import databases
from tests.support.mailbox import free_port

PATIENCE = 90.0
"""Seconds until something that must happen is given up; no test asks how long it takes."""
NAMES = {"3203": "Asker", "3201": "Bærum", "3301": "Drammen"}


@dataclass
class Installation:
    """One municipality's portal. `hand(…)` does something there; the server and the worker run when started."""

    number: str
    address: str
    settings: dict[str, str]
    folder: Path
    fingerprint: str = ""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _hand: subprocess.Popen[str] | None = None

    @property
    def host(self) -> str:
        return self.address.removeprefix("http://")

    @property
    def adopter(self) -> str:
        """How an adoption names this municipality."""
        return f"municipality:{self.number}"

    def uri(self, solution_id: int) -> str:
        """Return what others call one of its solutions."""
        return f"{self.address}/losninger/{solution_id}"

    def hand(self, do: str, *, _fails: bool = False, **given: Any) -> Any:
        """Do something as the people there; return the answer."""
        if self._hand is None:
            command = [sys.executable, "-m", "tests.installations.hand"]
            with (self.folder / "hand.log").open("ab") as log:
                self._hand = subprocess.Popen(
                    command,
                    env=self.settings,
                    cwd=databases.ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        assert self._hand.stdin is not None
        assert self._hand.stdout is not None
        self._hand.stdin.write(json.dumps({"do": do, "with": given}) + "\n")
        self._hand.stdin.flush()
        line = self._hand.stdout.readline()
        assert line, f"the hand in {self.number} fell off: {self.log('hand')}"
        answer = json.loads(line)
        assert "error" not in answer, f"{do} in {self.number}: {answer['error']}\n{self.log('hand')}"
        return answer["answer"]

    def start(self, command: str) -> None:
        """Run `portal serve` or `portal worker`."""
        with (self.folder / f"{command}.log").open("ab") as log:
            self.running[command] = self.process(command, log=log)
        if command == "serve":
            self.wait(self._answers)

    def process(self, *command: str, log: Any = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start a command of the portal's in a process of its own."""
        line = [sys.executable, "-m", "portal.app", *command]
        return subprocess.Popen(line, env=self.settings, cwd=databases.ROOT, stdout=log, stderr=log)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the portal's to its end."""
        line = [sys.executable, "-m", "portal.app", *command]
        return subprocess.run(
            line, env=self.settings, cwd=databases.ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def kill(self, command: str) -> None:
        """End a process as a power cut does."""
        process = self.running.pop(command)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        """End everything that runs here."""
        for process in self.running.values():
            process.terminate()
        if self._hand is not None and self._hand.stdin is not None:
            self._hand.stdin.close()
            self._hand.wait(timeout=PATIENCE)
            assert self._hand.stdout is not None
            self._hand.stdout.close()
        for process in self.running.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def wait(self, until: Callable[[], object]) -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < end, f"{self.number}: {self.log('serve')} {self.log('worker')}"
            time.sleep(0.1)

    def log(self, command: str) -> str:
        """Return the end of what a process has written."""
        file = self.folder / f"{command}.log"
        return file.read_text(encoding="utf-8")[-3000:] if file.exists() else ""

    def traces(self) -> str:
        """Return what went wrong in a way that nobody had foreseen."""
        logs = map(self.log, ("serve", "worker", "hand"))
        return "\n".join(log for log in logs if "Traceback" in log or " ERROR " in log)

    def let_in(self, address: str, fingerprint: str) -> None:
        """Let another portal in, its fingerprint compared."""
        added = self.run("partners", "add", address, "--keeper", "admin@demo.example", "--fingerprint", fingerprint)
        assert added.returncode == 0, added.stderr

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/helse", timeout=5):
                return True
        except OSError:
            return False


@contextmanager
def installations(*also: str, **kinds: str) -> Iterator[list[Installation]]:
    """Make an installation for each municipality number, on the kind of database named: `n3203="sqlite"`.

    Each serves, and may ask the others; `also`: further hosts they may ask.
    """
    with ExitStack() as stack:
        made = [stack.enter_context(_installation(name[1:], kind)) for name, kind in kinds.items()]
        for each in made:
            hosts = [other.host for other in made if other is not each]
            each.settings["PORTAL_OUTGOING_ALLOW"] = ",".join([*hosts, *also])
        for each in made:
            each.fingerprint = each.hand("begin")
            each.start("serve")
        yield made
        traces = "\n".join(each.traces() for each in made).strip()
        assert not traces, traces


@contextmanager
def _installation(number: str, kind: str) -> Iterator[Installation]:
    folder = databases.folder() / f"installation_{number}_{uuid.uuid4().hex[:6]}"
    folder.mkdir()
    others = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    address = f"http://127.0.0.1:{free_port()}"
    with _database(kind, folder) as url:
        settings = {
            "PORTAL_DATA": str(folder),
            "PORTAL_DATABASE_URL": url,
            "PORTAL_BASE_URL": address,
            "PORTAL_MUNICIPALITY_NUMBER": number,
            "PORTAL_SECRET_KEY": "s" * 40,
            "PORTAL_SUBJECT_KEY": "k" * 40,
            "PORTAL_SQLITE_SYNCHRONOUS": "NORMAL",
            "PORTAL_TILES_URL": "off",
            "PORTAL_ADDRESSES_URL": "off",
            "PYTHONPATH": str(databases.ROOT),
        }
        installation = Installation(number, address, {**others, **settings}, folder)
        try:
            yield installation
        finally:
            installation.close()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        shutil.copy(_migrated_sqlite(), folder / "portal.sqlite3")
        yield f"sqlite:///{folder / 'portal.sqlite3'}"
        return
    with databases.new_postgresql(_migrated_postgresql()) as url:
        yield url


@cache
def _migrated_sqlite() -> Path:
    """Return a database with all tables and nothing in them, made as an installation makes its own."""
    folder = databases.folder() / f"migrated_{uuid.uuid4().hex[:6]}"
    folder.mkdir()
    _migrate(f"sqlite:///{folder / 'portal.sqlite3'}", folder)
    return folder / "portal.sqlite3"


@cache
def _migrated_postgresql() -> str:
    """Return the name of a database with all tables and nothing in them; it goes with the server."""
    name = f"migrated_{uuid.uuid4().hex[:6]}"
    _migrate(databases.make_postgresql(name), databases.folder())
    return name


def _migrate(url: str, folder: Path) -> None:
    settings = {"PORTAL_DATA": str(folder), "PORTAL_DATABASE_URL": url, "PYTHONPATH": str(databases.ROOT)}
    upgraded = Installation("3203", "", {**os.environ, **settings}, folder).run("db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr


def post(url: str, headers: dict[str, str], body: str) -> int:
    """Send something to a portal as anybody can; return the status of the answer."""
    request = urllib.request.Request(url, data=body.encode(), headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code
