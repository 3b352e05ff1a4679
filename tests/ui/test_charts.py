"""Charts: honest scales, nothing hidden shown, and the same numbers in the table as in the picture."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.ui.charts import (
    BarRow,
    Interval,
    Panel,
    Point,
    ShareChart,
    ShareRow,
    bar_chart,
    gap,
    history,
    share_chart,
    share_row,
)

TEMPLATES = Path(__file__).parents[2] / "portal/ui/templates"


@dataclass(frozen=True)
class Three:
    red: float
    yellow: float
    green: float


@dataclass(frozen=True)
class Ends:
    red: Interval
    yellow: Interval
    green: Interval


def row(label: str, red: float, yellow: float, green: float, *, half: float | None = None) -> ShareRow:
    interval = None
    if half is not None:
        interval = Ends(*((max(0, p - half), min(1, p + half)) for p in (red, yellow, green)))
    return ShareRow(label=label, n=412, shares=Three(red, yellow, green), unknown=0.08, interval=interval)


HIDDEN = ShareRow(label="Kunnskapsmiljø", n=None)
DOMINATED = ShareRow(label="Næringsliv", n=21, unknown=0.05, dominated="green")
SOME = [row("Innbyggere", 0.41, 0.37, 0.22, half=0.05), row("Frivillige", 0.08, 0.30, 0.62), HIDDEN, DOMINATED]
PAST = history(
    ["2024", "2025", "2026"],
    [
        Panel(
            "Innbyggerne",
            {
                "2024": Point("red", shares=Three(0.55, 0.3, 0.15), n=188),
                "2025": Point("yellow", shares=Three(0.41, 0.37, 0.22), n=412, changed="up"),
                "2026": Point(None),
            },
        ),
        Panel("Kommunen selv", {"2025": Point("green"), "2026": Point("green")}),
    ],
)


def rendered(call: str, **values: object) -> BeautifulSoup:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    macros = "{% from 'ui/components/charts.html' import share_bars, history_panels, bar_list, gap_line %}"
    return BeautifulSoup(environment.from_string(macros + call).render(**values), "html.parser")


def table(page: BeautifulSoup) -> list[list[str]]:
    return [[" ".join(c.get_text(" ").split()) for c in line.select("th, td")] for line in page.select("tbody tr")]


# --- shares


shares = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(
    lambda cut: row("x", min(cut) / 100, (max(cut) - min(cut)) / 100, 1 - max(cut) / 100)
)


@given(st.lists(shares, min_size=1, max_size=6))
def test_every_row_has_the_same_scale_and_the_middle_of_yellow_in_the_middle(rows: list[ShareRow]) -> None:
    chart = share_chart(rows)
    scales = [part.width / part.share for bar in chart.bars for part in bar.segments if part.share > 0.5]
    assert not scales or max(scales) == pytest.approx(min(scales), abs=0.1)
    for bar in chart.bars:
        parts = {part.level: part for part in bar.segments}
        if "yellow" in parts:
            assert parts["yellow"].x + parts["yellow"].width / 2 == pytest.approx(chart.centre, abs=0.05)
        if "red" in parts:
            assert parts["red"].x + parts["red"].width <= chart.centre + 0.05
        if "green" in parts:
            assert parts["green"].x >= chart.centre - 0.05


@given(st.lists(shares, min_size=1, max_size=6))
def test_the_parts_of_a_bar_touch_and_stay_inside(rows: list[ShareRow]) -> None:
    for bar in share_chart(rows).bars:
        ends = [(part.x, part.x + part.width) for part in bar.segments]
        assert all(one[1] == pytest.approx(two[0], abs=0.05) for one, two in pairwise(ends))
        assert all(begin >= -0.05 and end <= 100.05 for begin, end in ends)


def test_the_interval_lies_around_the_outer_end_of_red_and_of_green() -> None:
    bar = share_chart([row("x", 0.3, 0.4, 0.3, half=0.1)]).bars[0]
    red, _, green = bar.segments
    assert bar.whiskers[0].x1 < red.x < bar.whiskers[0].x2
    assert bar.whiskers[1].x1 < green.x + green.width < bar.whiskers[1].x2
    assert bar.whiskers[0].x1 == pytest.approx(0, abs=0.01)
    assert bar.whiskers[1].x2 == pytest.approx(100, abs=0.01)


def test_a_figure_without_room_stands_beside_its_bar() -> None:
    places = {part.level: part.place for part in share_chart([row("x", 0.05, 0.9, 0.05)]).bars[0].segments}
    assert places == {"red": "before", "yellow": "inside", "green": "after"}
    assert share_chart([row("x", 0.5, 0.04, 0.46)]).bars[0].segments[1].place == "above"


def test_a_share_of_nothing_is_not_drawn() -> None:
    assert [part.level for part in share_chart([row("x", 0, 0.4, 0.6)]).bars[0].segments] == ["yellow", "green"]


def test_a_hidden_row_has_nothing_to_draw_and_no_figure_to_read() -> None:
    chart = share_chart([replace(HIDDEN, label="Hemmelig")])
    assert chart.bars[0].segments == chart.bars[0].whiskers == ()
    page = rendered("{{ share_bars(chart, 'Tittel') }}", chart=chart)
    line = page.select_one(".chart-rows > li")
    assert line
    assert " ".join(line.get_text(" ").split()) == "Hemmelig : skjult av hensyn til personvern"
    assert not line.select("svg")
    assert table(page) == [["Hemmelig", *[": skjult av hensyn til personvern"] * 5]]


def test_one_answer_with_nearly_all_is_shown_as_at_least_ninety_per_cent_and_no_more() -> None:
    chart = share_chart([DOMINATED])
    assert [(part.level, part.share) for part in chart.bars[0].segments] == [("green", 0.9)]
    page = rendered("{{ share_bars(chart, 'Tittel') }}", chart=chart)
    hidden = ": skjult av hensyn til personvern"
    assert table(page) == [["Næringsliv", "21 svar", hidden, hidden, "minst 90 %", "5 %"]]
    title = page.select_one("svg[role=img] title")
    assert title
    assert " ".join(title.get_text().split()) == "Næringsliv: minst 90 % svarte «minstekravet er nådd»."


def test_where_only_a_band_is_told_the_number_is_not() -> None:
    page = rendered("{{ share_bars(chart, 'T') }}", chart=share_chart([replace(DOMINATED, n=None, band=(10, 19))]))
    label = page.select_one(".chart-label")
    assert label
    assert "10–19 svar" in label.get_text()


def test_the_table_has_the_numbers_of_the_picture() -> None:
    page = rendered("{{ share_bars(chart, 'Hva gruppene svarte') }}", chart=share_chart(SOME))
    assert table(page)[0] == ["Innbyggere", "412 svar", "41 % (36–46)", "37 % (32–42)", "22 % (17–27)", "8 %"]
    titles = [" ".join(title.get_text().split()) for title in page.select("svg[role=img] title")]
    assert titles[0] == "Innbyggere: 41 % ikke akseptabelt, 37 % på vei, 22 % minstekravet er nådd."
    assert len(titles) == 3  # the hidden one has no picture


def test_a_published_figure_becomes_a_row_with_all_it_tells() -> None:
    assert share_row("Innbyggere", SOME[0]) == SOME[0]
    assert share_row("Næringsliv", DOMINATED) == DOMINATED


# --- history


def test_all_views_have_the_same_rounds_at_the_same_places() -> None:
    places = {tuple((column.round, column.x) for column in panel.columns) for panel in PAST.panels}
    assert len(places) == 1


def test_a_column_of_shares_is_whole_with_green_on_top() -> None:
    parts = PAST.panels[0].columns[0].parts
    assert [level for level, _, _ in parts] == ["green", "yellow", "red"]
    assert sum(height for _, _, height in parts) == pytest.approx(64)
    assert PAST.panels[1].columns[1].parts == ()


def test_better_levels_stand_higher_and_no_level_stands_apart() -> None:
    steps = dict(PAST.steps)
    assert steps["green"] < steps["yellow"] < steps["red"] < steps["grey"]
    assert PAST.panels[0].columns[2].y == steps["grey"]
    assert "grey" not in dict(history(["2026"], [Panel("x", {"2026": Point("red")})]).steps)


def test_no_line_is_drawn_to_or_from_a_round_without_a_level() -> None:
    assert len(PAST.panels[0].lines) == 1
    assert len(PAST.panels[1].lines) == 1


def test_a_change_is_said_only_where_the_caller_says_so() -> None:
    page = rendered("{{ history_panels(past, 'Utvikling') }}", past=PAST)
    assert [mark.get_text(strip=True) for mark in page.select(".chart-rounds strong")] == ["▲ opp"]
    assert table(page) == [
        ["2024", "Ikke akseptabelt. 188 svar: 55 % ikke akseptabelt, 30 % på vei, 15 % minstekravet er nådd", "–"],
        [
            "2025",
            "På vei (▲ opp). 412 svar: 41 % ikke akseptabelt, 37 % på vei, 22 % minstekravet er nådd",
            "Minstekravet er nådd",
        ],
        ["2026", "Ikke vurdert", "Minstekravet er nådd"],
    ]


# --- bars


def test_bars_begin_at_zero_and_are_as_long_as_their_value() -> None:
    bars = bar_chart([BarRow(label="a", value=2, text="2"), BarRow(label="b", value=8, text="8")], maximum=10)
    assert [bar.width for bar in bars] == [20, 80]
    assert [
        bar.width for bar in bar_chart([BarRow(label="a", value=4, text="4"), BarRow(label="b", value=8, text="8")])
    ] == [
        50,
        100,
    ]


def test_a_bar_and_its_interval_stay_inside() -> None:
    bar = bar_chart([BarRow(label="a", value=0.5, text="50 %", interval=(0.4, 0.625))])[0]
    assert (bar.width, bar.whisker.x1 if bar.whisker else None, bar.whisker.x2 if bar.whisker else None) == (
        80,
        64,
        100,
    )


def test_bars_of_nothing_are_nothing_and_below_zero_is_refused() -> None:
    assert bar_chart([BarRow(label="a", value=0, text="0")])[0].width == 0
    with pytest.raises(ValueError, match="begin at 0"):
        bar_chart([BarRow(label="a", value=-1, text="−1")])


def test_the_table_of_bars_carries_the_intervals() -> None:
    bars = bar_chart([BarRow(label="Tofte", value=0.5, text="50 %", interval=(0.4, 0.6), interval_text="40–60 %")])
    assert table(rendered("{{ bar_list(bars, 'T', 'Område', 'Andel') }}", bars=bars)) == [["Tofte", "50 % (40–60 %)"]]


# --- gap


@pytest.mark.parametrize(
    ("own", "level", "steps"), [("green", "red", 2), ("yellow", "green", -1), ("red", "red", 0), (None, "red", None)]
)
def test_the_gap_is_the_municipalitys_level_less_the_residents(own: str | None, level: str, steps: int | None) -> None:
    assert gap(own=own, level=level).steps == steps


def test_the_gap_says_both_views_in_words() -> None:
    page = rendered("{{ gap_line(line) }}", line=gap(own="green", level="yellow"))
    assert page.title
    assert page.title.get_text() == "Kommunen: minstekravet er nådd. Innbyggerne: på vei."
    missing = rendered("{{ gap_line(line) }}", line=gap(own=None, level="red"))
    assert "Kommunen: ikke vurdert" in missing.get_text()


# --- all


def everything() -> BeautifulSoup:
    return rendered(
        "{{ share_bars(chart, name) }}{{ history_panels(past, name) }}"
        "{{ bar_list(bars, name, name, name) }}{{ gap_line(line) }}",
        chart=share_chart([replace(SOME[0], label="<b>x</b>"), *SOME]),
        past=PAST,
        bars=bar_chart([BarRow(label="<b>x</b>", value=1, text="1", href="/a")]),
        line=gap(own="red", level="green"),
        name="<b>Navn</b>",
    )


def test_every_picture_says_in_words_what_it_shows_and_has_its_table() -> None:
    page = everything()
    pictures = page.select("svg[role=img]")
    assert pictures
    assert all(picture.title and picture.title.get_text(strip=True) for picture in pictures)
    assert all(figure.select("details table caption") for figure in page.select("figure"))


def test_nothing_inline_that_the_content_security_policy_would_stop() -> None:
    assert not everything().select("[style], style, script")


def test_words_with_markup_in_them_stay_text() -> None:
    page = everything()
    assert not page.select("b")
    assert "<b>Navn</b>" in page.get_text()


def test_no_figure_of_a_hidden_group_is_anywhere_in_the_page() -> None:
    chart: ShareChart = share_chart([HIDDEN])
    page = rendered("{{ share_bars(chart, 'Tittel') }}", chart=chart)
    body = page.select_one(".chart-rows")
    assert body
    assert not re.search(r"\d", body.get_text())
