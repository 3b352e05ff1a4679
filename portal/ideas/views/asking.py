"""What stands after the question mark of the list of ideas: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask import request, url_for

from portal.goals import narrowing as goals
from portal.ideas.queries.filters import GOAL, INDICATOR, Choices, Filters, Sort
from portal.ideas.stages import DECISIONS, RUNGS, STAGES, Decision, IdeaKind, Rung, Stage
from portal.kernel.i18n import _, _l
from portal.kernel.narrowing import LONGEST, Link, Pick, Tag, number, one_of, word
from portal.kernel.richtext import clean_line
from portal.places import geometry

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


def filters() -> Filters:
    """Read what the reader asks for; anything unknown is as if it weren't there."""
    asked = request.args
    answered = {YES: True, NO: False}.get(asked.get("svar", ""))
    return Filters(
        words=clean_line(asked.get("q", "")[:LONGEST]),
        kind=one_of(IdeaKind, asked.get("type")),
        status=one_of(Stage, asked.get("status")) or one_of(Decision, asked.get("status")),
        rung=one_of(Rung, asked.get("stige")),
        service_area=number(asked.get("omrade", "")),
        neighbourhood=word(asked.get("lokalsamfunn", "")),
        goal=goals.goal(asked.get("mal", "")),
        indicator=goals.indicator(asked.get("indikator", "")),
        campaign=word(asked.get("kampanje", "")),
        answered=answered,
        internal=asked.get("synlighet") == "intern",
        family=number(asked.get("slekt", "")),
        box=geometry.box(asked.get("boks", "")),
        sort=one_of(Sort, asked.get("sorter")) or Sort.NEWEST,
    )


def view() -> View:
    """Read how the list is to be shown."""
    return one_of(View, request.args.get("visning")) or View.LIST


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
        "indikator": goals.indicator_number(asked.indicator),
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
    made = [
        _pick(now, "status", _("Hvor langt saken er kommet"), [("", stages), (_("Beslutning"), decisions)]),
        _pick(now, "svar", _("Svar fra kommunen"), _plain((YES, ANSWERED[True]), (NO, ANSWERED[False]))),
        _pick(now, "omrade", _("Tjenesteområde"), _plain(*((str(id_), name) for id_, name in found.areas))),
        _pick(now, "lokalsamfunn", _("Lokalsamfunn"), _plain(*found.neighbourhoods)),
        _pick(now, "kampanje", _("Kampanje"), _plain(*found.campaigns)),
        _pick(now, "mal", _("Bærekraftsmål"), goals.options(GOAL)),
        _pick(now, "indikator", _("Indikator i observatoriet"), goals.options(INDICATOR)),
        _pick(now, "stige", _("Innovasjonsstigen"), _plain(*((each.value, RUNGS[each]) for each in Rung))),
    ]
    if signed_in:
        made.append(_pick(now, "synlighet", _("Hvem som ser dem"), _plain(("intern", _("Bare interne")))))
    return [each for each in made if each.is_offered]


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
        "mal": goals.labels(GOAL) if asked.goal else {},
        "indikator": goals.labels(INDICATOR) if asked.indicator else {},
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


def _pick(now: Mapping[str, str], name: str, label: str, groups: Any) -> Pick:
    return Pick(name=name, label=label, groups=groups, chosen=now.get(name, ""))


def _plain(*options: tuple[str, Any]) -> list[tuple[str, Sequence[tuple[str, Any]]]]:
    return [("", options)]
