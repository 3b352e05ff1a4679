"""What reading a file gives, row by row: a proposal, a row that is passed over, or one refused with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

MAX_TITLE = 200
MAX_TEXT = 50_000
"""Letters of one text; longer ones are refused, never cut."""


class Format(StrEnum):
    """Whose file it is."""

    DECIDIM = "decidim"
    CONSUL = "consul"
    CSV = "csv"
    """Our own, and what people make in a spreadsheet."""


class SkipReason(StrEnum):
    """Why a row that can be read isn't taken in."""

    AMENDMENT = "amendment"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True, kw_only=True)
class ProposalRow:
    """One proposal as it stood where it was made. Texts are cleaned Markdown; what isn't told is empty or None."""

    source: str
    """The portal it comes from: its host name, as a rule. With `origin_id` it is the proposal's lasting name."""
    origin_id: str
    url: str = ""
    kind: str = ""
    """As the file says: ours are `innovation` and `time_thief`."""
    title: str
    summary: str = ""
    challenge: str = ""
    body: str = ""
    """What is proposed."""
    usefulness: str = ""
    benefit_type: str = ""
    language: str
    """Two letters."""
    state: str = ""
    """Of the case, as the file says, in small letters."""
    decision: str = ""
    answer: str = ""
    supports: int = 0
    """At the origin."""
    published_at: datetime | None = None
    """In UTC."""
    answered_at: datetime | None = None
    is_told: bool = False
    """An experience, told in the past tense."""
    cause: str = ""
    """Of a tidstyv, as `hours.Cause` names it; so are `hit`, several parted by commas, and `owner`."""
    hit: str = ""
    owner: str = ""
    minutes: Decimal | None = None
    times: int | None = None
    persons: int | None = None
    address: str = ""
    """Of the place."""
    latitude: float | None = None
    longitude: float | None = None
    category: str = ""
    scope: str = ""
    """The part of the municipality."""
    author_name: str = ""
    """Only when it was asked for."""


@dataclass(frozen=True)
class Skipped:
    """A row that was read and passed over."""

    row: int
    """As a spreadsheet numbers it: the headings are row 1."""
    reason: SkipReason


@dataclass(frozen=True)
class Refused:
    """A row that can't be taken in."""

    row: int
    line: int
    """Of the file, where the row begins: texts may go over many lines."""
    reason: Any
    """A sentence for people, lazily translated."""


@dataclass(frozen=True)
class Read:
    """A proposal and the row it stood in."""

    row: int
    proposal: ProposalRow


Result = Read | Skipped | Refused


@dataclass(frozen=True)
class Reading:
    """A file that has been opened: what it was found to be, and its rows, which are read as they are asked for."""

    format: Format
    encoding: str
    separator: str
    results: Iterator[Result]


class UnreadableFile(ValueError):
    """The file as a whole can't be read; the message is a sentence for people."""


class UnreadableRow(ValueError):
    """One row can't be read; the message is a sentence for people."""
