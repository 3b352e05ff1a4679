"""Asking a partner's portal: its own host only, bounded in size and time, no redirects, and nothing read twice."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from portal.kernel import outgoing
from portal.kernel.outgoing import OutgoingFailed, OutgoingTooLarge, Response
from portal.partners.incoming import LINE, PAGE_BYTES, RawPage, Refused, read_page
from portal.partners.signing import Asked, BadSignature, public_bytes, verify_answer
from portal.partners.wire import VERSION, KeyItem, PortalItem

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


@dataclass(frozen=True)
class Introduced:
    """What a portal says of itself; `proven` when a key we believed before has signed it."""

    item: PortalItem
    proven: bool


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


def ask(
    method: str,
    base_url: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    max_bytes: int = PORTAL_BYTES,
) -> Response:
    """Send one request to a partner. Raises OutgoingRefused, OutgoingFailed."""
    return outgoing.request(
        method,
        base_url + path,
        # What is signed is the answer as it was sent: nobody on the way is to pack it.
        headers={"Accept-Encoding": "identity", **(headers or {})},
        content=content,
        max_bytes=max_bytes,
        timeout=SECONDS,
        allow=allowed(base_url),
    )


def portal(base_url: str, keys: Mapping[str, bytes] | None = None) -> Introduced:
    """Return what a portal says of itself, signed by one of `keys`, which we believe, or by a key it tells of.

    That it is who it should be, is for the caller to check. Raises OutgoingRefused, OutgoingFailed.
    """
    believed = keys or {}
    answer = whole(ask("GET", base_url, PORTAL))
    found = decoded(answer, PortalItem)
    if found.exchange_version != VERSION:
        raise OutgoingFailed(
            f"It speaks version {found.exchange_version} of the exchange, not {VERSION}.", code="version"
        )
    if found.base_url != base_url:
        raise OutgoingFailed(f"It says that its address is {found.base_url[:200]!r}.", code="another")
    for key in found.keys:
        _check_key(key, base_url)
    told = {key.id: public_bytes(key.public_key) for key in found.keys}
    signed_by = _check_signature({**told, **believed}, base_url + PORTAL, answer)
    return Introduced(found, proven=signed_by in believed)


def _check_key(key: KeyItem, base_url: str) -> None:
    """Raise OutgoingFailed for a key that isn't one, or whose id isn't under the portal's own address."""
    moments = [moment for moment in (key.begins, key.ends) if moment]
    in_time = all(moment.tzinfo is not None and 2000 <= moment.year < 3000 for moment in moments)
    if not re.fullmatch(re.escape(base_url) + PORTAL + "#[0-9A-Za-z_-]{1,64}", key.id) or not in_time:
        raise OutgoingFailed("It has a key with an id or a time that can't be right.", code="keys")
    try:
        public_bytes(key.public_key)
    except ValueError as error:
        raise OutgoingFailed(f"It has a key that is none: {error}", code="keys") from error


def feed(base_url: str, keys: Mapping[str, bytes], cursor: str, etag: str) -> Fetched:
    """Return the page of a partner's feed that begins at `cursor`; the first page when that is empty.

    `keys`: those of the partner's that we believe; one of them must have signed the page. Raises Gone, OutgoingRefused,
    OutgoingFailed.
    """
    for limit in LIMITS[:-1]:
        try:
            return _feed(base_url, keys, cursor, etag, limit)
        except OutgoingTooLarge:
            continue
    return _feed(base_url, keys, cursor, etag, LIMITS[-1])


def _feed(base_url: str, keys: Mapping[str, bytes], cursor: str, etag: str, limit: int) -> Fetched:
    query = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
    headers = {"If-None-Match": etag} if etag else {}
    path = f"{SOLUTIONS}?{urlencode(query)}"
    answer = ask("GET", base_url, path, headers=headers, max_bytes=PAGE_BYTES)
    if answer.status == 304 and etag:
        _check_signature(keys, base_url + path, answer)
        return Fetched(None, etag)
    if answer.status in {400, 410, 422} and cursor:
        raise Gone("It doesn't know where we were in its feed.")
    _check_signature(keys, base_url + path, whole(answer))
    try:
        page = read_page(answer.content)
    except Refused as error:
        raise OutgoingFailed(f"Its feed can't be read: {error}", code="garbled") from error
    etag = answer.headers.get("ETag", "")
    return Fetched(page, etag if len(etag) <= LINE else "")


def decoded(answer: Response, kind: type[T]) -> T:
    """Return the JSON of an answer as what it should be; raises OutgoingFailed."""
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (ValueError, RecursionError) as error:
        raise OutgoingFailed(
            f"It did not answer in the words of the exchange: {error}"[:500], code="garbled"
        ) from error


def whole(answer: Response) -> Response:
    """Return an answer that is what was asked for; raises OutgoingFailed for every other."""
    if answer.status != 200:
        raise OutgoingFailed(f"It answered {answer.status}.", code="status")
    return answer


def _check_signature(keys: Mapping[str, bytes], url: str, answer: Response) -> str:
    """Return the id of the key that has signed an answer; raises OutgoingFailed when it is none of these."""
    try:
        return verify_answer(keys, Asked("GET", url), answer.status, answer.headers, answer.content).key_id
    except BadSignature as error:
        raise OutgoingFailed(f"What it says is not signed by a key we believe: {error}", code="not_signed") from error


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
