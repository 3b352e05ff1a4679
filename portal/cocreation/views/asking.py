"""What stands after the question mark of the list of projects: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import request, url_for

from portal.cocreation.phases import PHASES, Phase
from portal.cocreation.queries.listing import GOAL, INDICATOR, Choices, Filters, Sort
from portal.cocreation.typology import ProjectType
from portal.cocreation.typology_words import TYPES
from portal.goals import narrowing as goals
from portal.kernel.i18n import _, _l
from portal.kernel.narrowing import LONGEST, Link, Pick, Tag, number, one_of, word
from portal.kernel.richtext import clean_line

CURSOR = "side"
SORTS: Mapping[Sort, Any] = {
    Sort.NEWEST: _l("Nyeste"),
    Sort.ALIVE: _l("Sist aktive"),
    Sort.NEEDS: _l("Trenger mest hjelp"),
}
ENDED: Mapping[bool, Any] = {False: _l("Pågår"), True: _l("Avsluttet")}
RUNNING, OVER = "pagar", "avsluttet"


def filters() -> Filters:
    """Read what the reader asks for; anything unknown is as if it weren't there."""
    asked = request.args
    return Filters(
        words=clean_line(asked.get("q", "")[:LONGEST]),
        type=one_of(ProjectType, asked.get("type")),
        phase=one_of(Phase, asked.get("fase")),
        service_area=number(asked.get("omrade", "")),
        neighbourhood=word(asked.get("lokalsamfunn", "")),
        goal=goals.goal(asked.get("mal", "")),
        indicator=goals.indicator(asked.get("indikator", "")),
        ended={RUNNING: False, OVER: True}.get(asked.get("status", "")),
        sort=one_of(Sort, asked.get("sorter")) or Sort.NEWEST,
    )


def values(asked: Filters) -> dict[str, str]:
    """Return what stands after the question mark for this list, without what is as it is anyway."""
    every = {
        "q": asked.words,
        "type": asked.type or "",
        "fase": asked.phase or "",
        "omrade": str(asked.service_area or ""),
        "lokalsamfunn": asked.neighbourhood,
        "mal": str(asked.goal or ""),
        "indikator": goals.indicator_number(asked.indicator),
        "status": "" if asked.ended is None else OVER if asked.ended else RUNNING,
        "sorter": "" if asked.sort is Sort.NEWEST else asked.sort,
    }
    return {name: str(value) for name, value in every.items() if value}


def address(values: Mapping[str, str], **changed: str | None) -> str:
    """Return the address of the list with some of its values changed; None takes one out."""
    kept: dict[str, Any] = {name: value for name, value in {**values, **changed}.items() if value}
    return url_for("cocreation.index", **kept)


def tags(asked: Filters, found: Choices) -> list[Tag]:
    """Return what the list is narrowed to, each with the address of the list without it."""
    now = values(asked)
    return [Tag(str(text), address(now, **{name: None})) for name, text in _chosen(asked, found)]


def picks(asked: Filters, found: Choices) -> list[Pick]:
    """Return the selects of the form."""
    now = values(asked)
    types = [(each.value, TYPES[each].name) for each in ProjectType]
    phases = [(each.value, PHASES[each]) for each in Phase]
    offered: Sequence[tuple[str, Any, Any]] = (
        ("type", _("Type samskaping"), [("", types)]),
        ("fase", _("Fase"), [("", phases)]),
        ("status", _("Pågår eller avsluttet"), [("", [(RUNNING, ENDED[False]), (OVER, ENDED[True])])]),
        ("omrade", _("Tjenesteområde"), [("", [(str(id_), name) for id_, name in found.areas])]),
        ("lokalsamfunn", _("Lokalsamfunn"), [("", found.neighbourhoods)]),
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


def _chosen(asked: Filters, found: Choices) -> Iterator[tuple[str, Any]]:
    if asked.words:
        yield "q", f"«{asked.words}»"
    if asked.type:
        yield "type", TYPES[asked.type].name
    if asked.phase:
        yield "fase", PHASES[asked.phase]
    if asked.ended is not None:
        yield "status", ENDED[asked.ended]
    names: tuple[tuple[str, Any, Mapping[Any, str]], ...] = (
        ("omrade", asked.service_area, dict(found.areas)),
        ("lokalsamfunn", asked.neighbourhood, dict(found.neighbourhoods)),
        ("mal", asked.goal, goals.labels(GOAL) if asked.goal else {}),
        ("indikator", asked.indicator, goals.labels(INDICATOR) if asked.indicator else {}),
    )
    for name, value, words in names:
        if value:
            yield name, words.get(value, value)
