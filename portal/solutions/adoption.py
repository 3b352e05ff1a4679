"""Taking a solution in use: the steps from interest to use, which lead where, and what counts as spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.kernel.i18n import _l


class Step(StrEnum):
    """How far somebody has come with another's solution. Telling is not spreading: only `IN_USE` counts."""

    INTERESTED = "interested"
    PILOTING = "piloting"
    IN_USE = "in_use"
    STOPPED = "stopped"


STEPS: Mapping[Step, Any] = {
    Step.INTERESTED: _l("Vurderer den"),
    Step.PILOTING: _l("Prøver den ut"),
    Step.IN_USE: _l("Har den i bruk"),
    Step.STOPPED: _l("Har sluttet"),
}

LEADS_TO: Mapping[Step, frozenset[Step]] = {
    Step.INTERESTED: frozenset({Step.PILOTING, Step.IN_USE, Step.STOPPED}),
    Step.PILOTING: frozenset({Step.IN_USE, Step.STOPPED}),
    Step.IN_USE: frozenset({Step.STOPPED}),
    Step.STOPPED: frozenset({Step.PILOTING, Step.IN_USE}),
}
"""Who has stopped may take it up again; nobody goes back from use to interest."""


class Way(StrEnum):
    """How true to the source it is."""

    COPIED = "copied"
    ADAPTED = "adapted"
    INSPIRED = "inspired"


WAYS: Mapping[Way, Any] = {
    Way.COPIED: _l("Som den er"),
    Way.ADAPTED: _l("Tilpasset"),
    Way.INSPIRED: _l("Inspirert av den"),
}


class AdopterKind(StrEnum):
    """Who takes a solution in use."""

    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"
    UNIT = "unit"
    """A service area of the home municipality."""


ADOPTER_KINDS: Mapping[AdopterKind, Any] = {
    AdopterKind.MUNICIPALITY: _l("Kommune"),
    AdopterKind.ORGANISATION: _l("Organisasjon"),
    AdopterKind.UNIT: _l("Del av kommunen"),
}


@dataclass(frozen=True)
class Adopter:
    """Who takes a solution in use, by kind and number: written `municipality:3203`, `unit:4`, `organisation:17`."""

    kind: AdopterKind
    number: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}"


def read_adopter(text: str) -> Adopter | None:
    """Return whom a text as `unit:4` names; None when it names nobody."""
    name, _colon, number = text.partition(":")
    kind = next((each for each in AdopterKind if each.value == name), None)
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    return Adopter(kind, number) if kind is not None and is_number else None


BEGINNINGS = (Step.INTERESTED, Step.PILOTING, Step.IN_USE)
"""Where one can begin."""


def may_follow(before: Step, after: Step) -> bool:
    """Say whether one step can follow another; staying where one is, with new words, always can."""
    return after is before or after in LEADS_TO[before]


def counts(step: Step) -> bool:
    """Say whether somebody at this step is counted among those who use the solution."""
    return step is Step.IN_USE


def needs_way(step: Step) -> bool:
    """Say whether one must tell how true to the source it is: from the first trial on."""
    return step in {Step.PILOTING, Step.IN_USE}


def needs_learning(step: Step) -> bool:
    """Say whether one must tell what was learnt: who stops, does."""
    return step is Step.STOPPED
