"""Whatever is sent to whatever address, by whomever: the answer is never a fault of ours."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.config import DEMO_PASSWORD
from portal.kernel.db import db
from portal.kernel.identity import Role
from portal.observatorium.actions.rounds import make_round
from portal.observatorium.catalogue import Answer
from tests.observatorium.rounds import an_open_round, answers, draft
from tests.support.cast import Cast
from tests.support.page import Visitor, forget_request

WORDS = ("\x00", "\ud800", "\ufeff\u202e\u0300", "9" * 5000, "²", "0001-01-01", "9999-12-31", "x" * 50_000, "")
"""What nobody writes."""
IN_ADDRESSES = ("1.1", "a%00b", "%ff%fe", "9" * 300, "%ED%A0%80", "2026")
NUMBERS = ("1", "0", "2147483647", "99999999999999999999")
HOSTS = ("", "a b", "x" * 64, "[::1", "a..b", "elsewhere.example:99999")
ASKED = (
    *("q", "rolle", "etter", "person", "hendelse", "status", "gruppe", "neste", "sprak", "dimensjon", "mal", "sorter"),
    *("round", "revision", "revisjon", "fra", "v", "state", "code", "iss", "error", "uten-to-trinn"),
    *("tilbake", "form"),
)
"""Every name that a view looks for in an address."""
DOORS = {
    Role.COORDINATOR: "coordinator",
    Role.MODERATOR: "moderator",
    Role.ADMIN: "admin",
    Role.EMPLOYEE: "employee",
    Role.IDEA_MANAGER: "adviser",
    Role.VERIFIER: "verifier",
}
BODIES: Mapping[str, dict[str, Any]] = {
    "JSON": {"data": '{"a": [1e999]}', "content_type": "application/json"},
    "no boundary": {"data": b"--x\r\n\r\n", "content_type": "multipart/form-data"},
    "never closed": {
        "data": b'--x\r\nContent-Disposition: form-data; name="a"',
        "content_type": "multipart/form-data; boundary=x",
    },
    "many parts": {"data": {f"field{n}": "x" for n in range(1100)}, "content_type": "multipart/form-data"},
    "no text": {"data": b"\xff\xfe&=&&%zz=%", "content_type": "application/x-www-form-urlencoded; charset=utf-16"},
    "too large": {"data": b"a=" + b"x" * 1_100_000, "content_type": "application/x-www-form-urlencoded"},
}
PASSWORD = {"password": DEMO_PASSWORD}
ORGANISATION = {"number": "974760673", "name": "x", "group": "business"}
ROUND = {"title": "x", "slug": "x", "opens_on": "2027-01-01", "closes_on": "2027-02-01", "sign_in_methods": "oidc"}
FORMS: Mapping[str, tuple[dict[str, Any], dict[str, str]]] = {
    "rating.begin": ({}, {"answering": "resident", "tie": "lives"}),
    "rating.indicator": ({"number": "1.1"}, {"1.1": "red", "answering": "resident", "tie": "lives", "comment": "x"}),
    "rating.dimension": ({"number": 1}, {"1.2": "green", "answering": "resident", "tie": "lives"}),
    "observatorium_control.make": ({}, ROUND),
    "observatorium_control.change": ({"slug": "utkast"}, {**ROUND, "version": "1"}),
    "observatorium_control.extend": ({"slug": "2026"}, {"closes_on": "2027-02-01"}),
    "observatorium_control.withdraw": ({"slug": "2026"}, {"reason": "x"}),
    "observatorium_control.own_levels": (
        {"slug": "2026", "number": 4},
        {"level-4.1": "red", "justification-4.1": "x", "version-4.1": "0"},
    ),
    "participation.write": (
        {"kind": "indicator", "target_id": 101, "form": "question"},
        {"text": "x", "signed": "name", "language": "nb", "key": "x"},
    ),
    "joining.follow": ({"kind": "indicator", "target_id": 101}, {"tilbake": "/"}),
    "accounts.sign_in": ({}, {"email": "resident@demo.example", **PASSWORD}),
    "accounts.choose_name": ({}, {"name": "x"}),
    "accounts.new": ({}, {"name": "x", "email": "ny@example.org", "password": "trekkspill og regn", "of_age": "y"}),
    "accounts.mailed": ({}, {"email": "ny@example.org"}),
    "accounts.forgotten": ({}, {"email": "resident@demo.example"}),
    "profile.edit": ({}, {"name": "x", "language": "nb"}),
    "profile.email": ({}, {"email": "ny@example.org", **PASSWORD}),
    "profile.password": ({}, {"new_password": "trekkspill og regn", **PASSWORD}),
    "profile.organisations": ({}, {**ORGANISATION, "title": "x"}),
    "administration.service_areas_of": ({"account_id": 1}, {"service_areas": "1", "version": "1"}),
    "administration.municipality_of": ({"account_id": 1}, {"number": "0301", "version": "1"}),
    "organisations.add": ({}, ORGANISATION),
    "organisations.change": ({"organisation_id": 1}, {"name": "x", "group": "business", "version": "2"}),
    "organisations.add_spokesperson": ({"organisation_id": 1}, {"email": "resident2@demo.example", "title": "x"}),
    "settings.change": ({"key": "minimum_age"}, {"value": "15", "version": "0"}),
    "settings.change_branding": (
        {},
        {
            "name": "x",
            "short_name": "x",
            "theme": "asker",
            "contact_email": "a@b.no",
            "contact_text": "x",
            "version": "0",
        },
    ),
    "settings.change_logo": ({}, {"file": "x", "alt": "x", "version": "0"}),
    "settings.service_areas": ({}, {"name": "x", "version": "0"}),
}
"""Forms that are well filled in, until one field gets a strange word."""


class Watch:
    """Sends requests, undoes what they did, and remembers the answers that were faults."""

    def __init__(self, app: Flask, cast: Cast, connection: sa.Connection, log: pytest.LogCaptureFixture) -> None:
        self.app, self.cast, self.connection, self.log = app, cast, connection, log
        self.faults: list[str] = []
        self.rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "ui.gallery"]

    def browser(self, endpoint: str) -> Visitor:
        """Give the browser of somebody whom the door lets in."""
        visitor = Visitor(self.app, self.app.test_client())
        door = getattr(self.app.view_functions[endpoint], "__door__", "public")
        if door != "public":
            self.cast.sign_in(visitor, DOORS[door[0]] if door else "resident")
        return visitor

    def send(self, visitor: Visitor, method: str, address: str, **given: Any) -> TestResponse:
        self.log.clear()
        with undone(self.connection):
            forget_request()
            answer = visitor.client.open(address, method=method, buffered=True, **given)
        if answer.status_code >= 500:
            raised = [record.exc_info[1] for record in self.log.records if record.exc_info]
            self.faults.append(f"{method} {address:.90} {given!s:.200}: {answer.status_code} {raised[-1:]!r:.300}")
        return answer


@contextmanager
def undone(connection: sa.Connection) -> Iterator[None]:
    """Undo what a request did, so that the next one finds everybody in place."""
    db.session.remove()
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        savepoint.rollback()


@pytest.fixture
def watch(app: Flask, cast: Cast, database: sa.Connection, caplog: pytest.LogCaptureFixture) -> Iterator[Watch]:
    """A portal with an open round that somebody has answered in, watched for faults until the test is over."""
    caplog.set_level(logging.ERROR)
    an_open_round(cast)
    answers(cast.actor("resident2"), "1.1", Answer.RED)
    make_round(cast.actor("coordinator"), draft("utkast"))
    watching = Watch(app, cast, database, caplog)
    yield watching
    assert watching.faults == []


def addresses(rule: Rule) -> Iterator[str]:
    """Give the addresses of a rule with every strange word in its places; the last is the likeliest to be known."""
    numbers = [name for name in rule.arguments if f"<int:{name}>" in rule.rule]
    for number, word in zip(reversed((*NUMBERS, "1", "1")), IN_ADDRESSES, strict=True):
        path = rule.rule
        for name in rule.arguments:
            value = number if name in numbers else word
            path = path.replace(f"<{name}>", value).replace(f"<int:{name}>", value).replace(f"<path:{name}>", value)
        yield path
        if not rule.arguments:
            return


def test_no_address_is_a_fault(watch: Watch) -> None:
    for rule in watch.rules:
        visitor = watch.browser(rule.endpoint)
        for address in addresses(rule):
            watch.send(visitor, "GET", address)


def test_no_method_is_a_fault(watch: Watch) -> None:
    for rule in watch.rules:
        visitor = watch.browser(rule.endpoint)
        *_others, address = addresses(rule)
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "STRANGE"):
            watch.send(visitor, method, address)


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_no_question_is_a_fault(watch: Watch, word: str) -> None:
    question = {name: [word[:5000].encode("utf-8", "surrogatepass"), "1"] for name in ASKED}
    for rule in watch.rules:
        if "GET" in (rule.methods or ()):
            *_others, address = addresses(rule)
            watch.send(watch.browser(rule.endpoint), "GET", address, query_string=question)


@pytest.mark.parametrize("endpoint", FORMS)
def test_no_word_in_a_form_is_a_fault(watch: Watch, endpoint: str) -> None:
    values, filled = FORMS[endpoint]
    with watch.app.test_request_context():
        address = url_for(endpoint, **values)
    visitor = watch.browser(endpoint)
    token = visitor.token()
    for field in filled:
        for word in WORDS:
            strange = {field: [word.encode("utf-8", "surrogatepass"), "1"]}
            body = urlencode({**filled, "csrf_token": token, **strange}, doseq=True)
            watch.send(visitor, "POST", address, data=body, content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("body", BODIES)
def test_no_body_is_a_fault(watch: Watch, body: str) -> None:
    for rule in watch.rules:
        if "POST" in (rule.methods or ()):
            visitor = watch.browser(rule.endpoint)
            *_others, address = addresses(rule)
            watch.send(visitor, "POST", address, headers={"X-CSRFToken": visitor.token()}, **BODIES[body])


@pytest.mark.parametrize("host", HOSTS)
def test_no_host_is_a_fault(watch: Watch, host: str) -> None:
    for address in ("/", "/observatorium/", "/api/v1/rounds", "/konto/logg-inn", "/finnes-ikke"):
        watch.send(watch.browser("home.front"), "GET", address, headers={"Host": host})
