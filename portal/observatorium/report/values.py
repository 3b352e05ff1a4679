"""What the report of a round says, in one language: the page and the PDF show these values and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class View:
    """One of the three views of an indicator: its level (red, yellow, green or none), and in a word."""

    level: str | None
    word: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One of the 39, with the three views side by side."""

    number: str
    name: str
    own: View
    verified: View
    people: View
    shares: tuple[int, int, int] | None
    """Red, yellow and green in whole per cent, as published; none where they are hidden."""
    spread: str
    """The shares in words, or why there are none."""
    n: int | None
    evidence: int
    says: str
    """The three views in words, and what differs."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A dimension with its indicators."""

    title: str
    rows: Sequence[Row]


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something said of one indicator."""

    number: str
    name: str
    text: str
    language: str = ""
    """Of the text, where somebody wrote it in another language than the report's."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One indicator over the rounds: the level in words in each, oldest first."""

    number: str
    name: str
    words: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A heading, what is said under it, and what is listed; `empty` when there is nothing to list."""

    title: str
    text: Sequence[str] = ()
    items: Sequence[Item] = ()
    empty: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole report. Its chapters stand in the order of the fields."""

    language: str
    title: str
    lead: str
    words: dict[str, str]
    """Headings of columns and of parts."""
    facts: Sequence[tuple[str, str]]
    summary: Chapter
    wheel_title: str
    wheel_text: str
    """What the picture of the wheel shows, for those who don't see it."""
    wheel_key: str
    indicators: str
    sections: Sequence[Section]
    chapters: Sequence[Chapter]
    """Gaps, disagreement, replies and measures."""
    history: Chapter
    rounds: Sequence[str]
    """The titles of the rounds in the history, oldest first."""
    moved: Sequence[Moved]
    ending: Sequence[Chapter]
    """Method and limits."""

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]
