"""What stands after the question mark of the list of ideas: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for

from portal.goals.queries import choices as goal_choices
from portal.ideas.queries.filters import GOAL, INDICATOR, Choices, Filters, Sort
from portal.ideas.stages import DECISIONS, RUNGS, STAGES, Decision, IdeaKind, Rung, Stage
from portal.kernel.content import Option
from portal.kernel.i18n import _, _l, language
from portal.kernel.richtext import clean_line
from portal.places import geometry

E = TypeVar("E", bound=StrEnum)

LONGEST = 200
"""Letters that are read of what is looked for."""
CURSOR = "fra"


class View(StrEnum):
    """How the list is shown."""

    LIST = "liste"
    MAP = "kart"
    BOARD = "tavle"


VIEWS: Mapping[View, Any] = {View.LIST: _l("Liste"), View.MAP: _l("Kart"), View.BOARD: _l("Tavle")}
SORTS: Mapping[Sort, Any] = {
    Sort.NEWEST: _l("Nyeste"),
    Sort.SUPPORTS: _l("Mest støttet"),
    Sort.DISCUSSED: _l("Mest diskutert"),
    Sort.DUE: _l("Nærmeste frist"),
}
KINDS: Mapping[IdeaKind, Any] = {IdeaKind.INNOVATION: _l("Ideer"), IdeaKind.TIME_THIEF: _l("Tidstyver")}
ANSWERED: Mapping[bool, Any] = {True: _l("Har fått svar"), False: _l("Venter på svar")}
YES, NO = "ja", "nei"


@dataclass(frozen=True)
class Tag:
    """One thing the list is narrowed to, and the address of the list without it."""

    text: str
    url: str


@dataclass(frozen=True)
class Link:
    """One way to show the list, and whether it is the one."""

    text: Any
    url: str
    chosen: bool


@dataclass(frozen=True)
class Pick:
    """One select of the form: what can be chosen, in groups, and what is."""

    name: str
    label: Any
    every: Any
    """What it is called when nothing is chosen."""
    groups: Sequence[tuple[str, Sequence[tuple[str, Any]]]]
    chosen: str


def filters() -> Filters:
    """Read what the reader asks for; anything unknown is as if it weren't there."""
    asked = request.args
    answered = {YES: True, NO: False}.get(asked.get("svar", ""))
    return Filters(
        words=clean_line(asked.get("q", "")[:LONGEST]),
        kind=_one_of(IdeaKind, asked.get("type")),
        status=_one_of(Stage, asked.get("status")) or _one_of(Decision, asked.get("status")),
        rung=_one_of(Rung, asked.get("stige")),
        service_area=_number(asked.get("omrade", "")),
        neighbourhood=_word(asked.get("lokalsamfunn", "")),
        goal=_goal(asked.get("mal", "")),
        indicator=_indicator(asked.get("indikator", "")),
        campaign=_word(asked.get("kampanje", "")),
        answered=answered,
        internal=asked.get("synlighet") == "intern",
        family=_number(asked.get("slekt", "")),
        box=geometry.box(asked.get("boks", "")),
        sort=_one_of(Sort, asked.get("sorter")) or Sort.NEWEST,
    )


def view() -> View:
    """Read how the list is to be shown."""
    return _one_of(View, request.args.get("visning")) or View.LIST


def values(asked: Filters, shown: View = View.LIST) -> dict[str, Any]:
    """Return what stands after the question mark for this list, without what is as it is anyway."""
    every = {
        "q": asked.words,
        "type": asked.kind or "",
        "status": asked.status or "",
        "stige": asked.rung or "",
        "omrade": str(asked.service_area or ""),
        "lokalsamfunn": asked.neighbourhood,
        "mal": str(asked.goal or ""),
        "indikator": _indicator_number(asked.indicator),
        "kampanje": asked.campaign,
        "svar": "" if asked.answered is None else YES if asked.answered else NO,
        "synlighet": "intern" if asked.internal else "",
        "slekt": str(asked.family or ""),
        "boks": str(asked.box) if asked.box else "",
        "sorter": "" if asked.sort is Sort.NEWEST else asked.sort,
        "visning": "" if shown is View.LIST else shown,
    }
    return {name: str(value) for name, value in every.items() if value}


def address(values: Mapping[str, str], **changed: str | None) -> str:
    """Return the address of the list with some of its values changed; None takes one out."""
    kept: dict[str, Any] = {name: value for name, value in {**values, **changed}.items() if value}
    return url_for("ideas.index", **kept)


def tags(asked: Filters, shown: View, found: Choices) -> list[Tag]:
    """Return what the list is narrowed to, each with the address of the list without it."""
    now = values(asked, shown)
    return [Tag(str(text), address(now, **{name: None})) for name, text in _chosen(asked, found)]


