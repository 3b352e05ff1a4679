"""Asks a table of statistics for a figure over time, by the one guarded client; says why when no points came."""

from __future__ import annotations

from urllib.parse import urlsplit

from portal import config
from portal.kernel import outgoing
from portal.observatorium import json_stat
from portal.observatorium.series_points import Point, Unusable

MOST_BYTES = 2_000_000
SECONDS = 15.0
PLACE = "{kommune}"
"""Stands in a query for the municipality's number, so that the same query serves every municipality."""


class NoPoints(Exception):
    """No points came; `code` says why in a word, `detail` where or what."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def may_ask(query: str) -> bool:
    """Say whether a query's host is one that may be asked; a host without a port only by https."""
    try:
        parts = urlsplit(query)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return False
    plain = parts.scheme == "https" and port in {None, 443} and parts.hostname in config.current().figures_hosts
    return plain or parts.netloc.lower() in config.current().figures_hosts


def fetch(query: str) -> tuple[Point, ...]:
    """Return the points that a query answers with; raise NoPoints. Redirects aren't followed."""
    settings = config.current()
    address = query.replace(PLACE, settings.municipality_number)
    if not may_ask(address):
        raise NoPoints("not_allowed")
    try:
        answer = outgoing.request(
            "GET",
            address,
            headers={"Accept": "application/json"},
            max_bytes=MOST_BYTES,
            timeout=SECONDS,
            allow=settings.figures_hosts,
        )
    except outgoing.OutgoingError as error:
        raise NoPoints(error.code) from error
    if answer.status != 200:
        raise NoPoints("redirect" if 300 <= answer.status < 400 else "status", str(answer.status))
    try:
        return json_stat.read(answer.content)
    except Unusable as error:
        raise NoPoints(error.fault.value, error.detail) from error
