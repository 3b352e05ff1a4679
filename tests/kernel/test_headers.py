"""Headers on every answer: content security, caching, and «nothing has changed» for readers who are signed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.models import Account
from portal.kernel import audit, clock
from portal.kernel.access import public
from portal.kernel.db import atomic, db
from portal.ui.blueprint import asset
from tests.support.page import Visitor, forget_request

PUBLIC = "/personvern/"
FORM = "/konto/logg-inn"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    forget_request()
    return app.test_client()


@pytest.fixture
def broken(app: Flask) -> Iterator[str]:
    """A view that breaks for the length of a test, in the place of one that is there."""

    @public
    def fall() -> str:
        abort(500)

    original = app.view_functions["home.about"]
    app.view_functions["home.about"] = fall
    with app.test_request_context():
        yield app.url_for("home.about")
    app.view_functions["home.about"] = original


@atomic
def something_happens() -> None:
    audit.write(name="x.happened", actor_id=None, subject=None, body={}, personal={}, personal_account_id=None)


# --- security ---------------------------------------------------------------------------------------------------------


def addresses(app: Flask, broken: str) -> dict[str, int]:
    with app.test_request_context():
        static = asset("css/portal.css")
    return {
        PUBLIC: 200,
        static: 200,
        "/static/ui/no-such-file.css": 404,
        "/helse": 200,
        "/api/v1/rounds": 200,
        "/api/v1/finnes-ikke": 404,
        "/finnes-ikke": 404,
        "/administrasjon/": 303,
        broken: 500,
    }


def test_every_answer_tells_the_browser_to_be_careful(app: Flask, broken: str, client: FlaskClient) -> None:
    for path, status in addresses(app, broken).items():
        forget_request()
        with client.get(path) as answer:
            check_careful(answer, path)
        assert answer.status_code == status, path


def check_careful(answer: TestResponse, path: str) -> None:
    policy = answer.headers["Content-Security-Policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ):
        assert f"{rule};" in policy, path
    assert "unsafe" not in policy
    assert "http" not in policy, "no page may ask a third party"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Strict-Transport-Security" not in answer.headers, "the address is http"
    assert answer.headers["Cache-Control"]


def test_https_is_asked_for_from_then_on_when_the_address_is(app: Flask, client: FlaskClient, broken: str) -> None:
    before = app.config["PORTAL"]
    app.config["PORTAL"] = replace(before, base_url="https://portal.example")
    try:
        for path in addresses(app, broken):
            forget_request()
            with client.get(path) as answer:
                asked = answer.headers["Strict-Transport-Security"]
            assert asked == "max-age=31536000; includeSubDomains"
    finally:
        app.config["PORTAL"] = before


# --- caching ----------------------------------------------------------------------------------------------------------


def test_a_public_page_sets_no_cookie_and_may_be_kept_if_asked_about(client: FlaskClient) -> None:
    answer = client.get(PUBLIC)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers["ETag"]
    assert {"Cookie", "Accept-Language"} <= set(answer.vary)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Accel-Expires"] == "1", "a proxy can carry the peak"
    names = list(answer.headers.keys())
    assert names.index("X-Accel-Expires") < names.index("Cache-Control"), "older nginx obeys the first"


@pytest.mark.parametrize("weak", ["", "W/"], ids=["as it was sent", "as a proxy that packs it says"])
def test_an_unchanged_page_is_304_without_content(client: FlaskClient, weak: str) -> None:
    etag = client.get(PUBLIC).headers["ETag"]
    forget_request()
    again = client.get(PUBLIC, headers={"If-None-Match": f"{weak}{etag}"})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag


@pytest.mark.parametrize("what", ["something happened", "another language", "another day", "another address"])
def test_a_page_that_may_have_changed_is_sent_anew(client: FlaskClient, what: str) -> None:
    etag = client.get(PUBLIC).headers["ETag"]
    headers, path, ahead = {"If-None-Match": etag}, PUBLIC, timedelta(0)
    if what == "something happened":
        something_happens()
    if what == "another language":
        headers["Accept-Language"] = "en"
    if what == "another day":
        ahead = timedelta(days=1)
    if what == "another address":
        path = f"{PUBLIC}?x=1"
    forget_request()
    with clock.moved(ahead):
        assert client.get(path, headers=headers).status_code == 200


def test_a_page_with_a_form_is_somebodys_own(client: FlaskClient) -> None:
    answer = client.get(FORM)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert not {"ETag", "X-Accel-Expires"} & set(answer.headers.keys())


def test_nothing_personal_is_stored(visitor: Callable[..., Visitor]) -> None:
    signed_in = visitor("resident")
    for path in (PUBLIC, "/konto/"):
        answer = signed_in.get_url(path).response
        assert answer.headers["Cache-Control"] == "no-store", path
        assert not {"ETag", "X-Accel-Expires"} & set(answer.headers.keys()), path


def test_somebody_with_a_session_is_never_told_that_nothing_changed(app: Flask, client: FlaskClient) -> None:
    etag = client.get(PUBLIC).headers["ETag"]
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], "whatever it holds")
    forget_request()
    assert client.get(PUBLIC, headers={"If-None-Match": etag}).status_code == 200


def test_an_error_is_never_stored(client: FlaskClient, broken: str) -> None:
    for path in ("/finnes-ikke", "/api/v1/finnes-ikke", broken):
        forget_request()
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_a_built_file_is_kept_for_ever_and_sent_packed(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        path = asset("css/portal.css")
    with client.get(path, headers={"Accept-Encoding": "gzip"}) as packed, client.get(path) as plain:
        sizes = len(packed.data), len(plain.data)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert sizes[0] < sizes[1] / 3
    for answer in (packed, plain):
        assert answer.mimetype == "text/css"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers


def test_the_version_of_the_pages_costs_one_statement(
    client: FlaskClient, count_queries: Callable[..., object]
) -> None:
    etag = client.get(PUBLIC).headers["ETag"]
    db.session.add_all(Account(name="X", created_at=clock.now()) for _ in range(100))
    db.session.commit()
    forget_request()
    with count_queries(at_most=1):  # type: ignore[attr-defined]  # it is a context manager
        assert client.get(PUBLIC, headers={"If-None-Match": etag}).status_code == 304
