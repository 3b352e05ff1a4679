"""A kind of content that holds just what a test says, for indexing real texts without the pillars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask

from portal.kernel.content import Card, ContentKind, Entry, PublicationState, Ref, Registry, Written
from portal.kernel.identity import SYSTEM
from portal.search import actions

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Shelf:
    """Things of one kind: by number, their entries; and whose they are."""

    name: str = "pamphlet"
    holds: dict[int, list[Entry]] = field(default_factory=dict)
    authors: dict[int, int] = field(default_factory=dict)

    def put(
        self,
        title: str,
        body: str = "",
        *,
        language: str = "nb",
        days: int = 0,
        author: int | None = None,
        **facets: str,
    ) -> int:
        """Put a thing on the shelf and into the index; return its number."""
        number = len(self.holds) + 1
        if author is not None:
            self.authors[number] = author
        self.holds[number] = [entry(title, body, language=language, days=days or number, **facets)]
        self.index(number)
        return number

    def index(self, *numbers: int) -> None:
        actions.index(SYSTEM, self.name, numbers)

    def kind(self) -> ContentKind:
        """Tell the kernel of it."""
        return ContentKind(
            name=self.name,
            label=self.name,
            cards=self._cards,
            may=lambda _actor, _ref, _verb: True,
            written=self._written if self.authors else None,
            entries=lambda ids: {each: self.holds[each] for each in ids if each in self.holds},
            all_ids=lambda after, limit: sorted(each for each in self.holds if each > after)[:limit],
        )

    def _cards(self, ids: Sequence[int]) -> Mapping[int, Card]:
        return {
            each: Card(
                ref=Ref(self.name, each), title=self.holds[each][0].title, endpoint="home.about", values={"nr": each}
            )
            for each in ids
            if each in self.holds
        }

    def _written(self, ids: Sequence[int]) -> Mapping[int, Written]:
        return {
            each: Written(
                author_id=self.authors[each],
                byline="",
                language="nb",
                state=PublicationState.PUBLISHED,
                fields={"text": self.holds[each][0].body},
                written_at=BEGAN,
            )
            for each in ids
            if each in self.authors and each in self.holds
        }


def entry(title: str, body: str = "", *, language: str = "nb", days: int = 1, **facets: str) -> Entry:
    return Entry(
        title=title,
        body=body,
        language=language,
        updated_at=BEGAN + timedelta(days=days),
        facets={name: (value,) for name, value in facets.items()},
    )


@contextmanager
def shelves(app: Flask, *these: Shelf) -> Iterator[None]:
    """Let the application have these kinds of content beside its own."""
    own = app.extensions["portal_content"]
    app.extensions["portal_content"] = _Registry(own, these)
    try:
        yield
    finally:
        app.extensions["portal_content"] = own


class _Registry(Registry):
    """The application's kinds and the shelves, which may get an author after they were hung up."""

    def __init__(self, own: Registry, these: Sequence[Shelf]) -> None:
        super().__init__([*own, *(shelf.kind() for shelf in these)])
        self._shelves = {shelf.name: shelf for shelf in these}

    def find(self, name: str) -> ContentKind | None:
        shelf = self._shelves.get(name)
        return shelf.kind() if shelf else super().find(name)
