"""A real OpenID provider as a process of its own, and the steps a person takes through it, without a browser."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from bs4 import BeautifulSoup

FOLDER = Path(__file__).parent.parent.parent / "tools" / "idp"

PERSONS: tuple[dict[str, Any], ...] = (
    {"id": "resident", "name": "Ingrid Innbygger", "claims": {"email": "ingrid@example.org", "email_verified": True}},
    {"id": "employee", "name": "Einar Ansatt", "groups": ["group-employee", "group-coordinator"]},
    {"id": "unconfirmed", "name": "Una Ukjent", "claims": {"email": "una@example.org", "email_verified": False}},
    {"id": "low", "name": "Lars Lav", "acr": "idporten-loa-low"},
    {"id": "high", "name": "Hanne Høy", "acr": "idporten-loa-high"},
)
"""One person for each thing that a sign-in can differ in."""


@dataclass(frozen=True)
class Idp:
    """A running provider with one client; what `/test/…` changes is changed for everyone who uses the process."""

    issuer: str
    client_id: str
    client_secret: str

    def change_person(self, person: str, **fields: Any) -> None:
        """Change a person from the next sign-in on: `groups`, `acr`, `name`, `claims`."""
        self._post(f"persons/{person}", fields)

    def end_sessions(self, person: str) -> list[dict[str, Any]]:
        """End all the person's sessions as the provider does it itself: back-channel, without a browser.

        Returns `{"client_id", "sid", "error"}` for each call that the provider made; `error` is None when it was taken.
        """
        told: list[dict[str, Any]] = self._post(f"end-session/{person}", {})
        return told

    def _post(self, what: str, fields: dict[str, Any]) -> Any:
        asked = urllib.request.Request(f"{self.issuer}/test/{what}", json.dumps(fields).encode(), method="POST")
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.load(answer)


@contextmanager
def start_idp(
    *,
    redirect_uris: Sequence[str],
    post_logout_redirect_uris: Sequence[str] = (),
    backchannel_logout_uri: str | None = None,
    persons: Sequence[dict[str, Any]] = PERSONS,
    client_id: str = "portal",
    client_secret: str = "hemmelig+tegn/som%skal=kodes",  # noqa: S107 - signs of every kind that must be encoded
    for_tests: bool = True,
    **more: Any,
) -> Iterator[Idp]:
    """Run tools/idp on a free port for the length of a with block; `more` goes into its configuration.

    Raises RuntimeError with the command that mends it when Node or the provider's packages are missing.
    """
    client = {
        "client_id": client_id,
        "client_secret": client_secret,
        "redirect_uris": list(redirect_uris),
        "post_logout_redirect_uris": list(post_logout_redirect_uris),
    }
    if backchannel_logout_uri:
        client["backchannel_logout_uri"] = backchannel_logout_uri
    configuration = {"issuer": "http://127.0.0.1:0", "clients": [client], "persons": list(persons), **more}
    with subprocess.Popen(
        [_node(), str(FOLDER / "provider.mjs")],
        env={**os.environ, "IDP_CONFIG": json.dumps(configuration), "IDP_TEST": "1" if for_tests else ""},
        stdin=subprocess.PIPE,  # closed when the tests are gone, however they went; then the provider goes too
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            said, _, issuer = process.stdout.readline().strip().partition(" ")
            if said != "ready":
                raise RuntimeError("The provider in tools/idp did not start; what it says stands above.")
            yield Idp(issuer, client_id, client_secret)
        finally:
            process.terminate()


def _node() -> str:
    node = os.environ.get("NODE") or shutil.which("node")
    if not node:
        raise RuntimeError("Node ≥ 20 is missing. Install it, or run the tests by: make test")
    if not (FOLDER / "node_modules" / "oidc-provider").is_dir():
        raise RuntimeError("The provider's packages are missing. Install them with: npm ci --prefix tools/idp")
    return node


class BackChannel:
    """Takes what a provider posts to a client's back-channel address."""

    def __init__(self) -> None:
        self.address = ""
        self._bodies: Queue[str] = Queue()

    def next_token(self) -> str:
        """Return the logout token of the oldest call not yet looked at; raise queue.Empty when none comes."""
        fields = dict(parse_qsl(self._bodies.get(timeout=5), strict_parsing=True))
        assert set(fields) == {"logout_token"}
        return fields["logout_token"]

    def forget(self) -> None:
        """Leave out what was posted before."""
        with contextlib.suppress(Empty):
            while True:
                self._bodies.get_nowait()

    def taken(self, body: str) -> None:
        self._bodies.put(body)


@contextmanager
def catch_back_channel() -> Iterator[BackChannel]:
    """Listen on a free port for the length of a with block."""
    back_channel = BackChannel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            back_channel.taken(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Keep the test's output quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        back_channel.address = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield back_channel
        server.shutdown()
        thread.join()


def choose_person(browser: httpx.Client, authorization_url: str, person: str | None) -> str:
    """Follow the portal's redirect to the provider, press the person's button (None: «Avbryt»); return where it leads.

    `browser` keeps the provider's cookies; the address returned is the portal's callback.
    """
    page = _follow(browser, browser.get(authorization_url))
    assert isinstance(page, httpx.Response), f"the provider sent us straight on to {page}"
    soup = BeautifulSoup(page.text, "html.parser")
    offered = [button["value"] for button in soup.select("button[name=person]")]
    assert person is None or person in offered, f"{person} is not among {offered}: {soup.get_text(' ', strip=True)}"
    pressed = {"cancel": "yes"} if person is None else {"person": person}
    return _left(browser, browser.post(page.url, data=pressed))


def confirm_sign_out(browser: httpx.Client, logout_url: str) -> str:
    """Follow the portal's redirect to the provider's sign-out, press «Logg ut» if asked, and return where it leads."""
    page = _follow(browser, browser.get(logout_url))
    if isinstance(page, str):
        return page
    form = BeautifulSoup(page.text, "html.parser").find("form")
    assert form is not None, page.text
    fields = {field["name"]: field["value"] for field in form.select("input, button")}
    return _left(browser, browser.post(str(page.url.join(str(form["action"]))), data=fields))


def walk_sign_in(portal_client: Any, person: str | None, *, start: str, browser: httpx.Client | None = None) -> Any:
    """Sign in as a person: `start` at the portal, the provider's page, and back; return the portal's last answer.

    `portal_client` is Flask's test client and `start` the path of the portal's sign-in by the provider. Give a
    `browser` to keep the session at the provider, for signing out there afterwards.
    """
    sent_off = portal_client.get(start)
    assert sent_off.status_code in {302, 303}, f"{start} answered {sent_off.status}"
    with httpx.Client(verify=False) as own:  # noqa: S501 - all is http; reading the machine's certificates is slow
        callback = urlsplit(choose_person(browser or own, sent_off.location, person))
    return portal_client.get(f"{callback.path}?{callback.query}")


def _follow(browser: httpx.Client, answer: httpx.Response) -> httpx.Response | str:
    """Follow redirects inside the provider; return the page one ends on, or the address outside that one is sent to."""
    provider = answer.url
    while answer.has_redirect_location:
        target = answer.url.join(answer.headers["Location"])
        if (target.host, target.port) != (provider.host, provider.port):
            return str(target)
        answer = browser.get(target)
    return answer


def _left(browser: httpx.Client, answer: httpx.Response) -> str:
    outside = _follow(browser, answer)
    assert isinstance(outside, str), f"the provider did not send us back: {outside.status_code} {outside.text}"
    return outside
