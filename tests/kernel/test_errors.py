"""Every refusal and fault has one answer: a page for people, a problem document for programs, never a trace."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.kernel.access import public
from portal.kernel.db import db
from portal.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, TooMany
from tests.support.page import Visitor, forget_request

REFUSALS = [
    (NotFound("Runden finnes ikke."), 404),
    (Forbidden("Bare koordinatorer."), 403),
    (Conflict("Noen andre kom først."), 409),
    (TooMany("Vent litt."), 429),
    (Invalid("name", "Skriv et navn."), 422),
]


@pytest.fixture
def answers_with(app: Flask) -> Iterator[Callable[[Exception], None]]:
    """Let a page and a resource of the API raise something."""
    endpoints = ("home.about", "observatorium_api.rounds")
    names = [name for name in endpoints if name in app.view_functions]
    assert "home.about" in names
    originals = {name: app.view_functions[name] for name in app.view_functions}
    api = next(
        rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == "/api/v1/rounds" and "GET" in rule.methods
    )

    def raising(error: Exception) -> None:
        @public
        def fall() -> str:
            raise error

        app.view_functions["home.about"] = app.view_functions[api] = fall

    propagate = app.config["PROPAGATE_EXCEPTIONS"]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield raising
    app.config["PROPAGATE_EXCEPTIONS"] = propagate
    app.view_functions.update(originals)


def about(app: Flask) -> str:
    with app.test_request_context():
        return app.url_for("home.about")


@pytest.mark.parametrize(("error", "status"), REFUSALS, ids=lambda value: type(value).__name__)
def test_a_refusal_is_a_page_that_says_what_and_what_to_do(
    app: Flask,
    visitor: Callable[..., Visitor],
    answers_with: Callable[[Exception], None],
    error: DomainError,
    status: int,
) -> None:
    answers_with(error)
    page = visitor().get_url(about(app), status)
    assert str(error.message) in page.words
    assert page.heading
    assert len(page.all("main p")) >= 2, "what happened, and what one can do"


@pytest.mark.parametrize(("error", "status"), REFUSALS, ids=lambda value: type(value).__name__)
def test_a_refusal_is_a_problem_document_under_the_api(
    app: Flask, answers_with: Callable[[Exception], None], error: DomainError, status: int
) -> None:
    answers_with(error)
    forget_request()
    answer = app.test_client().get("/api/v1/rounds")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    problem = answer.get_json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert (problem["type"], problem["status"], problem["detail"]) == ("about:blank", status, error.message)


@pytest.mark.parametrize("path", ["/finnes-ikke", "/api/v1/finnes-ikke"])
def test_an_unknown_address_says_so(app: Flask, path: str) -> None:
    forget_request()
    answer = app.test_client().get(path)
    assert answer.status_code == 404
    assert answer.content_type == ("application/problem+json" if "/api/" in path else "text/html; charset=utf-8")


def test_a_method_that_is_not_allowed_says_which_are(app: Flask) -> None:
    forget_request()
    answer = app.test_client().put("/api/v1/rounds")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_fault_of_ours_has_a_number_that_is_in_the_log_and_no_trace(
    app: Flask,
    visitor: Callable[..., Visitor],
    answers_with: Callable[[Exception], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers_with(RuntimeError("hemmelig innhold"))
    with caplog.at_level(logging.ERROR):
        page = visitor().get_url(about(app), 500)
    number = re.search(r"\b[0-9a-f]{8}\b", page.words)
    assert number
    assert number[0] in caplog.text
    for inside in ("hemmelig", "RuntimeError", "Traceback", ".py"):
        assert inside not in page.text


def test_a_fault_under_the_api_carries_its_number(app: Flask, answers_with: Callable[[Exception], None]) -> None:
    answers_with(RuntimeError("hemmelig innhold"))
    forget_request()
    answer = app.test_client().get("/api/v1/rounds")
    assert answer.status_code == 500
    assert re.fullmatch(r"[0-9a-f]{8}", answer.get_json()["id"])
    assert "hemmelig" not in answer.get_data(as_text=True)


def test_a_database_that_cannot_write_is_503_with_when_to_try_again(
    app: Flask, answers_with: Callable[[Exception], None]
) -> None:
    answers_with(sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full")))
    for path in (about(app), "/api/v1/rounds"):
        forget_request()
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert "disk" not in answer.get_data(as_text=True)
    db.session.rollback()


def test_a_form_that_was_open_too_long_keeps_the_persons_words_in_mind(visitor: Callable[..., Visitor]) -> None:
    someone = visitor()
    page = someone.post_url("/konto/logg-inn", {"csrf_token": "gammel", "email": "x@demo.example"}, 400)
    assert "Gå tilbake i nettleseren" in page.words


def test_a_form_that_is_too_large_is_413(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/konto/logg-inn", data={"email": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "<h1" in answer.get_data(as_text=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    forget_request()
    return app.test_client()


@pytest.mark.parametrize("code", ["nb", "nn", "en"])
def test_an_error_speaks_the_readers_language(visitor: Callable[..., Visitor], code: str) -> None:
    page = visitor().get_url(f"/finnes-ikke?sprak={code}", 404)
    assert page.one("html")["lang"] == code
