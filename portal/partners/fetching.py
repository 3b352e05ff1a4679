"""Asking a partner's portal: its own host only, bounded in size and time, no redirects, and nothing read twice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from portal.kernel import outgoing
from portal.kernel.outgoing import OutgoingFailed, OutgoingTooLarge, Response
from portal.partners.incoming import LINE, PAGE_BYTES, RawPage, Refused, read_page
from portal.partners.wire import VERSION, PortalItem

T = TypeVar("T")

SOLUTIONS = "/api/v1/exchange/solutions"
PORTAL = "/api/v1/exchange/"
PORTAL_BYTES = 100_000
SECONDS = 20.0
LIMITS = (50, 10, 1)
"""How many items are asked for at a time; fewer when so many are too large to be read."""


@dataclass(frozen=True)
class Fetched:
    """A page of a partner's feed; `page` is None when nothing has changed since the answer that had this `etag`."""

    page: RawPage | None
    etag: str


class Gone(OutgoingFailed):
    """The partner no longer knows our place in its feed: we begin from the start."""


def allowed(base_url: str) -> Collection[str]:
    """Return what a partner's address adds to the list of hosts one may ask: a name, by https and at its own port.

    An address in numbers, this machine and plain http are for whoever runs the portal to list (PORTAL_OUTGOING_ALLOW).
    A name that leads to a private address is refused all the same, unless that address is listed.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if parts.scheme != "https" or host == "localhost" or _is_address(host):
        return ()
    return (f"{host}:{parts.port or 443}",)


def ask(method: str, base_url: str, path: str, *, content: bytes | None = None, **given: object) -> Response:
    """Send one request to a partner. `given`: `headers`, `max_bytes`. Raises OutgoingRefused, OutgoingFailed."""
    return outgoing.request(
        method,
        base_url + path,
        content=content,
        timeout=SECONDS,
        allow=allowed(base_url),
        **given,  # type: ignore[arg-type]  # the names and types of outgoing.request
    )


def portal(base_url: str) -> PortalItem:
    """Return what a portal says of itself; that it is who it should be, is for the caller to check.

    Raises OutgoingRefused, OutgoingFailed.
    """
    answer = _whole(ask("GET", base_url, PORTAL, max_bytes=PORTAL_BYTES))
    found = decoded(answer, PortalItem)
    if found.exchange_version != VERSION:
        raise OutgoingFailed(f"It speaks version {found.exchange_version} of the exchange, not {VERSION}.")
    if found.base_url != base_url:
        raise OutgoingFailed(f"It says that its address is {found.base_url[:200]!r}.")
    return found


def feed(base_url: str, cursor: str, etag: str) -> Fetched:
    """Return the page of a partner's feed that begins at `cursor`; the first page when that is empty.

    Raises Gone, OutgoingRefused, OutgoingFailed.
    """
    for limit in LIMITS[:-1]:
        try:
            return _feed(base_url, cursor, etag, limit)
        except OutgoingTooLarge:
            continue
    return _feed(base_url, cursor, etag, LIMITS[-1])


def _feed(base_url: str, cursor: str, etag: str, limit: int) -> Fetched:
    query = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
    headers = {"If-None-Match": etag} if etag else {}
    answer = ask("GET", base_url, f"{SOLUTIONS}?{urlencode(query)}", headers=headers, max_bytes=PAGE_BYTES)
    if answer.status == 304 and etag:
        return Fetched(None, etag)
    if answer.status in {400, 410, 422} and cursor:
        raise Gone("It doesn't know where we were in its feed.")
    _whole(answer)
    try:
        page = read_page(answer.content)
    except Refused as error:
        raise OutgoingFailed(f"Its feed can't be read: {error}") from error
    etag = answer.headers.get("ETag", "")
    return Fetched(page, etag if len(etag) <= LINE else "")


def decoded(answer: Response, kind: type[T]) -> T:
    """Return the JSON of an answer as what it should be; raises OutgoingFailed."""
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (ValueError, RecursionError) as error:
        raise OutgoingFailed(f"It did not answer in the words of the exchange: {error}"[:500]) from error


def _whole(answer: Response) -> Response:
    if answer.status != 200:
        raise OutgoingFailed(f"It answered {answer.status}.")
    return answer


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
