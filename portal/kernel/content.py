"""How a thing is named, shown, asked about and restricted by packages that can't import it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.kernel.identity import Actor


class PublicationState(StrEnum):
    """Whether people may see a text or file that somebody wrote."""

    DRAFT = "draft"
    INTERNAL = "internal"
    PENDING = "pending"
    CHANGES_REQUESTED = "changes_requested"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Ref:
    """Points at any one thing in the portal: its kind and its number."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is needed to show a link to a thing: the address is resolved from endpoint and values where it is shown."""

    ref: Ref
    title: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    excerpt: str = ""
    language: str = "nb"


@dataclass(frozen=True, kw_only=True)
class ContentKind:
    """What a package tells the rest of the house about one kind of thing it holds."""

    name: str
    model: type
    cards: Callable[[Sequence[int]], Mapping[int, Card]]
    may: Callable[[Actor, Ref, str], bool]
    author: Callable[[Ref], int | None]
    restrict: Callable[[Actor, Ref, PublicationState], None] | None = None


class Registry:
    """The kinds of content of one application, filled by the wiring."""

    def __init__(self, kinds: Sequence[ContentKind]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def kind(self, name: str) -> ContentKind:
        return self._kinds[name]

    def cards(self, refs: Sequence[Ref]) -> dict[Ref, Card]:
        """Return the cards of many things with one query a kind."""
        found: dict[Ref, Card] = {}
        for name in {ref.kind for ref in refs}:
            ids = [ref.id for ref in refs if ref.kind == name]
            found |= {Ref(name, id_): card for id_, card in self._kinds[name].cards(ids).items()}
        return found

    def __iter__(self) -> Any:
        return iter(self._kinds.values())
