"""Kinds of content that hold just what a test says, for placing things without the pillars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask

from portal.kernel import clock
from portal.kernel.content import Card, ContentKind, Entry, PublicationState, Ref, Registry, Written
from portal.kernel.identity import SYSTEM, Actor
from portal.places import actions
from portal.places.actions import PlaceDraft


@dataclass
class Things:
    """Things of one kind: their titles by number, which of them are public, and whose they are."""

    name: str = "bench"
    titles: dict[int, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    authors: dict[int, int] = field(default_factory=dict)

    def add(
        self,
        latitude: float | None = None,
        longitude: float | None = None,
        *,
        title: str = "En ny benk",
        address: str = "",
        neighbourhood_id: int | None = None,
        hidden: bool = False,
        by: Actor = SYSTEM,
    ) -> Ref:
        """Make a thing and say where it is."""
        number = len(self.titles) + 1
        self.titles[number] = title
        if hidden:
            self.hidden.add(number)
        if by.id is not None:
            self.authors[number] = by.id
        draft = PlaceDraft(latitude=latitude, longitude=longitude, address=address, neighbourhood_id=neighbourhood_id)
        actions.locate(by, Ref(self.name, number), draft)
        return Ref(self.name, number)

    def kind(self) -> ContentKind:
        """Tell the kernel of them."""
        return ContentKind(
            name=self.name,
            label=self.name,
            cards=self._cards,
            may=lambda _actor, _ref, _verb: True,
            written=self._written,
            entries=lambda ids: {
                each: [Entry(title=self.titles[each], updated_at=clock.now())]
                for each in ids
                if each in self.titles and each not in self.hidden
            },
        )

    def _cards(self, ids: Sequence[int]) -> Mapping[int, Card]:
        return {
            each: Card(ref=Ref(self.name, each), title=self.titles[each], endpoint="home.about", values={"nr": each})
            for each in ids
            if each in self.titles
        }

    def _written(self, ids: Sequence[int]) -> Mapping[int, Written]:
        return {
            each: Written(
                author_id=self.authors[each],
                byline="",
                language="nb",
                state=PublicationState.PUBLISHED,
                fields={"title": self.titles[each]},
                written_at=clock.now(),
            )
            for each in ids
            if each in self.authors and each in self.titles
        }


@contextmanager
def known(app: Flask, *kinds: Things) -> Iterator[None]:
    """Let the application know the kinds, besides its own."""
    registry = app.extensions["portal_content"]
    app.extensions["portal_content"] = Registry([*registry, *(each.kind() for each in kinds)])
    try:
        yield
    finally:
        app.extensions["portal_content"] = registry
