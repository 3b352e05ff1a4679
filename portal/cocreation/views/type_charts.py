"""The 2×2 of the four types as a drawing: parties with their trails, or projects gathered into cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from flask import url_for

from portal.cocreation.queries.classifying import Answered, Summary
from portal.cocreation.queries.type_model import Cell
from portal.cocreation.typology_words import headline
from portal.kernel.i18n import ngettext
from portal.kernel.slugs import slug

WIDTH, HEIGHT = 360, 380
LEFT, TOP, SIDE = 32, 6, 322
"""The square, within the drawing; beside and under it stand the names of the axes."""
MIDDLE_X, MIDDLE_Y = LEFT + SIDE / 2, TOP + SIDE / 2
ACROSS, UP = 60.0, 44.0
"""Units for each step; ±2.5 leaves room for the names of the types above and below."""
RADIUS = 10
LETTER = 8
"""The width of a digit and its space, about."""
LARGEST = 13
"""The radius of the largest cell."""

Place = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something in the square: a pill with a label, and what it says to those who ask."""

    x: float
    y: float
    label: str
    width: float
    height: float
    title: str
    href: str | None = None

    @property
    def left(self) -> float:
        return round(self.x - self.width / 2, 1)

    @property
    def top(self) -> float:
        return round(self.y - self.height / 2, 1)


@dataclass(frozen=True, kw_only=True)
class Square:
    """All there is in the square."""

    marks: Sequence[Mark]
    trails: Sequence[Sequence[Place]] = ()
    """Of each party that has moved, the places it has been, the oldest first."""


def at(central_actor: float, predictability: float) -> Place:
    """Return where a position lies in the drawing."""
    return round(MIDDLE_X + central_actor * ACROSS, 1), round(MIDDLE_Y + predictability * UP, 1)


def parties(summary: Summary, trail: Iterable[Answered] = ()) -> Square:
    """Draw each party where its newest answers lie, under its number; those in the same place share a mark."""
    places: dict[Place, list[tuple[int, Answered]]] = {}
    for number, voice in enumerate(summary.voices, start=1):
        if voice.newest is not None:
            places.setdefault(_place(voice.newest), []).append((number, voice.newest))
    marks = []
    for (x, y), here in places.items():
        label = " ".join(str(number) for number, _answered in here)
        width = max(2 * RADIUS, LETTER * len(label) + RADIUS)
        title = "; ".join(f"{number} {each.party.name}: {headline(each.reading)}" for number, each in here)
        inside = min(max(x, LEFT + width / 2), LEFT + SIDE - width / 2)
        marks.append(Mark(x=inside, y=y, label=label, width=width, height=2 * RADIUS, title=title))
    return Square(marks=marks, trails=_trails(summary, trail))


def cells(gathered: Sequence[Cell]) -> Square:
    """Draw where the projects lie: one as a link to it, several as their number and a link to the list of them."""
    most = max((each.number for each in gathered), default=1)
    marks = []
    for each in gathered:
        x, y = at(each.central_actor, each.predictability)
        if each.number == 1:
            href, title, label, side = address(each), each.title, "", 12.0
        else:
            href = url_for("cocreation_types.model", rute=f"{each.across},{each.down}", _anchor="prosjekter")
            title = ngettext("%(num)d prosjekt her", "%(num)d prosjekter her", each.number)
            label = str(each.number)
            side = round(2 * max(LARGEST * sqrt(each.number / most), RADIUS), 1)
        width = max(side, LETTER * len(label) + 6) if label else side
        marks.append(Mark(x=x, y=y, label=label, width=width, height=side, title=title, href=href))
    return Square(marks=marks)


def address(project: Any) -> str:
    """Return the address of a project's page, of anything with its number and title."""
    return url_for("cocreation.show", project_id=project.id, slug=slug(project.title, "prosjekt"))


def _place(answered: Answered) -> Place:
    return at(answered.reading.central_actor, answered.reading.predictability)


def _trails(summary: Summary, trail: Iterable[Answered]) -> Sequence[Sequence[Place]]:
    """Return the way of each party through the phases: its last answers in each."""
    last: dict[int, dict[str, Answered]] = {voice.party.id: {} for voice in summary.voices}
    for each in trail:
        if each.party.id in last:
            phases = last[each.party.id]
            phases.pop(each.row.phase.value, None)
            phases[each.row.phase.value] = each
    ways = ([_place(each) for each in phases.values()] for phases in last.values())
    return [way for way in ways if len(set(way)) > 1]
