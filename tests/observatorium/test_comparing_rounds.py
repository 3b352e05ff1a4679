"""Comparing two rounds: what is called a change, what isn't, and which rounds aren't compared at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Level
from portal.observatorium.comparing import (
    Moved,
    Since,
    Stand,
    Unlike,
    Version,
    compare,
    expected_by_chance,
    moved,
    since,
    unlike,
)
from portal.observatorium.models.rounds import Revision
from portal.observatorium.results import IndicatorResult, Intervals, Overall, Shares
from tests.observatorium.published import BUSINESS, RESIDENT, VOLUNTARY_SECTOR, a_published_round
from tests.observatorium.rounds import change
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
Counting = Callable[..., Any]
ONE = Version(method="1", catalogue="2026-11")
BETTER = {"1.8": {RESIDENT: (5, 5, 50, 5), VOLUNTARY_SECTOR: (4, 4, 32, 2), BUSINESS: (4, 4, 28, 0)}}


def result(
    green: float = 0.5,
    *,
    within: float = 0.1,
    level: Level | None = Level.YELLOW,
    own: Level | None = Level.GREEN,
    covers: tuple[StakeholderGroup, ...] = (RESIDENT,),
    indicator: str = "1.8",
) -> IndicatorResult:
    low, high = green - within, green + within
    rest = round((1 - green) / 2, 3)
    interval = Intervals(red=(0, 1), yellow=(0, 1), green=(low, high))
    overall = Overall(covers=covers, n=100, n_eff=90, shares=Shares(rest, rest, green), interval=interval, level=level)
    return IndicatorResult(
        indicator=indicator,
        own=own,
        verified=None,
        level=level,
        gap=None,
        disagreement=None,
        groups=(),
        overall=overall,
    )


HIDDEN = IndicatorResult(
    indicator="1.8", own=None, verified=None, level=None, gap=None, disagreement=None, groups=(), overall=Overall()
)


def stand(told: IndicatorResult, version: Version = ONE) -> Stand:
    return Stand(slug="x", title="X", version=version, result=told)


def test_a_change_is_called_so_only_when_the_intervals_are_apart() -> None:
    assert moved(result(0.4), result(0.7)) is Moved.UP
    assert moved(result(0.7), result(0.4)) is Moved.DOWN
    assert moved(result(0.4), result(0.6)) is None


def test_other_groups_or_hidden_answers_are_no_change() -> None:
    assert moved(result(0.2), result(0.9, covers=(RESIDENT, BUSINESS))) is None
    assert moved(HIDDEN, result(0.9)) is None
    assert compare([HIDDEN], [result(0.9)])[0].compared is False


def test_a_new_colour_alone_is_no_change() -> None:
    told = compare([result(0.45, level=Level.RED)], [result(0.5, level=Level.GREEN)])[0]
    assert told.before.level is not told.after.level
    assert told.moved is None


def test_indicators_stand_in_the_order_of_their_numbers_and_only_those_of_both_rounds() -> None:
    before = [result(indicator="1.10"), result(indicator="1.2"), result(indicator="1.3")]
    after = [result(indicator="1.2"), result(indicator="1.10")]
    assert [each.indicator for each in compare(before, after)] == ["1.2", "1.10"]


def test_figures_made_otherwise_are_not_compared() -> None:
    assert unlike(ONE, ONE) == ()
    assert unlike(ONE, Version(method="2", catalogue="2027-01")) == (Unlike.METHOD, Unlike.CATALOGUE)


def test_what_is_known_since_a_measure_was_made() -> None:
    assert since([stand(result(0.3))]) is Since.AWAITED
    assert since([stand(result(0.3)), stand(result(0.8))]) is Since.UP
    assert since([stand(result(0.8)), stand(result(0.5)), stand(result(0.3))]) is Since.DOWN
    assert since([stand(result(0.5)), stand(result(0.55))]) is Since.UNSURE
    assert since([stand(result(0.5)), stand(HIDDEN)]) is Since.HIDDEN
    assert since([stand(result(0.3)), stand(result(0.8), Version(method="2", catalogue="2026-11"))]) is Since.UNLIKE


def test_so_many_comparisons_seem_changed_by_chance() -> None:
    assert expected_by_chance(39) == 0.2
    assert expected_by_chance(0) == 0


# -- the page ----------------------------------------------------------------------------------------------------------


def row(page: Page, number: str, section: str = "alle") -> str:
    found = (each.get_text(" ", strip=True) for each in page.all(f"section[aria-labelledby={section}] tbody tr"))
    return next(text for text in found if text.startswith(f"{number} "))


def test_the_newest_round_is_compared_with_the_one_before(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=400)
    a_published_round(cast, "2026", elsewhere=BETTER)
    page = visitor().get("comparing.index")
    assert "Fra Runde 2025 til Runde 2026" in page.words
    told = row(page, "1.8")
    assert "Ikke akseptabelt" in told
    assert "flere svarer grønt" in told
    assert "1.8" in page.one("section[aria-labelledby=endret]").get_text()
    assert "innenfor usikkerheten" in row(page, "1.1")
    assert "falske utslag" in page.words


def test_rounds_are_compared_from_the_older_to_the_newer_however_they_are_asked_for(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=400)
    a_published_round(cast, "2026", elsewhere=BETTER)
    backwards = visitor().get("comparing.index", fra="2026", til="2025")
    assert "Fra Runde 2025 til Runde 2026" in backwards.words
    same = visitor().get("comparing.index", fra="2026", til="2026")
    assert "Velg to ulike runder" in same.words
    assert "Fra Runde 2025 til Runde 2026" in visitor().get("comparing.index", fra="\x00", til="borte").words


def test_rounds_of_different_methods_are_refused_with_the_reason(cast: Cast, visitor: Open) -> None:
    older = a_published_round(cast, "2025", days_ago=400)
    a_published_round(cast, "2026")
    change(sa.update(Revision).where(Revision.round_id == older.id).values(method_version="0"))
    page = visitor().get("comparing.index")
    assert "kan ikke sammenlignes" in page.words
    assert "regnet ut på ulike måter" in page.words
    assert not page.all("tbody tr")


def test_one_round_has_nothing_to_be_compared_with(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2026")
    assert "Ikke nok runder ennå" in visitor().get("comparing.index").words


def test_the_page_asks_the_database_little(cast: Cast, visitor: Open, count_queries: Counting) -> None:
    a_published_round(cast, "2025", days_ago=400)
    a_published_round(cast, "2026")
    reader = visitor()
    with count_queries(at_most=8):
        reader.get("comparing.index")
