"""The page client: opens pages as a person would, and checks the HTML of every one of them, unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder import HTML5TreeBuilder
from flask import Flask, g, url_for
from flask.testing import FlaskClient
from html5lib.constants import E as MESSAGES
from werkzeug.test import TestResponse

LANGUAGES = {"nb", "nn", "en"}


class Reader(HTML5TreeBuilder):
    """Builds the tree as Beautiful Soup's own does, and keeps what a strict reader would complain of."""

    faults: list[Any]

    def feed(self, markup: Any) -> None:
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)
        self.underlying_builder.parser = parser
        parser.parse(markup).original_encoding = None
        self.underlying_builder.parser = None
        self.faults = parser.errors


class Page:
    """One answer, parsed and checked."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = response.get_data(as_text=True)

    @cached_property
    def html(self) -> BeautifulSoup:
        return self._parsed[0]

    @property
    def broken(self) -> list[tuple[int, str]]:
        """What a strict reader of HTML complains of: the line, and what is wrong there."""
        return [(line, MESSAGES[code] % values) for (line, _column), code, values in self._parsed[1].faults]

    @cached_property
    def _parsed(self) -> tuple[BeautifulSoup, Reader]:
        reader = Reader()
        return BeautifulSoup(self.text, builder=reader), reader

    @property
    def main(self) -> Tag:
        found = self.html.select_one("main")
        assert found is not None, "the page has no <main>"
        return found

    @property
    def words(self) -> str:
        """The visible text, white space folded."""
        return re.sub(r"\s+", " ", self.html.get_text(" ")).strip()

    @property
    def heading(self) -> str:
        found = self.html.select_one("h1")
        return re.sub(r"\s+", " ", found.get_text(" ")).strip() if found else ""

    def all(self, selector: str) -> list[Tag]:
        return list(self.html.select(selector))

    def one(self, selector: str) -> Tag:
        found = self.html.select(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector}"
        return found[0]

    def form(self, selector: str = "main form") -> dict[str, Any]:
        """Return what a browser would send for a form as it stands."""
        return form_values(self.one(selector))


def form_values(form: Tag) -> dict[str, Any]:
    """Read the values of a form as a browser would send them, without its buttons."""
    values: dict[str, Any] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name = str(field["name"])
        kind = field.get("type", "text") if field.name == "input" else field.name
        if kind in {"submit", "button", "file", "image"}:
            continue
        if kind in {"radio", "checkbox"}:
            if field.has_attr("checked"):
                _add(values, name, str(field.get("value", "on")))
        elif kind == "select":
            for option in field.select("option[selected]") or field.select("option")[:1]:
                _add(values, name, str(option.get("value", option.get_text())))
        elif kind == "textarea":
            values[name] = field.get_text()
        else:
            values[name] = str(field.get("value", ""))
    return values


def _add(values: dict[str, Any], name: str, value: str) -> None:
    if name in values:
        values[name] = [*(values[name] if isinstance(values[name], list) else [values[name]]), value]
    else:
        values[name] = value


class Visitor:
    """Somebody with a browser."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app = app
        self.client = client

    def get(self, endpoint: str, _status: int = 200, _headers: dict[str, str] | None = None, **values: Any) -> Page:
        """Open a page by the name of its view."""
        return self.get_url(self._url(endpoint, values), _status, _headers)

    def get_url(self, url: str, _status: int = 200, _headers: dict[str, str] | None = None) -> Page:
        """Open a page by its address."""
        forget_request()
        return self._page(self.client.get(url, headers=_headers), _status)

    def post(self, endpoint: str, _data: dict[str, Any] | None = None, _status: int = 303, **values: Any) -> Page:
        """Send a form; unless told otherwise it must answer with «see other»."""
        return self.post_url(self._url(endpoint, values), _data, _status)

    def post_url(self, url: str, _data: dict[str, Any] | None = None, _status: int = 303) -> Page:
        """Send a form to an address, with the token that the browser would have."""
        data = dict(_data or {})
        if "csrf_token" not in data:
            data["csrf_token"] = self.token()
        forget_request()
        return self._page(self.client.post(url, data=data), _status)

    def follow(self, page: Page) -> Page:
        """Go where a redirect points."""
        location = page.response.headers["Location"]
        parts = urlsplit(location)
        return self.get_url(parts.path + (f"?{parts.query}" if parts.query else ""))

    def token(self) -> str:
        """Return a token that belongs to this visitor's session."""
        from flask_wtf.csrf import generate_csrf

        return self.keep({}, generate_csrf)

    def keep(self, values: dict[str, Any], make: Callable[[], str] = str) -> str:
        """Put values in this visitor's session cookie; return what `make` gives in that session."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = self.client.get_cookie(name)
        headers = {"Cookie": f"{name}={cookie.value}"} if cookie else {}
        forget_request()
        with self.app.test_request_context(headers=headers) as context:
            context.session.update(values)
            token = make()
            response = self.app.response_class()
            self.app.session_interface.save_session(self.app, context.session, response)
        for header in response.headers.getlist("Set-Cookie"):
            value = header.split(";")[0].split("=", 1)[1]
            self.client.set_cookie(name, value)
        return token

    def _url(self, endpoint: str, values: dict[str, Any]) -> str:
        with self.app.test_request_context():
            return url_for(endpoint, **values)

    def _page(self, response: TestResponse, status: int) -> Page:
        page = Page(response)
        where = f"{response.request.method} {response.request.path}"
        assert page.status == status, f"{where}: {page.status}, expected {status}\n{page.words[:1500]}"
        check_headers(page, where)
        if response.mimetype == "text/html" and page.text and page.status not in {301, 302, 303, 304}:
            check_html(page, where)
        return page


def forget_request() -> None:
    """Empty `g`: a test's application context is pushed already, so its requests would share who is signed in."""
    for name in list(g):
        g.pop(name)


