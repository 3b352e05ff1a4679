"""What stands after the question mark of the list of solutions: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import request, url_for

from portal.goals import narrowing as goals
from portal.kernel.i18n import _, _l
from portal.kernel.narrowing import LONGEST, Link, Pick, Tag, one_of, word
from portal.kernel.richtext import clean_line
from portal.solutions.facts import COSTS, EVIDENCE, SIZES, THEMES, Cost, Evidence, Size, Theme
from portal.solutions.queries.listing import GOAL, INDICATOR, Filters, Sort

CURSOR = "side"
SORTS: Mapping[Sort, Any] = {Sort.NEWEST: _l("Nyeste"), Sort.IN_USE: _l("Mest i bruk")}
MOST: Mapping[Cost, Any] = {
    Cost.NONE: COSTS[Cost.NONE],
    Cost.LOW: _l("Høyst 100 000 kroner"),
    Cost.MIDDLE: _l("Høyst 1 million kroner"),
}
"""What one would spend at most; whoever would spend more sees all."""
LEAST: Mapping[Evidence, Any] = {
    Evidence.MEASURED: _l("Målt før og etter, eller bedre"),
    Evidence.COMPARED: _l("Målt mot andre, eller bedre"),
    Evidence.EVALUATED: EVIDENCE[Evidence.EVALUATED],
}
"""How well it must be known at least; what is only told is known the least."""


def filters() -> Filters:
    """Read what the reader asks for; anything unknown is as if it weren't there."""
    asked = request.args
    cost, evidence = one_of(Cost, asked.get("kostnad")), one_of(Evidence, asked.get("virkning"))
    return Filters(
        words=clean_line(asked.get("q", "")[:LONGEST]),
        theme=one_of(Theme, asked.get("tema")),
        size=one_of(Size, asked.get("storrelse")),
        cost=cost if cost in MOST else None,
        evidence=evidence if evidence in LEAST else None,
        municipality=word(asked.get("kommune", "")),
        goal=goals.goal(asked.get("mal", "")),
        indicator=goals.indicator(asked.get("indikator", "")),
        sort=one_of(Sort, asked.get("sorter")) or Sort.NEWEST,
    )


def values(asked: Filters) -> dict[str, Any]:
    """Return what stands after the question mark for this list, without what is as it is anyway."""
    every = {
        "q": asked.words,
        "tema": asked.theme or "",
        "storrelse": asked.size or "",
        "kostnad": asked.cost or "",
        "virkning": asked.evidence or "",
        "kommune": asked.municipality,
        "mal": str(asked.goal or ""),
        "indikator": goals.indicator_number(asked.indicator),
        "sorter": "" if asked.sort is Sort.NEWEST else asked.sort,
    }
    return {name: str(value) for name, value in every.items() if value}


def address(values: Mapping[str, str], **changed: str | None) -> str:
    """Return the address of the list with some of its values changed; None takes one out."""
    kept: dict[str, Any] = {name: value for name, value in {**values, **changed}.items() if value}
    return url_for("solutions.index", **kept)


def tags(asked: Filters, sharing: Sequence[tuple[str, str]]) -> list[Tag]:
    """Return what the list is narrowed to, each with the address of the list without it."""
    now = values(asked)
    return [Tag(str(text), address(now, **{name: None})) for name, text in _chosen(asked, sharing)]


def picks(asked: Filters, sharing: Sequence[tuple[str, str]]) -> list[Pick]:
    """Return the selects of the form; `sharing`: the municipalities that share anything, number and name."""
    now = values(asked)
    offered: Sequence[tuple[str, Any, Any]] = (
        ("tema", _("Tema"), _plain(THEMES)),
        ("storrelse", _("Laget i en kommune med"), _plain(SIZES)),
        ("kostnad", _("Hva den koster å begynne med"), _plain(MOST)),
        ("virkning", _("Hvor godt virkningen er kjent"), _plain(LEAST)),
        ("kommune", _("Kommune"), [("", sharing)]),
        ("mal", _("Bærekraftsmål"), goals.options(GOAL)),
        ("indikator", _("Indikator i observatoriet"), goals.options(INDICATOR)),
    )
    made = [Pick(name, label, groups, now.get(name, "")) for name, label, groups in offered]
    return [each for each in made if each.is_offered]


def sorts(asked: Filters) -> list[Link]:
    """Return the links between the orders of the list."""
    now = values(asked)
    return [
        Link(text, address(now, sorter=None if each is Sort.NEWEST else each), asked.sort is each)
        for each, text in SORTS.items()
    ]


def _chosen(asked: Filters, sharing: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Any]]:
    if asked.words:
        yield "q", f"«{asked.words}»"
    names: tuple[tuple[str, Any, Mapping[Any, Any]], ...] = (
        ("tema", asked.theme, THEMES),
        ("storrelse", asked.size, SIZES),
        ("kostnad", asked.cost, MOST),
        ("virkning", asked.evidence, LEAST),
        ("kommune", asked.municipality, dict(sharing)),
        ("mal", asked.goal, goals.labels(GOAL) if asked.goal else {}),
        ("indikator", asked.indicator, goals.labels(INDICATOR) if asked.indicator else {}),
    )
    for name, value, words in names:
        if value:
            yield name, words.get(value, value)


def _plain(words: Mapping[Any, Any]) -> list[tuple[str, Sequence[tuple[str, Any]]]]:
    return [("", [(each.value, text) for each, text in words.items()])]
