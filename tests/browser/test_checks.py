"""The measuring tools themselves: each must find what is wrong on a page that is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import checks

pytestmark = pytest.mark.browser

BAD = """<!doctype html><html lang="nb"><head><title>Prøve</title><style>
    button { outline: none; height: 20px; width: 20px }
    .wide { width: 2000px } .cut { width: 30px; height: 20px; overflow: hidden; white-space: nowrap }
    .pale { color: #eee } .moves { animation: a 9s infinite } @keyframes a { to { margin-left: 9px } }
    .gone { color: Canvas; background: Canvas; forced-color-adjust: none }
    .short { width: 90px }
    .over { position: fixed; inset: 0; background: gray }
</style></head><body><main><h1>Prøve</h1><p class="wide">Bred</p><p class="cut">Mye mer enn det er plass til</p>
    <p class="pale">Blek</p><p class="moves">Går</p><p class="gone">Borte</p><button>x</button>
    <select class="short"><option>Mye mer enn det er plass til</option></select>
    <a href="#a">En lenke</a></main></body></html>"""


@pytest.fixture
def bad(browser: Browser) -> Iterator[Page]:
    """A page where nothing is as it should be."""
    with closing(browser.new_context()) as context:
        page = context.new_page()
        page.set_content(BAD)
        yield page


def test_the_tools_find_what_is_wrong(bad: Page) -> None:
    assert any("color-contrast" in found for found in checks.axe(bad))
    assert len(checks.sideways(bad)) > 1
    assert any("cut" in found for found in checks.clipped(bad))
    assert any("button" in found for found in checks.small_targets(bad))
    assert len(checks.cut_choices(bad)) == 1
    assert checks.moving(bad) == 1
    assert any("gone" in found for found in checks.unreadable(bad))


def test_a_focus_that_is_not_seen_is_found(bad: Page) -> None:
    stops, wrong = checks.walk(bad)
    assert len(stops) == 3
    assert ["unseen" in each for each in wrong] == [True]


def test_a_focus_behind_something_is_found(bad: Page) -> None:
    bad.evaluate("document.body.insertAdjacentHTML('beforeend', '<div class=over></div>')")
    _, wrong = checks.walk(bad)
    assert sum(each.startswith("covered") for each in wrong) == 3


def test_a_trap_is_found(bad: Page) -> None:
    bad.evaluate("document.querySelector('a').addEventListener('keydown', event => event.preventDefault())")
    _, wrong = checks.walk(bad, most=30)
    assert any("no way out" in each for each in wrong)