def check_headers(page: Page, where: str) -> None:
    """Every answer carries what tells a browser to be careful."""
    headers = page.response.headers
    assert headers.get("X-Content-Type-Options") == "nosniff", f"{where}: no nosniff"
    assert "script-src 'self'" in headers.get("Content-Security-Policy", "") or "sandbox" in headers.get(
        "Content-Security-Policy", ""
    ), f"{where}: no content security policy"
    assert headers.get("Cache-Control"), f"{where}: no Cache-Control"


def check_html(page: Page, where: str) -> None:
    """Check what makes a page right for people, browsers and assistive technology."""
    for line, error in page.broken[:1]:
        near = "\n".join(page.text.splitlines()[max(0, line - 3) : line + 1])
        raise AssertionError(f"{where}: the HTML is broken at line {line}: {error}\n{near}")
    html = page.html
    root = html.select_one("html")
    assert root is not None
    assert root.get("lang") in LANGUAGES, f"{where}: the page has no language"
    headings = html.select("h1")
    assert len(headings) == 1, f"{where}: {len(headings)} h1; a page has one"
    title = html.select_one("title")
    assert title is not None, f"{where}: the page has no title"
    assert title.get_text().strip().startswith(page.heading), (
        f"{where}: the title «{title.get_text()}» does not begin with the heading «{page.heading}»"
    )
    _check_ids(html, where)
    _check_labels(html, where)
    _check_heading_order(html, where)
    for image in html.select("img"):
        assert image.has_attr("alt"), f"{where}: a picture without alt text: {image}"
    _check_nothing_inline(html, where)
    for form in html.select("form"):
        assert form.get("action"), f"{where}: a form without an action"
        if str(form.get("method", "get")).lower() == "post":
            assert form.select("input[name=csrf_token]"), f"{where}: a form without its token: {form.get('action')}"


def _check_ids(html: BeautifulSoup, where: str) -> None:
    ids = [str(element["id"]) for element in html.select("[id]")]
    twice = {each for each in ids if ids.count(each) > 1}
    assert not twice, f"{where}: ids used twice: {sorted(twice)}"
    for attribute in ("aria-describedby", "aria-labelledby", "for", "aria-controls"):
        for element in html.select(f"[{attribute}]"):
            missing = [each for each in str(element[attribute]).split() if each not in ids]
            assert not missing, f"{where}: {attribute} points at nothing: {missing}"


def _check_labels(html: BeautifulSoup, where: str) -> None:
    for field in html.select("input, select, textarea"):
        if field.get("type") in {"hidden", "submit", "button"}:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label")
        named = named or (field.get("id") and html.select_one(f'label[for="{field["id"]}"]'))
        assert named, f"{where}: a field without a label: {field}"
    for button in html.select("button, a[href]"):
        has_name = button.get_text(strip=True) or button.get("aria-label") or button.select("img[alt], title")
        assert has_name, f"{where}: a button or link without a name: {button}"


def _check_heading_order(html: BeautifulSoup, where: str) -> None:
    last = 0
    for heading in html.select("main h1, main h2, main h3, main h4, main h5, main h6"):
        level = int(heading.name[1])
        assert level <= last + 1 or last == 0, f"{where}: {heading.name} after h{last}: {heading.get_text()}"
        last = level


def _check_nothing_inline(html: BeautifulSoup, where: str) -> None:
    assert not html.select("style, [style]"), f"{where}: inline style is refused by the content security policy"
    for script in html.select("script"):
        assert script.get("src"), f"{where}: inline script is refused by the content security policy"
        assert str(script["src"]).startswith("/"), f"{where}: a script from elsewhere"
    for element in html.select("*"):
        handlers = [name for name in element.attrs if name.startswith("on")]
        assert not handlers, f"{where}: inline handlers {handlers}"
    for element in html.select("link[href]:not([rel~=canonical]), img[src]"):  # what a browser fetches
        address = str(element.get("href") or element.get("src"))
        assert address.startswith(("/", "data:")), f"{where}: a third party is called: {address}"
