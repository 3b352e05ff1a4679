"""Another municipality's portal, as ours meets it over the network: honest unless a test lets it lie."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from portal.kernel import clock
from portal.kernel.identity import Actor
from portal.partners.actions.partners import add_partner
from portal.partners.models.partners import Partner
from portal.partners.signing import Asked, SigningKey, endorse, public_text, sign_answer
from portal.partners.wire import KeyItem, PortalItem, content_hash, endorsed

Answer = tuple[int, Mapping[str, str], bytes]


def words(title: str, language: str = "nb", **texts: str) -> dict[str, str]:
    """Return what a solution says, as it stands in a feed."""
    plain = {"language": language, "title": title, "problem": "Eldre spiser for lite.", "core": "Spis sammen."}
    return plain | texts


def content(title: str = "Middag sammen", **changes: Any) -> dict[str, Any]:
    """Return everything of a solution that its hash covers; texts and facts can be given by name."""
    facts = {"theme": "health", "cost_class": "low", "evidence": "told", "size": "large"}
    facts |= {"contact_title": "Rådgiver", "goals": [3], "indicators": ["1.8"], "translations": []}
    given = {name: changes.pop(name) for name in list(changes) if name in {*facts, "used_since"}}
    return {"words": words(title, **changes), **facts, **given}


class OtherPortal:
    """A portal at an address of its own. What it tells is in `items`; what it was told, in `received`."""

    def __init__(self, number: str, name: str) -> None:
        self.number, self.name = number, name
        self.items: list[dict[str, Any] | bytes] = []
        self.rounds: list[dict[str, Any]] = []
        self.results: dict[str, dict[str, Any]] = {}
        self.received: list[tuple[Mapping[str, str], dict[str, Any]]] = []
        self.asked: list[str] = []
        self.statuses: list[int] = []
        self.answers: dict[str, Callable[[str], Answer]] = {}
        """What is answered to a path in place of the truth."""
        self.adoptions_answer = 200
        self.private = Ed25519PrivateKey.generate()
        self.signs_with, self.signs_as = self.private, "first"
        self.more_keys: list[KeyItem] = []
        self.feed_name = "a"
        self.url = ""

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def key(self, name: str = "first", private: Ed25519PrivateKey | None = None) -> KeyItem:
        begins = datetime(2026, 1, 1, tzinfo=UTC)
        return KeyItem(
            id=f"{self.url}/api/v1/exchange/#{name}", public_key=public_text(private or self.private), begins=begins
        )

    def described(self, **changes: Any) -> PortalItem:
        """Return what it says of itself."""
        exchange = f"{self.url}/api/v1/exchange"
        honest = PortalItem(
            exchange_version=1,
            name=f"{self.name} kommune",
            municipality_number=self.number,
            organisation_number="",
            base_url=self.url,
            keys=[self.key(), *self.more_keys],
            solutions=f"{exchange}/solutions",
            adoptions=f"{exchange}/adoptions",
        )
        return replace(honest, **changes)

    def item(self, number: int, said: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Return a solution as it stands in its feed."""
        honest = {
            "id": f"{self.url}/losninger/{number}",
            "version": 1,
            "updated": msgspec.to_builtins(clock.now()),
            "source": {"municipality_number": self.number, "name": f"{self.name} kommune"},
            "licence": "CC-BY-4.0",
            "content_hash": content_hash(said),
            "content": said,
        }
        return honest | changes

    def tell(self, number: int, said: dict[str, Any] | None = None, **changes: Any) -> None:
        """Share a solution, or say it anew."""
        self.items.append(self.item(number, said or content(), **changes))

    def withdraw(self, number: int, **changes: Any) -> None:
        """Take a solution away: a tombstone."""
        self.items.append(self.item(number, {}, deleted=True, content=None, content_hash="", licence="") | changes)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(path)
        self.asked.append(path)
        if parts.path in self.answers:
            return self.answers[parts.path](path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if method == "POST":
            self.received.append((headers, json.loads(body)))
            return self.adoptions_answer, {}, b"{}"
        found: Mapping[str, Callable[[], Answer]] = {
            "/api/v1/exchange/": lambda: self.signed(path, self.described()),
            "/api/v1/exchange/solutions": lambda: self._feed(path, query, headers),
            "/api/v1/rounds": lambda: _json({"items": self.rounds, "next": None}),
            "/api/v1/results": lambda: _json(self.results[query["round"]]),
        }
        return found[parts.path]() if parts.path in found else (404, {}, b"")

    def signed(self, path: str, said: object, **headers: str) -> Answer:
        """Return an answer signed with the key it signs with."""
        body = said if isinstance(said, bytes) else msgspec.json.encode(said)
        key = SigningKey(self.key(self.signs_as).id, self.signs_with)
        plain = {"content-type": "application/json", **headers}
        return 200, sign_answer(key, Asked("GET", self.url + path), 200, plain, body), body

    def _unchanged(self, path: str, etag: str) -> Answer:
        key = SigningKey(self.key(self.signs_as).id, self.signs_with)
        return 304, sign_answer(key, Asked("GET", self.url + path), 304, {"etag": etag}, b""), b""

    def rotate(self, *, endorsed_by_old: bool = True) -> None:
        """Sign with a new key from now on."""
        private = Ed25519PrivateKey.generate()
        key, old = self.key("second", private), SigningKey(self.key().id, self.private)
        if endorsed_by_old:
            statement = endorsed(key.id, key.public_key, msgspec.to_builtins(key.begins))
            key = replace(key, endorsed_by=old.id, endorsement=endorse(old, statement))
        self.more_keys, self.signs_with, self.signs_as = [key], private, "second"

    def _feed(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        name, _, place = query.get("cursor", f"{self.feed_name}.0").partition(".")
        if name != self.feed_name or int(place) > len(self.items):
            return 410, {}, b""
        begin, limit = int(place), int(query.get("limit", "50"))
        etag = f'"{self.feed_name}{len(self.items)}"'
        if headers.get("If-None-Match") == etag:
            return self._unchanged(path, etag)
        page, end = self.items[begin : begin + limit], min(begin + limit, len(self.items))
        rows = b",".join(each if isinstance(each, bytes) else json.dumps(each).encode() for each in page)
        cursor = f"{self.feed_name}.{end}"
        after = json.dumps({"next": cursor if end < len(self.items) else None, "cursor": cursor})[1:]
        return self.signed(path, b'{"items":[' + rows + b"]," + after.encode(), etag=etag)


def _json(said: object) -> Answer:
    return 200, {"content-type": "application/json"}, json.dumps(said).encode()


@contextmanager
def another_portal(number: str = "3201", name: str = "Bærum") -> Iterator[OtherPortal]:
    """Run another municipality's portal for the length of a with block."""
    portal = OtherPortal(number, name)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            status, headers, content = portal.answer(self.command, self.path, dict(self.headers), body)
            portal.statuses.append(status)
            self.send_response(status)
            for header, value in headers.items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    portal.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def allow(monkeypatch: pytest.MonkeyPatch, app: Flask, *portals: OtherPortal) -> None:
    """Let our portal ask these, as whoever runs it does for hosts that are not public."""
    hosts = tuple(portal.host for portal in portals)
    monkeypatch.setitem(app.config, "PORTAL", replace(app.config["PORTAL"], outgoing_allow=hosts))


def let_in(actor: Actor, portal: OtherPortal) -> Partner:
    """Make another portal our partner."""
    return add_partner(actor, portal.described())
