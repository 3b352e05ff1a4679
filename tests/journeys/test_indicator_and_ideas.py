"""From a red indicator to ideas, and back."""

from __future__ import annotations

from typing import Any

from portal.goals.actions import link
from portal.kernel.content import Ref
from portal.observatorium.catalogue import row_number
from portal.participation.actions.joining import support
from tests.support.ideas import proposed, published

INDICATOR = "2.6"


def serving(cast: Any, title: str, *, is_shown: bool = True) -> Any:
    make = published if is_shown else proposed
    idea = make(cast.actor("resident"), title)
    link(cast.actor("resident"), Ref("idea", idea.id), "indicator", [row_number(INDICATOR)])
    return idea


def test_an_indicator_invites_when_nobody_has_proposed_anything(visitor: Any) -> None:
    page = visitor().get("observatorium.indicator", number=INDICATOR)
    assert "Ingen har foreslått noe ennå" in page.text
    assert f"/ideer/ny?indikator={INDICATOR}" in page.text


def test_an_indicator_shows_the_most_supported_ideas_and_leads_to_the_rest(cast: Any, visitor: Any) -> None:
    ideas = [serving(cast, f"Buss nummer {number}") for number in range(4)]
    for idea, names in zip(ideas, (["resident2"], ["resident2", "volunteer"], [], ["business"]), strict=True):
        for name in names:
            support(cast.actor(name), Ref("idea", idea.id))
    page = visitor().get("observatorium.indicator", number=INDICATOR)
    shown = [number for number in range(4) if f"Buss nummer {number}" in page.text]
    assert shown == [0, 1, 3]
    assert page.text.index("Buss nummer 1") < page.text.index("Buss nummer 3")
    assert f"/ideer/?indikator={INDICATOR}" in page.text


def test_what_is_not_shown_is_in_nobodys_way(cast: Any, visitor: Any) -> None:
    serving(cast, "Venter på en moderator", is_shown=False)
    page = visitor().get("observatorium.indicator", number=INDICATOR)
    assert "Venter på en moderator" not in page.text


def test_an_indicator_page_with_ideas_keeps_within_eight_statements(
    cast: Any, visitor: Any, count_queries: Any
) -> None:
    for number in range(4):
        serving(cast, f"Buss nummer {number}")
    reader = visitor("volunteer")
    reader.get("observatorium.indicator", number=INDICATOR)
    with count_queries(at_most=8):
        reader.get("observatorium.indicator", number=INDICATOR)
