"""An OpenID provider that says whatever a test makes it say, to see what the portal believes."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from portal.accounts import oidc
from portal.accounts.oidc import FlowState, Identity, Reason, SignInFailed
from portal.config import OidcIssuer, Settings
from portal.kernel import clock

CLIENT_ID = "portal"
CLIENT_SECRET = "a-secret-that-is-long-enough-to-sign-by-hs256"
LOGOUT = {"http://schemas.openid.net/event/backchannel-logout": {}}


Sign = Callable[[dict[str, Any], dict[str, Any]], str]


@cache
def a_key(name: str) -> RSAKey:
    """Return the key of that name; making one takes a while, so they are kept."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def encoded(text: bytes) -> str:
    """Return base64url without padding, as tokens have it."""
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def unsigned(header: Any, claims: Any) -> str:
    """Return the first two parts of a token, put together by hand."""
    return f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"


@dataclass
class LyingIssuer:
    """Honest until told otherwise: change `claims`, `header`, `sign`, `keys`, `metadata`, `answers` or `hang`."""

    address: str
    key: RSAKey = field(default_factory=lambda: a_key("first"))
    claims: dict[str, Any] = field(default_factory=dict)
    """Instead of the honest ones in the next ID token; None leaves a claim out."""
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "first"})
    sign: Sign | None = None
    """Makes a token of header and claims in its own way."""
    keys: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    """Besides, or instead of, what the token endpoint answers."""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Status and body instead of what a path would answer."""
    hang: set[str] = field(default_factory=set)
    """Paths that take the request and never answer."""
    asked: list[str] = field(default_factory=list)
    """Paths asked for, in order."""
    posted: dict[str, str] = field(default_factory=dict)
    """The last token request: its fields and its Authorization header."""
    nonce: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.keys = [self.key.as_dict(private=False)]
        self.metadata = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "end_session_endpoint": f"{self.address}/logout",
            "authorization_response_iss_parameter_supported": True,
        }

    def settings(self, **changes: Any) -> OidcIssuer:
        """Return the portal's settings for this issuer."""
        given: dict[str, Any] = {
            "name": "lying",
            "title": "Løgnporten",
            "issuer": self.address,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "acr": ("idporten-loa-substantial", "idporten-loa-high"),
        }
        return OidcIssuer(**{**given, **changes})

    def id_token(self) -> str:
        """Return an ID token for the nonce that was last seen at /authorize."""
        honest = {"sub": "the-subject", "nonce": self.nonce, "acr": "idporten-loa-substantial", "sid": "the-session"}
        return self.token({**honest, **self.claims})

    def logout_token(self, **claims: Any) -> str:
        """Return a logout token; None leaves a claim out."""
        return self.token({"sub": "the-subject", "sid": "the-session", "jti": "1", "events": LOGOUT, **claims})

    def token(self, claims: dict[str, Any]) -> str:
        now = int(clock.now().timestamp())
        whole = {"iss": self.address, "aud": CLIENT_ID, "iat": now, "exp": now + 120, **claims}
        said = {name: value for name, value in whole.items() if value is not None}
        return (self.sign or self.signed)(self.header, said)

    def signed(self, header: dict[str, Any], payload: Any) -> str:
        """Return a token that is properly signed, whatever it holds."""
        first = unsigned(header, payload)
        return f"{first}.{encoded(JWSRegistry.algorithms[header['alg']].sign(first.encode(), self.key))}"

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes, dict[str, str]]:
        if path in self.hang:
            self.over.wait()
        if path in self.answers:
            return *self.answers[path], {}
        if path == "/authorize":
            self.nonce = query["nonce"][0]
            back = urlencode({"code": secrets.token_urlsafe(), "state": query["state"][0], "iss": self.address})
            return 303, b"", {"Location": f"{query['redirect_uri'][0]}?{back}"}
        if path == "/token":
            honest = {"access_token": "the-access-token", "token_type": "Bearer", "id_token": self.id_token()}
            return 200, json.dumps({**honest, **self.tokens}).encode(), {}
        known = {"/.well-known/openid-configuration": self.metadata, "/keys": {"keys": self.keys}}
        return (200, json.dumps(known[path]).encode(), {}) if path in known else (404, b"{}", {})


@contextmanager
def lying_issuer() -> Iterator[LyingIssuer]:
    """Serve on a free port of this machine for the length of a with block."""
    issuer: LyingIssuer

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1  # headers and body in one packet: apart, the second waits for the first to be acknowledged

        def do_GET(self) -> None:
            parsed = urlsplit(self.path)
            issuer.asked.append(parsed.path)
            status, body, headers = issuer.answer(parsed.path, parse_qs(parsed.query))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            issuer.posted = {name: value for name, (value,) in fields.items()}
            issuer.posted["Authorization"] = self.headers.get("Authorization", "")
            self.do_GET()

        def log_message(self, *args: object) -> None:
            """Keep the test's output quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            """Whoever gave up waiting is none of our business."""

    with Server(("127.0.0.1", 0), Handler) as server:
        issuer = LyingIssuer(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield issuer
        finally:
            issuer.over.set()
            server.shutdown()
            thread.join()


CALLBACK = "http://localhost/konto/tilbake"


@contextmanager
def oidc_alone() -> Iterator[None]:
    """Give the protocol what it needs of an application, its settings, and let it forget the issuers of other tests."""
    app = Flask("oidc")
    app.config["PORTAL"] = Settings(
        data_dir=Path(),
        keys_dir=Path(),
        database_url="sqlite://",
        base_url="http://localhost",
        secret_key="s" * 32,
        subject_key="k" * 32,
    )
    forget_issuers()
    with app.app_context():
        yield


def forget_issuers() -> None:
    """Forget metadata, keys and failures, as a new process has."""
    oidc._kept.clear()
    oidc._failures.clear()


def go(liar: LyingIssuer, issuer: OidcIssuer) -> tuple[FlowState, dict[str, str]]:
    """Go to the issuer, which asks nothing; return what the portal remembers and what the browser comes back with."""
    url, flow = oidc.begin(issuer, CALLBACK)
    _, _, headers = liar.answer(urlsplit(url).path, parse_qs(urlsplit(url).query))
    return flow, dict(parse_qsl(urlsplit(headers["Location"]).query))


def sign_in(liar: LyingIssuer, **settings: Any) -> Identity:
    """Go there and come back."""
    issuer = liar.settings(**settings)
    flow, callback = go(liar, issuer)
    return oidc.finish(issuer, flow, callback, CALLBACK)


def refused(reason: Reason, attempt: Callable[[], object]) -> SignInFailed:
    """Expect the attempt to fail for this reason and no other."""
    with pytest.raises(SignInFailed) as failure:
        attempt()
    assert failure.value.reason is reason, failure.value.detail
    return failure.value
