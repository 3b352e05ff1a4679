"""The layout and the components, as HTML: named, bound together, and right in every state."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template

from tests.support.page import Page, check_headers, check_html


def page(host: Flask, address: str, *, post: bool = False) -> Page:
    client = host.test_client()
    opened = Page(client.get(address))
    if post:
        token = opened.all("main input[name=csrf_token]")[0]["value"]
        opened = Page(client.post(address, data={"csrf_token": token, "group": "nobody", "deadline": "i morgen"}))
    check_headers(opened, address)
    check_html(opened, address)
    return opened


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("reader", ["", "inn"])
def test_the_gallery_is_right_html_for_every_reader(host: Flask, reader: str, language: str) -> None:
    opened = page(host, f"/ui/galleri?{reader}&sprak={language}")
    assert opened.one("html")["lang"] == language


def test_every_wrong_field_is_told_at_the_top_and_bound_to_its_message(host: Flask) -> None:
    opened = page(host, "/ui/galleri", post=True)
    links = opened.all("[data-error-summary] a")
    assert len(links) >= 7
    for link in links:
        field = opened.one(str(link["href"]))
        assert field.name in {"input", "select", "textarea"}
        assert field["aria-invalid"] == "true"
        bound = field.get("aria-describedby", "") or field.find_parent("fieldset")["aria-describedby"]  # type: ignore[index]
        told = link.parent.get_text().strip()  # type: ignore[union-attr]
        message = told.removeprefix(link.get_text()).lstrip(": ")
        assert message
        assert any(message in opened.one(f"#{name}").get_text() for name in str(bound).split())


def test_a_field_is_described_by_its_hint(host: Flask) -> None:
    opened = page(host, "/ui/galleri")
    title = opened.one("#title")
    described = [opened.one(f"#{name}").get_text(strip=True) for name in str(title["aria-describedby"]).split()]
    assert described == ["Kort, så andre kjenner den igjen.", "Høyst 80 tegn."]
    assert "(valgfritt)" in opened.one("label[for=story]").get_text()
    assert "(valgfritt)" not in opened.one("label[for=title]").get_text()


def test_the_skip_link_comes_first_and_leads_to_the_content(host: Flask) -> None:
    opened = page(host, "/feil")
    first = opened.all("body a, body button, body input, body summary")[0]
    assert opened.one(str(first["href"])).name == "main"


def test_languages_keep_the_page_and_its_question(host: Flask) -> None:
    opened = page(host, "/feil?q=buss+%26+b%C3%A5t&fase=ny&fase=gammel&sprak=nn")
    links = {str(link["lang"]): str(link["href"]) for link in opened.all(".languages a")}
    assert links["en"] == "/feil?q=buss+%26+b%C3%A5t&fase=ny&fase=gammel&sprak=en"
    assert opened.one(".languages [aria-current]")["lang"] == "nn"


def test_a_page_for_everybody_sets_no_cookie(host: Flask) -> None:
    assert "Set-Cookie" not in host.test_client().get("/feil").headers


def test_signing_out_is_a_form_with_a_token(host: Flask) -> None:
    opened = page(host, "/feil?inn")
    form = opened.one(".account form")
    assert form["method"] == "post"
    assert form.select_one("input[name=csrf_token]")
    assert "Kari Nordmann" in opened.one(".account summary").get_text()


def test_judgement_is_colour_symbol_and_word(host: Flask) -> None:
    opened = page(host, "/ui/galleri?sprak=nb")
    words = {
        "red": "Ikke akseptabelt",
        "yellow": "På vei",
        "green": "Minstekravet er nådd",
        "grey": "Ikke vurdert",
    }
    for level, word in words.items():
        chip = opened.all(f".judgement--medium[data-level={level}]")[0]
        assert chip.get_text(strip=True) == word
        assert chip.select_one("svg path")


def test_a_table_cell_carries_its_heading_for_the_phone(host: Flask) -> None:
    opened = page(host, "/ui/galleri")
    headings = [heading.get_text(strip=True) for heading in opened.all(".ds-table thead th")]
    for line in opened.all(".ds-table tbody tr"):
        assert [str(cell["data-label"]) for cell in line.select("th, td")] == headings


def test_text_from_people_stays_text_in_every_component(host: Flask) -> None:
    hostile = '"><script>alert(1)</script>'
    calls = {
        "card": "card(x, '#', x, x)",
        "list": "row(x, '#', x, x)",
        "tag": "tag(x)",
        "notice": "notice('info', x, title=x)",
        "empty": "empty(x, x, '#', x)",
        "heading": "page_heading(x, x, x)",
        "table": "table(x, [x], [[x]])",
        "description": "description([(x, x)])",
        "sdg": "sdg(1, x)",
        "rating": "rating('a', x, [(x, 'red', x, x)])",
        "progress": "progress(1, 2, x)",
        "judgement": "judgement('red', word=x)",
    }
    with host.test_request_context():
        for file, call in calls.items():
            name = call.split("(", 1)[0]
            source = f'{{% from "ui/components/{file}.html" import {name} %}}{{{{ {call} }}}}'
            html = host.jinja_env.from_string(source).render(x=hostile)
            assert not BeautifulSoup(html, "html5lib").select("script"), file
            assert "alert(1)" in html


def test_mail_says_which_language_and_who_sends(host: Flask) -> None:
    with host.test_request_context("/?sprak=nn"):
        html = BeautifulSoup(render_template("ui/page/mail.html", subject="Stadfest"), "html5lib")
    assert html.select_one("html")["lang"] == "nn"  # type: ignore[index]
    assert html.select_one("title").get_text() == "Stadfest"  # type: ignore[union-attr]
    assert "Asker innbyggerportal" in html.get_text()
