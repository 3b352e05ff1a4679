"""Asks a virus scanner about a file, when the installation has one: clamd's INSTREAM over a socket."""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

PIECE = 1 << 18
LONGEST_ANSWER = 4096
TIMEOUT = 30
"""Seconds that the scanner has in all, unless the address says otherwise: `?timeout=60`."""


class ScannerAway(Exception):
    """The scanner can't be reached, or gave no answer that can be understood: the file isn't taken in."""


@dataclass(frozen=True)
class Scanner:
    """Where clamd listens: `clamd://host:port`, or `clamd:///run/clamav/clamd.ctl` on the same machine."""

    url: str

    def scan(self, content: bytes) -> str:
        """Return what was found, by the scanner's name of it; nothing when the file is clean. Raises ScannerAway."""
        pieces = (content[start : start + PIECE] for start in range(0, len(content), PIECE))
        message = [b"zINSTREAM\0", *(struct.pack(">I", len(piece)) + piece for piece in pieces), struct.pack(">I", 0)]
        answer = self._ask(message)
        if answer == "stream: OK":
            return ""
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return answer.removeprefix("stream: ").removesuffix(" FOUND") or "?"
        raise ScannerAway(f"the virus scanner answered: {answer[:200]!r}")

    def answers(self) -> bool:
        """Say whether the scanner is there. Raises ScannerAway when nobody answers at all."""
        return self._ask([b"zPING\0"]) == "PONG"

    def _ask(self, message: list[bytes]) -> str:
        parts = urlsplit(self.url)
        ends = time.monotonic() + int(parse_qs(parts.query).get("timeout", [str(TIMEOUT)])[0])
        try:
            with _connected(parts.hostname, parts.port or 3310, parts.path, ends) as connection:
                for piece in message:
                    connection.settimeout(_left(ends))
                    connection.sendall(piece)
                return _answer(connection, ends)
        except (OSError, ValueError) as error:
            raise ScannerAway(f"the virus scanner does not answer: {error}") from error


def _connected(host: str | None, port: int, path: str, ends: float) -> socket.socket:
    if host:
        return socket.create_connection((host, port), timeout=_left(ends))
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(_left(ends))
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket, ends: float) -> str:
    answer = b""
    while not answer.endswith(b"\0"):
        connection.settimeout(_left(ends))
        piece = connection.recv(LONGEST_ANSWER)
        answer += piece
        if not piece or len(answer) > LONGEST_ANSWER:
            raise ScannerAway("the virus scanner did not answer as clamd does")
    return answer[:-1].decode(errors="replace").strip()


def _left(ends: float) -> float:
    """Return the seconds left, so that a scanner that answers a byte at a time can't hold anybody for ever."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
