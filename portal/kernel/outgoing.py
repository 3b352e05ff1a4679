"""The one client for requests that leave the house: listed hosts, public addresses, bounded size and time."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore
import httpx

from portal import config

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Iterable[str]]
"""Gives the addresses of a host name and a port; raises OSError when there are none."""

DEFAULT_PORTS = {"http": 80, "https": 443}


class OutgoingError(Exception):
    """The request gave no answer; the message says why, in plain words for whoever runs the portal.

    `code`: the same in a word, for pages that say it in the reader's language.
    """

    code = "failed"

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code or self.code


class OutgoingRefused(OutgoingError):
    """Our own rules forbid the request: nothing was sent, and trying again won't help."""

    code = "not_allowed"


class OutgoingFailed(OutgoingError):
    """The other side was away, too slow, too large or answered something else than it should."""


class OutgoingTooLarge(OutgoingFailed):
    """The answer has more bytes than the caller reads: asking for less may help."""

    code = "too_large"


@dataclass(frozen=True)
class Response:
    """A whole answer of any status, redirects too; the names in `headers` ignore upper and lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """Return what the JSON says; raise OutgoingFailed when it isn't JSON."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise OutgoingFailed("The answer isn't JSON.") from error


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    max_bytes: int = 1_000_000,
    timeout: float = 10.0,
    allow: Collection[str] | None = None,
    allow_list: Collection[str] | None = None,
    resolve: Resolve | None = None,
) -> Response:
    """Send one request and return the answer; redirects aren't followed.

    `timeout` is in seconds for the whole exchange, looking up the name included. `max_bytes` bounds the body, packed
    and unpacked. `allow_list` is the setting PORTAL_OUTGOING_ALLOW unless given; `allow` adds to it:

    * `host` allows https on port 443; `host:port` allows that port, by http too.
    * A private address is reached only when it is listed itself (`10.0.0.5`, `[::1]:8080`; `localhost` lists loopback),
      also when a listed name leads to it. Without a port it allows every port, by http too.

    Raises OutgoingRefused when the rules forbid the request, OutgoingFailed when there is no usable answer in time.
    """
    deadline = _Deadline(timeout)
    listed = config.current().outgoing_allow if allow_list is None else allow_list
    target = _Target.checked(url, _AllowList([*listed, *(allow or ())]))
    wire_headers = httpx.Headers({"User-Agent": "innbyggerportalen", "Accept-Encoding": "gzip"})
    wire_headers.update(headers)
    wire_headers["Host"] = target.url.netloc.decode("ascii")
    with _plain_errors(target.host, timeout):
        backend = _Backend(target.addresses(resolve or _system_resolve, deadline), deadline)
        secure = httpx.create_ssl_context() if target.scheme == "https" else None
        with (
            httpcore.ConnectionPool(ssl_context=secure, network_backend=backend) as pool,
            pool.stream(method, target.wire_url, headers=wire_headers.raw, content=content) as answer,
        ):
            answer_headers = httpx.Headers(answer.headers)
            return Response(answer.status, answer_headers, _body(answer, answer_headers, max_bytes))


def check_list(entries: Iterable[str]) -> None:
    """Raise OutgoingRefused when an entry of a list of allowed hosts can't be read, so that a start can refuse it."""
    _AllowList(entries)


