"""The signature picture: angles, reach, links, and names that never meet, in every language."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.observatorium.wheel import COMPACT, FULL, Centre, Picture, Quarter, Sector, Wheel, angles, wheel
from portal.observatorium.wheel_text import Line, text_width, wrap

ROOT = Path(__file__).parents[2]
COUNTS = {1: 10, 2: 8, 3: 12, 4: 9}
LEVELS = ("red", "yellow", "green", None)
TITLES = {
    "nb": ("1 God styring", "2 Bærekraftig økonomi", "3 Inkluderende samfunn", "4 Bærekraftig miljø"),
    "nn": ("1 God styring", "2 Berekraftig økonomi", "3 Inkluderande samfunn", "4 Berekraftig miljø"),
    "en": ("1 Good governance", "2 Sustainable economy", "3 Inclusive society", "4 Sustainable environment"),
}
CENTRE = Centre(place="Asker", round="2026", participation="1 284 innbyggere har vurdert")


def indicators(language: str) -> list[tuple[str, str]]:
    path = ROOT / "portal/observatorium/data/indicators.json"
    return [(item["number"], item["name"][language]) for item in json.loads(path.read_text(encoding="utf-8"))]


def sectors(names: list[tuple[str, str]]) -> list[Sector]:
    return [
        Sector(
            number=number,
            name=name,
            dimension=int(number[0]),
            level=LEVELS[place % 4],
            own=LEVELS[place // 4 % 4],
            href=f"/observatorium/indikatorer/{number}/",
            sentence=f"{number} {name}: innbyggerne sier på vei, kommunen sier minstekravet er nådd",
        )
        for place, (number, name) in enumerate(names)
    ]


def quarters(language: str = "nb") -> list[Quarter]:
    return [
        Quarter(
            dimension=d, title=t, summary="4 av 10 har nådd minstekravet", href=f"#{d}", sentence=f"{t}. Gå til listen."
        )
        for d, t in enumerate(TITLES[language], 1)
    ]


def drawn(language: str = "nb") -> Wheel:
    return wheel(sectors(indicators(language)), quarters(language), CENTRE)


def markup(picture: Wheel) -> str:
    folder = ROOT / "portal/observatorium/templates"
    environment = Environment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    page = environment.from_string(
        '{% from "observatorium/_wheel.html" import wheel_picture %}{{ wheel_picture(wheel, skip_to="#listen") }}'
    )
    return page.render(wheel=picture)


def rendered(picture: Wheel) -> BeautifulSoup:
    return BeautifulSoup(markup(picture), "html.parser")


Box = tuple[float, float, float, float]  # left, top, right, bottom


def box(line: Line, anchor: str) -> Box:
    width = text_width(line.text, line.size)
    left = {"start": line.x, "middle": line.x - width / 2, "end": line.x - width}[anchor]
    return left, line.y - 0.76 * line.size, left + width, line.y + 0.2 * line.size


def apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def name_boxes(picture: Picture) -> list[tuple[str, Box]]:
    return [
        (piece.sector.number, box(line, corner.name_anchor))
        for corner in picture.corners
        for piece in corner.slices
        if piece.label
        for line in piece.label.lines
    ]


def title_boxes(picture: Picture) -> list[Box]:
    return [box(line, c.title_anchor) for c in picture.corners for line in (*c.title, *c.summary)]


def leaders(picture: Picture) -> list[tuple[str, tuple[float, ...]]]:
    return [
        (piece.sector.number, tuple(float(n) for n in re.findall(r"-?[\d.]+", piece.label.leader)))
        for corner in picture.corners
        for piece in corner.slices
        if piece.label and piece.label.leader
    ]


def radius(x: float, y: float, parting: float) -> float:
    """The distance from the middle of the quarter that holds the point."""
    return math.hypot(abs(x) - parting, abs(y) - parting)


def farthest(path: str, parting: float) -> float:
    arc = re.search(r"L(-?[\d.]+) (-?[\d.]+)A", path)
    assert arc
    return radius(float(arc[1]), float(arc[2]), parting)


# --- geometry


def test_a_quarter_is_shared_equally_by_its_sectors() -> None:
    widths = {d: {round(end - begin, 6) for begin, end in angles(d, count)} for d, count in COUNTS.items()}
    assert widths == {1: {9.0}, 2: {11.25}, 3: {7.5}, 4: {10.0}}


def test_the_quarters_fill_the_circle_from_top_left_to_bottom_left() -> None:
    ends = {d: (min(b for b, _ in angles(d, n)), max(e for _, e in angles(d, n))) for d, n in COUNTS.items()}
    assert ends == {1: (270, 360), 2: (0, 90), 3: (90, 180), 4: (180, 270)}


def test_the_numbers_are_read_from_the_top_down_on_both_sides() -> None:
    for corner in drawn().full.corners:
        heights = [piece.number_y for piece in corner.slices]
        assert heights == sorted(heights)


@pytest.mark.parametrize(("level", "share"), [("red", 1 / 3), ("yellow", 2 / 3), ("green", 1.0)])
def test_a_sector_reaches_as_far_as_its_level(level: str, share: float) -> None:
    for picture, frame in ((drawn().full, FULL), (drawn().compact, COMPACT)):
        fills = [s.fill for c in picture.corners for s in c.slices if s.sector.level == level]
        assert fills
        for fill in fills:
            expected = frame.inner + share * (frame.outer - frame.inner)
            assert farthest(fill, frame.parting) == pytest.approx(expected, abs=0.2)


def test_a_sector_without_a_level_is_a_stub_shorter_than_red() -> None:
    stubs = [s.fill for c in drawn().full.corners for s in c.slices if s.sector.level is None]
    assert stubs
    for fill in stubs:
        assert FULL.inner < farthest(fill, FULL.parting) < FULL.inner + 0.5 * FULL.block


@pytest.mark.parametrize(("own", "share"), [("red", 1 / 3), ("yellow", 2 / 3), ("green", 1.0)])
def test_the_arc_outside_is_as_wide_as_the_municipalitys_own_level(own: str, share: float) -> None:
    def width(path: str) -> float:
        x1, y1, _, _, _, _, _, x2, y2 = (float(n) for n in re.findall(r"-?[\d.]+", path))
        return math.hypot(x2 - x1, y2 - y1)

    for corner in drawn().full.corners:
        whole = width("M" + corner.own_track.split("M")[1])
        for piece in corner.slices:
            if piece.sector.own == own and piece.own:
                assert width(piece.own) == pytest.approx(share * whole, rel=0.02)


def test_no_own_view_gives_no_arc() -> None:
    for corner in drawn().full.corners:
        for piece in corner.slices:
            assert (piece.own is None) == (piece.sector.own is None)


def test_only_two_known_and_unequal_levels_differ() -> None:
    assert {
        (p.sector.level, p.sector.own) for c in drawn().full.corners for p in c.slices if p.differs
    } <= {(a, b) for a in LEVELS for b in LEVELS if a and b and a != b}  # fmt: skip
    assert any(p.differs for c in drawn().full.corners for p in c.slices)


def test_a_wheel_without_one_of_its_quarters_is_refused() -> None:
    with pytest.raises(ValueError, match="four dimensions"):
        wheel(sectors(indicators("nb")), quarters()[:3], CENTRE)
    with pytest.raises(ValueError, match="four dimensions"):
        wheel([s for s in sectors(indicators("nb")) if s.dimension != 2], quarters(), CENTRE)


def test_an_equal_wheel_is_drawn_once() -> None:
    assert drawn() is drawn()
    changed = [replace(sector, level="red") for sector in sectors(indicators("nb"))]
    assert wheel(changed, quarters(), CENTRE) is not drawn()


# --- text


def test_the_estimate_of_a_width_is_never_too_small_and_seldom_much_too_wide() -> None:
    measured = {  # in Inter of weight 600 at size 1, measured in Chromium
        "Innbyggjarmedverknad": 11.25,
        "Innbyggermedvirkning": 10.99,
        "Kulturarv": 4.49,
        "Avfall": 2.73,
        "Idrett, friluftsliv og fritid": 11.45,
    }
    for text, width in measured.items():
        assert width <= text_width(text, 1) <= 1.1 * width


def test_a_long_name_is_broken_into_lines_of_like_length() -> None:
    text = "Sårbare grupper og personer med funksjonsnedsettelse"
    assert wrap(text, 13, 200) == ("Sårbare grupper og personer", "med funksjonsnedsettelse")


def test_a_word_too_wide_stays_whole() -> None:
    assert wrap("Trygghet og kriminalitetsforebygging", 13, 40) == ("Trygghet og", "kriminalitetsforebygging")


def assert_clear(picture: Picture) -> None:
    names, titles, lines = name_boxes(picture), title_boxes(picture), leaders(picture)
    boxes = [b for _, b in names] + titles
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert apart(one, other)
    left, top, width, height = (float(n) for n in picture.view_box.split())
    for one in boxes:
        assert left <= one[0]
        assert one[2] <= left + width
        assert top <= one[1]
        assert one[3] <= top + height
        nearest = math.hypot(max(one[0], -one[2], 0), max(one[1], -one[3], 0))
        assert nearest >= FULL.number + FULL.parting
    for number, (x1, y1, x2, y2) in lines:
        for step in range(21):
            x, y = x1 + (x2 - x1) * step / 20, y1 + (y2 - y1) * step / 20
            for owner, one in names:
                assert owner == number or apart((x, y, x, y), one)
    ordered = [(a, b) for a in lines for b in lines if a[0] != b[0] and a[0][0] == b[0][0]]
    assert not [1 for (_, a), (_, b) in ordered if crosses(a, b)]


def crosses(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    def turn(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> bool:
        return (bx - ax) * (cy - ay) > (by - ay) * (cx - ax)

    return turn(*one, *other[:2]) != turn(*one, *other[2:]) and turn(*other, *one[:2]) != turn(*other, *one[2:])


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_names_numbers_titles_and_lines_never_meet_and_nothing_is_cut(language: str) -> None:
    picture = drawn(language).full
    assert_clear(picture)
    assert not [line for c in picture.corners for s in c.slices if s.label for line in s.label.lines if line.squeeze]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_name_needs_more_than_two_lines(language: str) -> None:
    assert {len(s.label.lines) for c in drawn(language).full.corners for s in c.slices if s.label} == {1, 2}


WORDS = st.lists(st.text("abcdefghijklmnoprstuvyæøåABS", min_size=1, max_size=20), min_size=1, max_size=6).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(st.lists(WORDS, min_size=39, max_size=39))
def test_whatever_the_names_they_never_meet(names: list[str]) -> None:
    numbers = [number for number, _ in indicators("nb")]
    assert_clear(wheel(sectors(list(zip(numbers, names, strict=True))), quarters(), CENTRE).full)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_numbers_and_titles_of_the_narrow_wheel_never_meet(language: str) -> None:
    picture = drawn(language).compact
    numbers = [
        box(Line(s.sector.number, s.number_x, s.number_y, COMPACT.number_size), "middle")
        for c in picture.corners
        for s in c.slices
    ]
    boxes = numbers + title_boxes(picture)
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert apart(one, other)
    left, top, width, height = (float(n) for n in picture.view_box.split())
    assert all(left <= b[0] and b[2] <= left + width and top <= b[1] and b[3] <= top + height for b in boxes)


@pytest.mark.parametrize("round_name", ["2026", "Runden 2026", "Vurderingen våren 2026"])
@pytest.mark.parametrize("place", ["Ål", "Asker", "Guovdageaidnu – Kautokeino", "Nore og Uvdal"])
def test_the_words_in_the_middle_stay_inside_the_disc(place: str, round_name: str) -> None:
    picture = wheel(sectors(indicators("nb")), quarters(), replace(CENTRE, place=place, round=round_name))
    for drawing in (picture.full, picture.compact):
        for line in drawing.centre + drawing.participation:
            left, top, right, bottom = box(line, "middle")
            assert not line.squeeze
            assert math.hypot(right, max(-top, bottom)) <= drawing.disc
            assert right == pytest.approx(-left)


# --- as rendered


def test_every_indicator_is_one_link_named_by_its_sentence_in_the_order_of_the_numbers() -> None:
    links = rendered(drawn()).select(".wheel-full a")
    expected = sectors(indicators("nb"))
    assert [link["href"] for link in links] == [sector.href for sector in expected]
    assert [link.title.get_text() for link in links if link.title] == [sector.sentence for sector in expected]


def test_a_links_sentence_begins_with_what_is_seen() -> None:
    for link in rendered(drawn()).select(".wheel-full a"):
        seen = [text.get_text() for text in link.find_all("text")]
        assert link.title
        assert link.title.get_text().startswith(" ".join(seen))


def test_on_a_narrow_screen_the_four_quarters_are_the_links() -> None:
    links = rendered(drawn()).select(".wheel-compact a")
    assert [link["href"] for link in links] == ["#1", "#2", "#3", "#4"]
    assert len(rendered(drawn()).select(".wheel-compact .wheel-number")) == 39


def test_each_level_has_its_own_colour_and_its_own_symbol() -> None:
    page = rendered(drawn())
    seen = {}
    for link in page.select(".wheel-full a"):
        fill, symbol = link.select_one(".wheel-fill"), link.select_one(".wheel-symbol")
        assert fill
        assert symbol
        seen.setdefault(fill["class"][-1], set()).add(symbol["d"])
    assert set(seen) == {"judge-red", "judge-yellow", "judge-green", "judge-grey"}
    assert all(len(symbols) == 1 for symbols in seen.values())
    assert len(set.union(*seen.values())) == 4


def test_nothing_inline_that_the_content_security_policy_would_stop() -> None:
    page = rendered(drawn())
    assert not page.select("[style], style, script, [onclick]")
    assert not page.select("[id]")  # drawn twice: an id would stand twice


def test_names_with_markup_in_them_stay_text() -> None:
    hostile = [("1.1", "<script>alert(1)</script> & co"), *indicators("nb")[1:]]
    page = rendered(wheel(sectors(hostile), quarters(), CENTRE))
    assert not page.select("script")
    assert "<script>alert(1)</script> & co" in page.get_text()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_whole_wheel_weighs_at_most_35_kilobytes(language: str) -> None:
    whole = re.search(r'<svg class="wheel-full.*?</svg>', markup(drawn(language)), re.DOTALL)
    assert whole
    assert len(whole[0].encode()) <= 35_000
