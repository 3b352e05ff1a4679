"""How a thing is named, shown, asked about, searched and restricted by packages that can't import it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
    """`_anchor` among them when the thing is a part of a page."""
    excerpt: str = ""
    language: str = "nb"
    status: str = ""
    """Where it stands now, in a few words and the reader's language."""
    tone: str = ""
    """How the status is shown: red, yellow, green or grey for a judgement, else one of the colours of a tag."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody wrote, as it is kept now: what moderators read and decide about."""

    author_id: int
    byline: str
    """The name it is shown under, as the author chose: staff see no other without a logged reason. Empty: no name."""
    language: str
    state: PublicationState
    fields: Mapping[str, str]
    """The texts, by the name of their field."""
    written_at: datetime
    """When it was written, or changed last."""
    on: Ref | None = None
    """What it was written on."""


@dataclass(frozen=True, kw_only=True)
class Restriction:
    """How a thing is to stand after a decision of moderation, or after its reversal."""

    state: PublicationState
    fields: Mapping[str, str] = field(default_factory=dict)
    """New wording of texts: with passages masked, or as they were."""
    hide_versions: bool = False
    """Earlier versions may say what was masked."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the search index keeps of a thing that is public now, in one language."""

    title: str
    body: str = ""
    """Plain text."""
    language: str = "nb"
    updated_at: datetime
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing that other things can point to: a goal, an indicator."""

    id: int
    label: str
    group: str = ""
    """What it stands under in a long list."""


@dataclass(frozen=True, kw_only=True)
class ContentKind:
    """What a package tells the rest of the house about one kind of thing it holds.

    A function that takes many numbers answers for all of them in a fixed number of statements, and leaves out what
    isn't there.
    """

    name: str
    label: Any
    """What people call one of it: «kommentar»."""
    plural: Any = ""
    """What people call several: «kommentarer»; a list of them has it as its heading."""
    cards: Callable[[Sequence[int]], Mapping[int, Card]]
    may: Callable[[Actor, Ref, str], bool]
    """Verbs: `read`, `follow`, `support`, `argue`, `ask`, `comment`, `answer` (for the municipality), `attach`,
    `benefit` (plan and measure what comes of it), `apply` (for innovation funds), `official` (a file on it is the
    municipality's own word), `hold` (its files must stay)."""
    written: Callable[[Sequence[int]], Mapping[int, Written]] | None = None
    """None for what people don't write, as an indicator: such things aren't moderated."""
    restrict: Callable[[Ref, Restriction], None] | None = None
    """Put a decision of moderation into effect; joins its transaction, publishes no event: moderation does."""
    entries: Callable[[Sequence[int]], Mapping[int, Sequence[Entry]]] | None = None
    """What is public now, one entry for each language it has; None when the kind isn't searched for."""
    all_ids: Callable[[int, int], Sequence[int]] | None = None
    """Numbers greater than the first argument, in order, as many as the second says: to build the index anew."""
    answers: Callable[[Ref], str] | None = None
    """The name of the municipality that answers for one of them; empty, or None for the kind: the portal's own."""
    written_on: Callable[[Ref], Sequence[int]] | None = None
    """Which of this kind were written on a thing: what is public of them follows that thing."""
    stands_with: bool = False
    """One of this kind is on the map where the thing is that it was written on."""
    mark: str = "circle"
    """Its shape on the map: `circle`, `square`, `diamond` or `leaf`."""
    options: Callable[[str], Sequence[Option]] | None = None
    """What of this kind other things can point to, in a language: a form below offers it without importing it."""
    serves: Callable[[int], Sequence[int]] | None = None
    """Which of this kind serve one of the 17 goals by what they are, without anybody having linked them, in order."""


class Registry:
    """The kinds of content of one application, filled by the wiring."""

    def __init__(self, kinds: Sequence[ContentKind]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def kind(self, name: str) -> ContentKind:
        return self._kinds[name]

    def find(self, name: str) -> ContentKind | None:
        return self._kinds.get(name)

    def may(self, actor: Actor, ref: Ref, verb: str) -> bool:
        """Say whether somebody may do something with a thing: never with one of an unknown kind."""
        kind = self._kinds.get(ref.kind)
        return kind is not None and kind.may(actor, ref, verb)

    def answers(self, ref: Ref) -> str:
        """Return the name of the municipality that answers for a thing; empty when it is the portal's own."""
        kind = self._kinds.get(ref.kind)
        return kind.answers(ref) if kind and kind.answers else ""

    def cards(self, refs: Sequence[Ref]) -> dict[Ref, Card]:
        """Return the cards of many things with one call a kind; what is gone is left out."""
        found: dict[Ref, Card] = {}
        for name, ids in _by_kind(refs).items():
            if kind := self._kinds.get(name):
                found |= {Ref(name, id_): card for id_, card in kind.cards(ids).items()}
        return found

    def written(self, refs: Sequence[Ref]) -> dict[Ref, Written]:
        """Return what people wrote in many things with one call a kind; what is gone is left out."""
        found: dict[Ref, Written] = {}
        for name, ids in _by_kind(refs).items():
            kind = self._kinds.get(name)
            if kind and kind.written:
                found |= {Ref(name, id_): written for id_, written in kind.written(ids).items()}
        return found

    def __iter__(self) -> Iterator[ContentKind]:
        return iter(self._kinds.values())


def _by_kind(refs: Sequence[Ref]) -> dict[str, list[int]]:
    sorted_: dict[str, list[int]] = {}
    for ref in dict.fromkeys(refs):
        sorted_.setdefault(ref.kind, []).append(ref.id)
    return sorted_
