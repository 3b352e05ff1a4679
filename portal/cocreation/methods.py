"""The method library: what one can do together, for whom, how long it takes, and which types and phases it suits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from portal.cocreation.phases import Phase
from portal.cocreation.typology import ProjectType

LANGUAGES = ("nb", "nn", "en")
"""In the order that stands in for a language that isn't there."""
LINES = ("title", "audience", "goal")
LISTS = ("how", "tips", "equipment")
NEEDED = ("title", "audience", "goal", "how")
"""What a card says in a language, or it isn't in that language."""
LONGEST_MINUTES = 366 * 24 * 60
MOST_PERSONS = 10_000


class Level(StrEnum):
    """How much those who take part decide: each rung holds the one below."""

    INFORM = "inform"
    CONSULT = "consult"
    INVOLVE = "involve"
    COLLABORATE = "collaborate"
    DELEGATE = "delegate"


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a card says in one language."""

    title: str
    audience: str
    goal: str
    how: Sequence[str]
    tips: Sequence[str] = ()
    equipment: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is the same in every language."""

    minutes: tuple[int, int]
    """From the first of it until it is done, at the least and at the most."""
    persons: tuple[int, int]
    level: Level
    types: frozenset[ProjectType]
    phases: frozenset[Phase]


@dataclass(frozen=True, kw_only=True)
class Method:
    """A card."""

    key: str
    facts: Facts
    texts: Mapping[str, Words]
    """By language; bokmål is always there."""
    own_id: int | None = None
    """Its number among those that the municipality's staff added."""
    is_retired: bool = False

    def in_(self, language: str) -> tuple[Words, str]:
        """Return what it says for a reader, and the language that is in: another when the reader's isn't there."""
        code = next(each for each in (language, *LANGUAGES) if each in self.texts)
        return self.texts[code], code

    def suits(self, type_: ProjectType | None, phase: Phase) -> bool:
        """Say whether it suits a project; one whose type is open, by its phase alone."""
        return phase in self.facts.phases and (type_ is None or type_ in self.facts.types)


@cache
def packaged() -> Sequence[Method]:
    """Return the cards that come with the portal, in the order of the file."""
    written = resources.files(__package__).joinpath("methods.json").read_text(encoding="utf-8")
    return tuple(method(each["key"], each, each) for each in json.loads(written))


def method(key: str, texts: Mapping[str, Any], facts: Mapping[str, Any], **others: Any) -> Method:
    """Return a card of what the file and the table hold."""
    return Method(
        key=key,
        facts=Facts(
            minutes=_span(facts["minutes"]),
            persons=_span(facts["persons"]),
            level=Level(facts["level"]),
            types=frozenset(map(ProjectType, facts["types"])),
            phases=frozenset(map(Phase, facts["phases"])),
        ),
        texts={code: words(texts[code]) for code in LANGUAGES if is_told(texts.get(code))},
        **others,
    )


def words(written: Mapping[str, Any]) -> Words:
    """Return what a card says in one language, of its plain values."""
    lines: dict[str, Any] = {name: written.get(name) or "" for name in LINES}
    lists: dict[str, Any] = {name: tuple(written.get(name) or ()) for name in LISTS}
    return Words(**lines, **lists)


def is_told(written: Mapping[str, Any] | None) -> bool:
    """Say whether a card is in a language: all that is needed is said."""
    return written is not None and all(written.get(name) for name in NEEDED)


def suited(methods: Iterable[Method], type_: ProjectType | None, phase: Phase) -> list[Method]:
    """Return those that suit a project, what was made for just that type and phase first."""
    found = [each for each in methods if not each.is_retired and each.suits(type_, phase)]
    return sorted(found, key=lambda each: (len(each.facts.phases) * len(each.facts.types), each.key))


def _span(ends: Sequence[int]) -> tuple[int, int]:
    first, last = ends
    return int(first), int(last)