def picks(asked: Filters, found: Choices, *, signed_in: bool) -> list[Pick]:
    """Return the selects of the form."""
    now = values(asked)
    stages = [(each.value, STAGES[each]) for each in Stage]
    decisions = [(each.value, DECISIONS[each]) for each in Decision]
    every = _("Alle")
    made = [
        _pick(now, "status", _("Hvor langt saken er kommet"), every, [("", stages), (_("Beslutning"), decisions)]),
        _pick(now, "svar", _("Svar fra kommunen"), every, _plain((YES, ANSWERED[True]), (NO, ANSWERED[False]))),
        _pick(now, "omrade", _("Tjenesteområde"), every, _plain(*((str(id_), name) for id_, name in found.areas))),
        _pick(now, "lokalsamfunn", _("Lokalsamfunn"), every, _plain(*found.neighbourhoods)),
        _pick(now, "kampanje", _("Kampanje"), every, _plain(*found.campaigns)),
        _pick(now, "mal", _("Bærekraftsmål"), every, _options(GOAL)),
        _pick(now, "indikator", _("Indikator i observatoriet"), every, _options(INDICATOR)),
        _pick(now, "stige", _("Innovasjonsstigen"), every, _plain(*((each.value, RUNGS[each]) for each in Rung))),
    ]
    if signed_in:
        made.append(_pick(now, "synlighet", _("Hvem som ser dem"), _("Alle"), _plain(("intern", _("Bare interne")))))
    return [each for each in made if any(options for _group, options in each.groups)]


def kinds(asked: Filters, shown: View) -> list[Link]:
    """Return the links between ideas and tidstyver."""
    now = values(asked, shown)
    every = Link(_("Alle"), address(now, type=None), asked.kind is None)
    return [every, *(Link(text, address(now, type=kind), asked.kind is kind) for kind, text in KINDS.items())]


def views(asked: Filters, shown: View) -> list[Link]:
    """Return the links between list, map and board."""
    now = values(asked, shown) | ({} if shown is View.MAP else {"boks": ""})
    return [
        Link(text, address(now, visning=None if each is View.LIST else each, boks=None), each is shown)
        for each, text in VIEWS.items()
    ]


def sorts(asked: Filters, shown: View) -> list[Link]:
    """Return the links between the orders of the list."""
    now = values(asked, shown)
    return [
        Link(text, address(now, sorter=None if each is Sort.NEWEST else each), asked.sort is each)
        for each, text in SORTS.items()
    ]


def _chosen(asked: Filters, found: Choices) -> Iterator[tuple[str, Any]]:
    names: dict[str, Mapping[Any, Any]] = {
        "type": KINDS,
        "stige": RUNGS,
        "omrade": dict(found.areas),
        "lokalsamfunn": dict(found.neighbourhoods),
        "kampanje": dict(found.campaigns),
        "mal": {each.id: each.label for each in goal_choices(GOAL, language())} if asked.goal else {},
        "indikator": {each.id: each.label for each in goal_choices(INDICATOR, language())} if asked.indicator else {},
        "svar": ANSWERED,
        "status": {**STAGES, **DECISIONS},
    }
    wanted: dict[str, Any] = {
        "type": asked.kind,
        "status": asked.status,
        "stige": asked.rung,
        "svar": asked.answered,
        "omrade": asked.service_area,
        "lokalsamfunn": asked.neighbourhood or None,
        "kampanje": asked.campaign or None,
        "mal": asked.goal,
        "indikator": asked.indicator,
    }
    if asked.words:
        yield "q", f"«{asked.words}»"
    for name, value in wanted.items():
        if value is not None:
            yield name, names[name].get(value, value)
    if asked.internal:
        yield "synlighet", _("Bare interne")
    if asked.family:
        yield "slekt", _("Ideer som henger sammen")
    if asked.box:
        yield "boks", _("En del av kartet")


def _pick(now: Mapping[str, str], name: str, label: str, every: str, groups: Any) -> Pick:
    return Pick(name=name, label=label, every=every, groups=groups, chosen=now.get(name, ""))


def _plain(*options: tuple[str, Any]) -> list[tuple[str, Sequence[tuple[str, Any]]]]:
    return [("", options)]


def _options(kind: str) -> list[tuple[str, Sequence[tuple[str, Any]]]]:
    groups: dict[str, list[tuple[str, Any]]] = {}
    for each in goal_choices(kind, language()):
        value = _first_word(each) if kind == INDICATOR else str(each.id)
        groups.setdefault(each.group, []).append((value, each.label))
    return list(groups.items())


def _one_of(kind: type[E], value: str | None) -> E | None:
    return next((each for each in kind if each.value == value), None)


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