class _AllowList:
    """The hosts one may ask, read from entries like `host`, `host:port`, `10.0.0.5`, `[::1]:8080`."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = {part for entry in entries for part in self._read(entry)}

    @staticmethod
    def _read(entry: str) -> Iterator[tuple[str, int | None]]:
        bare = _address(entry)
        if bare is not None:
            yield str(bare), None
            return
        try:
            url = httpx.URL(f"//{entry}")
        except httpx.InvalidURL:
            url = httpx.URL()
        if not url.host or str(url) != f"//{url.netloc.decode('ascii')}":
            raise OutgoingRefused(f"{entry!r} in the list of allowed hosts is neither host nor host:port.")
        hosts = ("localhost", "127.0.0.1", "::1") if url.host == "localhost" else (_host(url),)
        yield from ((host, url.port) for host in hosts)

    def covers(self, scheme: str, host: str, port: int) -> bool:
        if (host, port) in self._entries:
            return True
        address = _address(host)
        private = host == "localhost" or (address is not None and not _is_public(address))
        return (host, None) in self._entries and (private or (scheme, port) == ("https", 443))


@dataclass(frozen=True)
class _Target:
    """An address of the web that has passed the allow-list; what was checked is what is connected to."""

    url: httpx.URL
    scheme: str
    host: str
    port: int
    allowed: _AllowList

    @classmethod
    def checked(cls, url: str, allowed: _AllowList) -> _Target:
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise OutgoingRefused("The address can't be read.") from error
        if parsed.scheme not in DEFAULT_PORTS or not parsed.host:
            raise OutgoingRefused("The address must begin with https:// and name a host.")
        if parsed.port is not None and not 0 < parsed.port < 65536:
            raise OutgoingRefused(f"There is no port {parsed.port}.")
        if parsed.userinfo:
            raise OutgoingRefused("An address with a name or password in it is not used.")
        target = cls(parsed, parsed.scheme, _host(parsed), parsed.port or DEFAULT_PORTS[parsed.scheme], allowed)
        if not allowed.covers(target.scheme, target.host, target.port):
            raise OutgoingRefused(
                f"{target.scheme}://{target.host} on port {target.port} is not in the list of allowed hosts "
                "(PORTAL_OUTGOING_ALLOW: host for https, host:port for another port or for http)."
            )
        return target

    @property
    def wire_url(self) -> httpcore.URL:
        return httpcore.URL(scheme=self.scheme, host=self.url.raw_host, port=self.port, target=self.url.raw_path)

    def addresses(self, resolve: Resolve, deadline: _Deadline) -> list[str]:
        """Look the host up once and refuse it if only one of its addresses is forbidden."""
        found = [self.host] if _address(self.host) else _within(deadline, lambda: list(resolve(self.host, self.port)))
        if not found:
            raise OutgoingFailed(f"{self.host} has no address.")
        for text in found:
            if not self._may_connect(_address(text)):
                raise OutgoingRefused(f"{self.host} leads to {text}, which is not a public address.")
        return found

    def _may_connect(self, address: Address | None) -> bool:
        return address is not None and (
            _is_public(address) or self.allowed.covers(self.scheme, str(address), self.port)
        )


def _host(url: httpx.URL) -> str:
    """Return the host as it is compared: ASCII, and an address in its one canonical spelling."""
    host = url.raw_host.decode("ascii")
    return str(_address(host) or host)


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Protocol assignments (Teredo is one), 6to4 and documentation. Some of them count as global in older Pythons.
_SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")))


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return _is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _GLOBAL_UNICAST or address.scope_id:  # an IPv4-mapped address is outside it too
            return False
    return address.is_global and not address.is_multicast and not any(address in network for network in _SPECIAL)


class _Deadline:
    """The moment when the whole exchange must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left; raise TimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _system_resolve(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _within(deadline: _Deadline, work: Callable[[], list[str]]) -> list[str]:
    """Look a name up in a thread of its own, because getaddrinfo knows no time-out and may hang for half a minute."""
    future: Future[list[str]] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except (OSError, ValueError) as error:  # ValueError: a name that can't be a name
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future.result(timeout=deadline.left())


class _Backend(httpcore.NetworkBackend):
    """Connects to the addresses that were checked, whatever the name says by now."""

    def __init__(self, addresses: list[str], deadline: _Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: OSError = OSError("no address")
        for tried, address in enumerate(self._addresses):
            share = self._deadline.left() / (len(self._addresses) - tried)  # one that hangs leaves time for the others
            try:
                connection = socket.create_connection((address, port), timeout=share)
            except OSError as error:
                failure = error
            else:
                return _Stream(connection, self._deadline)
        raise failure


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait is cut at the deadline, so that an answer drop by drop ends too."""

    def __init__(self, connection: socket.socket, deadline: _Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        while buffer:
            self._connection.settimeout(self._deadline.left())
            buffer = buffer[self._connection.send(buffer) :]

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._connection.settimeout(self._deadline.left())
            secure = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except OSError:
            self.close()
            raise
        return _Stream(secure, self._deadline)


def _body(answer: httpcore.Response, headers: httpx.Headers, max_bytes: int) -> bytes:
    packing = headers.get("Content-Encoding", "identity")
    if packing not in {"identity", "gzip"}:
        raise OutgoingFailed(f"The answer is packed as {packing[:40]!r}, which was not asked for.")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if packing == "gzip" else None
    received, body = 0, bytearray()
    for chunk in answer.iter_stream():
        received += len(chunk)
        # Unpacking stops one byte past the limit, so a bomb never unfolds.
        body += unpack.decompress(chunk, max_bytes + 1 - len(body)) if unpack else chunk
        if max(received, len(body)) > max_bytes:
            raise OutgoingTooLarge(f"The answer is larger than {max_bytes} bytes.")
    if unpack and received and (not unpack.eof or unpack.unused_data):
        raise OutgoingFailed("The packed answer is broken off or has something after its end.")
    return bytes(body)


@contextmanager
def _plain_errors(host: str, timeout: float) -> Iterator[None]:
    """Say in plain words what went wrong on the way."""
    try:
        yield
    except TimeoutError as error:
        raise OutgoingFailed(f"{host} did not answer within {timeout:g} seconds.", code="slow") from error
    except ssl.SSLError as error:
        raise OutgoingFailed(f"No secure connection to {host}: {error.reason or error}.", code="not_secure") from error
    except socket.gaierror as error:
        raise OutgoingFailed(f"The name {host} was not found.", code="no_name") from error
    except OSError as error:
        raise OutgoingFailed(f"No connection to {host}: {error.strerror or error}.", code="away") from error
    except httpcore.LocalProtocolError as error:
        raise OutgoingRefused(f"The request is not one that can be sent: {error}.") from error
    except (httpcore.ProtocolError, zlib.error, ValueError) as error:
        raise OutgoingFailed(f"{host} did not answer as a web server should: {error}.") from error
