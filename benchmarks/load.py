"""A small client that keeps a server busy: a few connections that stay open, requests made beforehand as bytes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence

CONNECTIONS = 4


def get(path: str, **headers: str) -> bytes:
    """Return a GET request."""
    return _request("GET", path, "", headers)


def post(path: str, body: str, **headers: str) -> bytes:
    """Return a POST request with a form."""
    told = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)), **headers}
    return _request("POST", path, body, told)


def answered(port: int, requests: Sequence[Sequence[bytes]], status: int, seconds: float) -> int:
    """Return how many requests are answered in so many seconds; each connection sends its own requests in turn.

    RuntimeError when an answer has another status than expected.
    """
    counts = [0] * len(requests)
    faults: list[str] = []
    end = time.perf_counter() + seconds

    def work(place: int) -> None:
        mine, client = requests[place], _Client(port)
        try:
            while time.perf_counter() < end and not faults:
                asked = mine[counts[place] % len(mine)]
                told, _headers, _body = client.ask(asked)
                if told != status:
                    faults.append(f"{told}, not {status}, for {asked[:80]!r}")
                counts[place] += 1
        except OSError as error:
            faults.append(str(error))
        finally:
            client.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return sum(counts)


def fetch(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    """Open one page; return its status, headers in lower case and body."""
    client = _Client(port)
    try:
        return client.ask(get(path))
    finally:
        client.close()


def _request(method: str, path: str, body: str, headers: dict[str, str]) -> bytes:
    told = {"Host": "127.0.0.1", "Accept-Language": "nb", **{k.replace("_", "-"): v for k, v in headers.items()}}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", body]
    return "\r\n".join(lines).encode()


class _Client:
    """One connection, opened anew when the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send a request and return status, headers in lower case and body."""
        connection = self._connection or self._open()
        connection.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += _more(connection)
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").lower().split("\r\n")
        headers = {name: value for name, _, value in (line.partition(": ") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += _more(connection)
        if headers.get("connection") == "close":
            self.close()
        return int(first.split()[1]), headers, body

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _open(self) -> socket.socket:
        self._connection = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection


def _more(connection: socket.socket) -> bytes:
    chunk = connection.recv(262_144)
    if not chunk:
        raise ConnectionError("the server closed the connection in the middle of an answer")
    return chunk
