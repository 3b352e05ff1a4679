"""Scanners on loopback: one that speaks as clamd does and knows the test virus, and some that misbehave."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner finds, and what harms nobody."""


def read(connection: socket.socket, length: int) -> bytes:
    got = b""
    while len(got) < length:
        piece = connection.recv(length - len(got))
        if not piece:
            raise ConnectionError
        got += piece
    return got


def command(connection: socket.socket) -> bytes:
    got = b""
    while not got.endswith(b"\0"):
        got += read(connection, 1)
    return got


def stream(connection: socket.socket) -> bytes:
    got = b""
    while length := struct.unpack(">I", read(connection, 4))[0]:
        got += read(connection, length)
    return got


def clamd(connection: socket.socket, seen: list[bytes]) -> None:
    """Answer as clamd does."""
    asked = command(connection)
    if asked == b"zPING\0":
        connection.sendall(b"PONG\0")
        return
    assert asked == b"zINSTREAM\0"
    content = stream(connection)
    seen.append(content)
    connection.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


def saying(answer: bytes) -> Callable[[socket.socket, list[bytes]], None]:
    """Answer the same to everything, and hang up."""

    def answers(connection: socket.socket, seen: list[bytes]) -> None:
        if command(connection) != b"zPING\0":
            seen.append(stream(connection))
        connection.sendall(answer)

    return answers


def hanging(connection: socket.socket, seen: list[bytes]) -> None:
    """Take everything and say nothing."""
    while piece := connection.recv(65536):
        seen.append(piece)


def hanging_up(connection: socket.socket, seen: list[bytes]) -> None:
    """Hang up in the middle of what is sent."""
    read(connection, 20)


def talking_for_ever(connection: socket.socket, seen: list[bytes]) -> None:
    """Say nonsense and never stop."""
    while True:
        connection.sendall(b"a" * 1000)


@contextmanager
def listening(
    answer: Callable[[socket.socket, list[bytes]], None], path: Path | None = None, timeout: int = 10
) -> Iterator[tuple[str, list[bytes]]]:
    """Run a scanner; yields its address and what it was asked to look at."""
    seen: list[bytes] = []
    server = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    server.bind(str(path) if path else ("127.0.0.1", 0))
    server.listen()
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                try:
                    answer(connection, seen)
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    where = str(path) if path else f"127.0.0.1:{server.getsockname()[1]}"
    try:
        yield f"clamd://{where}?timeout={timeout}", seen
    finally:
        over.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
