"""Languages: which one is chosen, and that bokmål is there for whoever asks for Norwegian."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, g

from portal.kernel.i18n import COOKIE, in_language, language, select_language
from tests.support.page import Visitor


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("no", "nb"),
        ("no-NO,no;q=0.9", "nb"),
        ("nb-NO", "nb"),
        ("nn-NO,nn;q=0.9,no;q=0.8", "nn"),
        ("en-GB,en;q=0.9", "en"),
        ("de-DE,en;q=0.5", "en"),
        ("sv,en;q=0.9", "nb"),
        ("da", "nb"),
        ("de", "nb"),
        ("", "nb"),
        ("*", "nb"),
        ("en;q=0.1,no;q=0.9", "nb"),
        (";;;,,q=", "nb"),
    ],
)
def test_the_browsers_wish_is_read(app: Flask, asked: str, given: str) -> None:
    with app.test_request_context(headers={"Accept-Language": asked}):
        assert select_language() == given


def test_the_address_comes_first_then_the_cookie_then_the_account(app: Flask) -> None:
    headers = {"Accept-Language": "no", "Cookie": f"{COOKIE}=nn"}
    with app.test_request_context("/?sprak=en", headers=headers):
        assert select_language() == "en"
    with app.test_request_context("/?sprak=xx", headers=headers):
        assert select_language() == "nn", "an unknown one is not listened to"
    with app.test_request_context("/", headers={"Accept-Language": "no"}):
        g.account_language = "en"
        assert select_language() == "en"


def test_the_choice_is_remembered_and_the_page_is_marked(visitor: Callable[..., Visitor]) -> None:
    reader = visitor()
    assert reader.get_url("/personvern/").one("html")["lang"] == "nb"
    assert reader.get_url("/personvern/?sprak=en").one("html")["lang"] == "en"
    assert reader.get_url("/personvern/").one("html")["lang"] == "en"
    assert reader.get_url("/personvern/?sprak=nb").one("html")["lang"] == "nb"


def test_mail_is_written_in_the_language_of_its_reader(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "no"}):
        with in_language("en"):
            assert language() == "en"
        with in_language("fr"):
            assert language() == "nb"
        assert language() == "nb"
