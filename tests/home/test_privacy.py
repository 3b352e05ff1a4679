"""What we say we keep is what the tables and the code keep: in the document, on the pages, and in the cookies."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path

from flask import Flask

import portal
from portal.accounts import session
from portal.accounts.actions.settings import SettingDraft, change_setting
from portal.accounts.models import Account
from portal.config import DEMO_PASSWORD
from portal.home import promises
from portal.kernel.db import Base
from portal.kernel.extensions import personal_data
from portal.kernel.i18n import COOKIE_KEPT
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
DOCUMENT = Path(portal.__file__).parent.parent / "docs" / "privacy.md"


def described() -> dict[str, set[str]]:
    """Return the columns that docs/privacy.md describes, by table."""
    text = DOCUMENT.read_text(encoding="utf-8")
    sections = re.split(r"^### `(\w+)`$", text.split("\n## Tables that hold")[0], flags=re.MULTILINE)[1:]
    found = {}
    for table, section in zip(sections[::2], sections[1::2], strict=True):
        cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| ")]
        named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
        assert len(named) == len(set(named)), f"{table} describes a column twice"
        found[table] = set(named)
    return found


def harmless() -> set[str]:
    return set(re.findall(r"`(\w+)`", DOCUMENT.read_text(encoding="utf-8").split("hold nothing about people")[1]))


def kept(page: Page, what: str) -> str:
    """Return what the page on privacy says of how long something is kept."""
    found = page.one("#hvor-lenge + dl")
    return next(row.select("dd")[0].get_text() for row in found.select("div") if what in row.select("dt")[0].get_text())


# -- the tables --------------------------------------------------------------------------------------------------------


def test_every_column_of_every_table_about_people_is_described(app: Flask) -> None:
    told = described()
    for name, columns in told.items():
        assert columns == set(Base.metadata.tables[name].columns.keys()), f"docs/privacy.md and {name} differ"
    new = set(Base.metadata.tables) - set(told) - harmless()
    assert not new, f"Say in docs/privacy.md what {sorted(new)} hold about people, or that they hold nothing"
    assert not set(told) & harmless()


def test_no_table_that_points_at_a_person_is_called_harmless(app: Flask) -> None:
    declared = {table for package in personal_data() for table in package.tables}
    pointing = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table is Account.__table__ for key in table.foreign_keys)
    }
    assert declared | pointing <= set(described())


def test_every_described_table_has_a_purpose_that_is_in_the_document() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    purposes = set(re.findall(r"^\| (P\d) \|", text, re.MULTILINE))
    for table, opening in re.findall(r"^### `(\w+)`\n\n(P[^.]+)\.", text, re.MULTILINE):
        assert set(opening.split(", ")) <= purposes, table
    assert len(re.findall(r"^### `\w+`\n\nP\d", text, re.MULTILINE)) == len(described())


def test_the_page_tells_of_every_table_the_document_describes(visitor: Open) -> None:
    tables = [table for each in promises.KEPT for table in each.tables]
    assert sorted(tables) == sorted(described())
    page = visitor().get("home.privacy")
    assert [each.get_text() for each in page.all("#hva + dl dt")] == [str(each.title) for each in promises.KEPT]


# -- how long ----------------------------------------------------------------------------------------------------------


def test_the_page_and_the_document_promise_what_retention_does(visitor: Open) -> None:
    page, text = visitor().get("home.privacy"), DOCUMENT.read_text(encoding="utf-8")
    promised = [(str(label), limit.days) for package in personal_data() for label, limit in package.kept]
    assert len(promised) >= 9
    for label, days in promised:
        assert kept(page, label) == f"{days} dag{'er' if days > 1 else ''}"
        assert re.search(rf"\b{days} days?\b", text), f"docs/privacy.md doesn't say {days} days for {label}"


def test_every_package_that_forgets_in_time_says_how_long_it_keeps(app: Flask) -> None:
    for package in personal_data():
        assert package.kept or not package.retain, f"{package.name} deletes what no page promises"


def test_the_promise_about_the_key_follows_the_setting(cast: Cast, visitor: Open) -> None:
    assert kept(visitor().get("home.privacy"), "Nøkkelen").startswith("30 dager")
    change_setting(cast.actor("admin"), "round_key_days", SettingDraft(value=10, version=0))
    assert kept(visitor().get("home.privacy"), "Nøkkelen").startswith("10 dager")
    assert "slettes 10 dager etter" in visitor().get("observatorium.method").words


def test_the_time_in_backups_follows_the_setting_whose_default_is_that_of_the_example(
    cast: Cast, visitor: Open
) -> None:
    assert kept(visitor().get("home.privacy"), "sikkerhetskopier") == "opptil 30 dager"
    root = DOCUMENT.parent
    assert "-mtime +30 -delete" in (root / "deployment" / "portal-backup.service").read_text(encoding="utf-8")
    assert "`backup_days`" in (root / "operations.md").read_text(encoding="utf-8")
    change_setting(cast.actor("admin"), "backup_days", SettingDraft(value=7, version=0))
    assert kept(visitor().get("home.privacy"), "sikkerhetskopier") == "opptil 7 dager"


def test_the_age_limit_follows_the_setting(cast: Cast, visitor: Open) -> None:
    change_setting(cast.actor("admin"), "minimum_age", SettingDraft(value=16, version=0))
    assert "minst 16 år" in visitor().get("home.privacy").words


# -- cookies -----------------------------------------------------------------------------------------------------------


def test_the_page_names_every_cookie_and_how_long_it_lasts(visitor: Open) -> None:
    reader = visitor()
    page = reader.get("home.cookies")
    told = {row.select("th")[0].get_text(): row.select("td")[-1].get_text(strip=True) for row in page.all("tbody tr")}
    assert set(told) == {"portal", "kjent", "sprak"}
    given = SimpleCookie()
    reader.get("accounts.sign_in", sprak="nb", _headers={"Accept-Language": "en"})
    signed_in = reader.post("accounts.sign_in", {"email": "resident@demo.example", "password": DEMO_PASSWORD})
    chosen = visitor().get("home.about", sprak="nn")
    for answer in (signed_in, chosen):
        for header in answer.response.headers.getlist("Set-Cookie"):
            given.load(header)
    assert set(given) == set(told)
    assert int(given["kjent"]["max-age"]) == session.KNOWN_DEVICE_DAYS * 86400
    assert told["kjent"] == f"{session.KNOWN_DEVICE_DAYS} dager"
    assert int(given["sprak"]["max-age"]) == COOKIE_KEPT.total_seconds()
    assert told["sprak"] == f"{COOKIE_KEPT.days} dager"


def test_no_module_sets_a_cookie_but_those_whose_cookies_are_told_of() -> None:
    root = Path(portal.__file__).parent
    setting = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "set_cookie":
                setting.add(path.relative_to(root).as_posix())
    assert setting == {"kernel/i18n.py", "accounts/session.py", "accounts/views/profile.py"}


def test_no_public_page_gives_a_visitor_a_cookie_unless_it_shows_a_form(app: Flask, visitor: Open) -> None:
    reader, seen = visitor(), 0
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.arguments or "GET" not in (rule.methods or ()) or getattr(view, "__door__", None) != "public":
            continue
        answer = reader.client.get(rule.rule)
        if answer.mimetype != "text/html" or b"csrf_token" in answer.data:
            reader = visitor()  # the next page is opened by somebody who has none
            continue
        seen += 1
        assert "Set-Cookie" not in answer.headers, f"{rule.rule} gives a cookie to somebody who only reads"
    assert seen > 10


def test_a_page_with_a_form_keeps_it_and_the_page_that_leads_to_it_sets_none(visitor: Open) -> None:
    assert "Set-Cookie" in visitor().get("home.report_accessibility").response.headers
    declaration = visitor().get("home.accessibility")
    assert "Set-Cookie" not in declaration.response.headers
    assert declaration.response.headers["Cache-Control"] == "public, no-cache"
    assert declaration.one("main a[href='/tilgjengelighet/si-fra']")
