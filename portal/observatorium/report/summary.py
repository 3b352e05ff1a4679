"""The summary of a round in plain words, made from its figures alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.kernel.i18n import _, ngettext

ALL = 39


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the summary is made from: numbers of indicators, and of people in tens."""

    people: Mapping[str | None, int]
    """By level; none is hidden or too few answers."""
    own: Mapping[str | None, int]
    agreed: int
    differing: int
    rosier: int
    """Where the municipality sees itself as better than people do."""
    darker: int
    compared: int
    """Where both have a level."""
    answered: int
    """At least so many have answered."""
    measures: int


def summary(figures: Figures) -> list[str]:
    """Return the summary, a sentence or two for each subject."""
    return [_answered(figures), _people(figures), _own(figures), _verified(figures), _measures(figures)]


def _answered(figures: Figures) -> str:
    if not figures.answered:
        return str(_("Få har svart, og det meste er skjult av hensyn til personvern."))
    return str(ngettext("Minst %(num)d har svart.", "Minst %(num)d har svart.", figures.answered))


def _people(figures: Figures) -> str:
    green, yellow, red, none = (figures.people.get(level, 0) for level in ("green", "yellow", "red", None))
    told = _(
        "Gruppene samlet sier at minstekravet er nådd for %(green)s av %(all)s indikatorer, at kommunen er på vei for "
        "%(yellow)s, og at det ikke er akseptabelt for %(red)s.",
        green=green,
        yellow=yellow,
        red=red,
        all=ALL,
    )
    hidden = ngettext(
        "For %(num)d er svarene skjult eller for få.", "For %(num)d er svarene skjult eller for få.", none
    )
    return f"{told} {hidden}" if none else str(told)


def _own(figures: Figures) -> str:
    assessed = sum(count for level, count in figures.own.items() if level)
    if not assessed:
        return str(_("Kommunen har ikke vurdert seg selv."))
    said = _(
        "Kommunen har vurdert %(count)s av %(all)s, og sier at minstekravet er nådd for %(green)s.",
        count=assessed,
        all=ALL,
        green=figures.own.get("green", 0),
    )
    if not figures.compared:
        return str(said)
    apart = _(
        "Der begge har et nivå (%(compared)s), ser kommunen lysere på det enn folk for %(rosier)s og mørkere for "
        "%(darker)s.",
        compared=figures.compared,
        rosier=figures.rosier,
        darker=figures.darker,
    )
    return f"{said} {apart}"


def _verified(figures: Figures) -> str:
    verified = figures.agreed + figures.differing
    if not verified:
        return str(_("Ingen av indikatorene er verifisert."))
    return str(
        _(
            "%(verified)s av %(all)s er verifisert. Verifikatørene er enige om %(agreed)s og uenige om %(differing)s.",
            verified=verified,
            all=ALL,
            agreed=figures.agreed,
            differing=figures.differing,
        )
    )


def _measures(figures: Figures) -> str:
    if not figures.measures:
        return str(_("Ingen tiltak er satt i gang etter runden ennå."))
    return str(
        ngettext("Kommunen har svart med %(num)d tiltak.", "Kommunen har svart med %(num)d tiltak.", figures.measures)
    )


def count(levels: Sequence[str | None]) -> dict[str | None, int]:
    """Count levels."""
    return {level: levels.count(level) for level in ("red", "yellow", "green", None)}
