"""A form that can't be taken shows the person what they wrote, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.support.page import Visitor

TEXT = "Bussen fra Sætre går for sjelden på kvelden."


def test_a_form_sent_after_signing_out_gives_the_text_back(visitor: Callable[..., Visitor]) -> None:
    page = visitor().post("profile.edit", {"name": TEXT, "password": "hemmelig ord"}, 401)
    assert page.one("textarea").get_text() == TEXT
    assert "hemmelig ord" not in page.text
    assert page.all('a[href*="/konto/logg-inn?neste="]')


def test_a_form_without_its_token_gives_the_text_back(app: Flask, visitor: Callable[..., Visitor]) -> None:
    page = visitor("resident").post("profile.edit", {"name": TEXT, "csrf_token": "old"}, 400)
    assert page.one("textarea").get_text() == TEXT


def test_a_form_without_words_leads_straight_to_sign_in(visitor: Callable[..., Visitor]) -> None:
    page = visitor().post("profile.edit", {"language": "nn"}, 303)
    assert "/konto/logg-inn" in page.response.headers["Location"]
