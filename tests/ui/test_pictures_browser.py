"""The wheel and the charts in a real browser: measured text, keyboard, one drawing at a time, and axe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, Page, Route

from portal.observatorium.wheel import Centre, Quarter, Sector, wheel
from portal.ui.charts import BarRow, Panel, Point, ShareRow, bar_chart, gap, history, share_chart

pytestmark = pytest.mark.browser

PORTAL = Path(__file__).parents[2] / "portal"
BUILT = PORTAL / "ui/static/ui"
LEVELS = ("red", "yellow", "green", None)
TITLES = ("1 God styring", "2 Bærekraftig økonomi", "3 Inkluderende samfunn", "4 Bærekraftig miljø")
WHEEL = "{% from 'observatorium/_wheel.html' import wheel_picture %}{{ wheel_picture(wheel, skip_to='#listen') }}"
CHARTS = """{% from 'ui/components/charts.html' import share_bars, history_panels, bar_list, gap_line %}
    {{ share_bars(shares, 'Hva gruppene svarte') }}{{ history_panels(past, 'Fra runde til runde') }}
    {{ bar_list(bars, 'Deltakelse', 'Område', 'Andel') }}{{ gap_line(gap) }}"""


class Three(dict[str, float]):
    """Shares that are read by name."""

    __getattr__ = dict.__getitem__


def _wheel(language: str) -> dict[str, object]:
    items = json.loads((PORTAL / "observatorium/data/indicators.json").read_text(encoding="utf-8"))
    sectors = [
        Sector(
            number=item["number"],
            name=item["name"][language],
            dimension=int(item["number"][0]),
            level=LEVELS[place % 4],
            own=LEVELS[place // 4 % 4],
            href=f"#{item['number']}",
            sentence=f"{item['number']} {item['name'][language]}: innbyggerne sier på vei",
        )
        for place, item in enumerate(items)
    ]
    quarters = [
        Quarter(dimension=d, title=title, summary="4 av 10 har nådd minstekravet", href="#listen", sentence=f"{title}.")
        for d, title in enumerate(TITLES, 1)
    ]
    return {"wheel": wheel(sectors, quarters, Centre(place="Asker", round="2026", participation="412 har vurdert"))}


def _charts() -> dict[str, object]:
    answers = Three(red=0.41, yellow=0.37, green=0.22)
    rows = [
        ShareRow(label="Innbyggere", n=412, shares=answers, unknown=0.08),  # type: ignore[arg-type]
        ShareRow(label="Næringsliv", n=21, dominated="green"),
        ShareRow(label="Kunnskapsmiljø", n=None),
    ]
    points = {"2025": Point("red", shares=answers, n=388), "2026": Point("yellow", n=412, changed="up")}  # type: ignore[arg-type]
    return {
        "shares": share_chart(rows),
        "past": history(["2025", "2026"], [Panel("Innbyggerne", points), Panel("Kommunen selv", {})]),
        "bars": bar_chart([BarRow(label="Tofte", value=0.6, text="60 %", interval=(0.5, 0.7))], maximum=1),
        "gap": gap(own="green", level="yellow"),
    }


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a drawing with the built style and script, and whatever the reader's browser is set to."""
    environment = Environment(
        loader=FileSystemLoader([PORTAL / "ui/templates", PORTAL / "observatorium/templates"]),
        undefined=StrictUndefined,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    manifest = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    contexts = []

    def shown(template: str, values: dict[str, object], **settings: Any) -> Page:
        drawing = environment.from_string(template).render(**values)
        page_text = (
            '<!doctype html><html lang="nb" data-color-scheme="auto"><head><meta charset="utf-8"><title>Bilde</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="stylesheet" href="/{manifest["css/portal.css"]}">'
            f'<script type="module" src="/{manifest["js/wheel.js"]}"></script></head>'
            f'<body><main class="wrap"><h1>Bilde</h1>{drawing}<p id="listen">Listen</p></main></body></html>'
        )

        def answer(route: Route) -> None:
            path = urlsplit(route.request.url).path
            if path == "/":
                route.fulfill(body=page_text, content_type="text/html; charset=utf-8")
            else:
                route.fulfill(path=BUILT / path.lstrip("/"))

        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | settings)
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        page.goto("http://picture.test/")
        page.evaluate("document.fonts.ready.then(() => 0)")
        return page

    yield shown
    for context in contexts:
        context.close()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('href')"))


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_two_texts_of_the_wheel_meet_as_a_browser_measures_them(show: Callable[..., Page], language: str) -> None:
    for width, drawing in ((1280, "full"), (360, "compact")):
        page = show(WHEEL, _wheel(language), viewport={"width": width, "height": 900})
        meeting = page.evaluate(
            """(drawing) => {
                const texts = [...document.querySelectorAll(`.wheel-${drawing} text`)];
                const boxes = texts.map(text => text.getBBox());
                const inset = ({ x, y, width, height }) =>
                    ({ l: x, r: x + width, t: y + .2 * height, b: y + .8 * height });
                const edges = boxes.map(inset);
                return edges.flatMap((a, i) => edges.slice(i + 1)
                    .filter(b => a.l < b.r && b.l < a.r && a.t < b.b && b.t < a.b).map(() => texts[i].textContent));
            }""",
            drawing,
        )
        assert meeting == []


@pytest.mark.parametrize(("width", "stops"), [(1280, 39), (360, 4)])
def test_the_keyboard_meets_one_drawing_only(show: Callable[..., Page], width: int, stops: int) -> None:
    page = show(WHEEL, _wheel("nb"), viewport={"width": width, "height": 900})
    page.keyboard.press("Tab")
    assert focused(page) == "#listen"  # past the wheel, for those who want the list
    reached = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        reached.append(focused(page))
    expected = {
        39: [f"#{s['number']}" for s in json.loads((PORTAL / "observatorium/data/indicators.json").read_text())]
    }
    assert reached == expected.get(stops, ["#listen"] * 4)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body")


def test_a_sector_reached_says_its_sentence_under_the_wheel(show: Callable[..., Page]) -> None:
    page = show(WHEEL, _wheel("nb"))
    page.locator(".wheel-full a").nth(7).focus()
    assert page.locator("[data-wheel-says]").inner_text() == "1.8 Innbyggermedvirkning: innbyggerne sier på vei"


def test_a_quarter_is_large_enough_for_a_thumb(show: Callable[..., Page]) -> None:
    page = show(WHEEL, _wheel("nb"), viewport={"width": 360, "height": 800})
    for link in page.locator(".wheel-compact a").all():
        box = link.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 120


def test_on_paper_the_names_are_there(show: Callable[..., Page]) -> None:
    page = show(WHEEL, _wheel("nb"), viewport={"width": 680, "height": 900})
    assert not page.locator(".wheel-full").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".wheel-full").is_visible()
    assert not page.locator(".wheel-compact").is_visible()


@pytest.mark.parametrize("settings", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_the_page_never_moves_sideways(
    show: Callable[..., Page], width: int, settings: dict[str, str]
) -> None:
    # Forced colours are the reader's own: there is no contrast of ours to measure.
    options = {"rules": {"color-contrast": {"enabled": "forced_colors" not in settings}}}
    for template, values in ((WHEEL, _wheel("nb")), (CHARTS, _charts())):
        page = show(template, values, viewport={"width": width, "height": 900}, **settings)
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        found = Axe().run(page, options=options).response["violations"]
        assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
