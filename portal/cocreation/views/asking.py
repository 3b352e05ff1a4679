"""What stands after the question mark of the list of projects: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for

from portal.cocreation.phases import PHASES, Phase
from portal.cocreation.queries.listing import GOAL, INDICATOR, Choices, Filters, Sort
from portal.cocreation.typology import ProjectType
from portal.cocreation.typology_words import TYPES
from portal.goals.queries import choices as goal_choices
from portal.kernel.content import Option
from portal.kernel.i18n import _, _l, language
from portal.kernel.richtext import clean_line

E = TypeVar("E", bound=StrEnum)

LONGEST = 200
"""Letters that are read of what is looked for."""
CURSOR = "side"
SORTS: Mapping[Sort, Any] = {
    Sort.NEWEST: _l("Nyeste"),
    Sort.ALIVE: _l("Sist aktive"),
    Sort.NEEDS: _l("Trenger mest hjelp"),
}
ENDED: Mapping[bool, Any] = {False: _l("Pågår"), True: _l("Avsluttet")}
RUNNING, OVER = "pagar", "avsluttet"


@dataclass(frozen=True)
class Tag:
    """One thing the list is narrowed to, and the address of the list without it."""

    text: str
    url: str


@dataclass(frozen=True)
class Link:
    """One order of the list, and whether it is the one."""

    text: Any
    url: str
    chosen: bool


@dataclass(frozen=True)
class Pick:
    """One select of the form: what can be chosen, in groups, and what is."""

    name: str
    label: Any
    groups: Sequence[tuple[str, Sequence[tuple[str, Any]]]]
    chosen: str


def filters() -> Filters:
    """Read what the reader asks for; anything unknown is as if it weren't there."""
    asked = request.args
    return Filters(
        words=clean_line(asked.get("q", "")[:LONGEST]),
        type=one_of(ProjectType, asked.get("type")),
        phase=one_of(Phase, asked.get("fase")),
        service_area=_number(asked.get("omrade", "")),
        neighbourhood=_word(asked.get("lokalsamfunn", "")),
        goal=_goal(asked.get("mal", "")),
        indicator=_indicator(asked.get("indikator", "")),
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
        "indikator": _indicator_number(asked.indicator),
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
        ("mal", _("Bærekraftsmål"), _options(GOAL)),
        ("indikator", _("Indikator i observatoriet"), _options(INDICATOR)),
    )
    made = [Pick(name, label, groups, now.get(name, "")) for name, label, groups in offered]
    return [each for each in made if any(options for _group, options in each.groups)]


def sorts(asked: Filters) -> list[Link]:
    """Return the links between the orders of the list."""
    now = values(asked)
    return [
        Link(text, address(now, sorter=None if each is Sort.NEWEST else each), asked.sort is each)
        for each, text in SORTS.items()
    ]


def one_of(kind: type[E], value: str | None) -> E | None:
    """Return the member of an enum that has this value; None when there is none."""
    return next((each for each in kind if each.value == value), None)


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
        ("mal", asked.goal, _labels(GOAL) if asked.goal else {}),
        ("indikator", asked.indicator, _labels(INDICATOR) if asked.indicator else {}),
    )
    for name, value, words in names:
        if value:
            yield name, words.get(value, value)


def _labels(kind: str) -> dict[int, str]:
    return {each.id: each.label for each in goal_choices(kind, language())}


def _options(kind: str) -> list[tuple[str, Sequence[tuple[str, Any]]]]:
    groups: dict[str, list[tuple[str, Any]]] = {}
    for each in goal_choices(kind, language()):
        value = _first_word(each) if kind == INDICATOR else str(each.id)
        groups.setdefault(each.group, []).append((value, each.label))
    return list(groups.items())


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 and int(value) else None


def _word(value: str) -> str:
    return value if value.isascii() and value.isprintable() and len(value) <= 80 else ""


def _goal(value: str) -> int | None:
    number = _number(value)
    return number if number and number <= 17 else None


def _indicator(value: str) -> int | None:
    """Read «1.8», which is how people know it, into the number that links point at."""
    if not value:
        return None
    return next((each.id for each in goal_choices(INDICATOR, language()) if _first_word(each) == value), None)


def _indicator_number(id_: int | None) -> str:
    found = (each for each in goal_choices(INDICATOR, language()) if each.id == id_) if id_ else ()
    return next((_first_word(each) for each in found), "")


def _first_word(option: Option) -> str:
    return option.label.split(" ", 1)[0]
