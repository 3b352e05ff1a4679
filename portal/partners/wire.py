"""The words two portals exchange: what a solution, a tombstone, an adoption and a portal look like on the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

VERSION = 1
"""Of the exchange: another number is another language, and isn't read."""


@dataclass(frozen=True, kw_only=True)
class KeyItem:
    """A key a portal signs with: Ed25519, the 32 bytes of the public key in base64."""

    id: str
    public_key: str
    begins: datetime
    ends: datetime | None = None
    endorsed_by: str | None = None
    """The key before this one, when it vouches for it."""
    endorsement: str | None = None
    """The signature of that key over `endorsed(...)`, in base64."""
    algorithm: str = "ed25519"


@dataclass(frozen=True, kw_only=True)
class PortalItem:
    """What a portal says of itself at `/api/v1/exchange/`."""

    exchange_version: int
    name: str
    municipality_number: str
    organisation_number: str
    base_url: str
    keys: list[KeyItem]
    solutions: str
    """The address of its feed."""
    adoptions: str
    """The address where it is told who takes its solutions in use."""


@dataclass(frozen=True, kw_only=True)
class WordsItem:
    """What a solution says, in one language; texts in Markdown."""

    language: str
    title: str
    summary: str = ""
    problem: str = ""
    core: str = ""
    adaptable: str = ""
    context: str = ""
    cost: str = ""
    prerequisites: str = ""
    results: str = ""
    risk: str = ""
    procedures: str = ""


@dataclass(frozen=True, kw_only=True)
class ContentItem:
    """Everything of a solution that its hash covers."""

    words: WordsItem
    theme: str
    cost_class: str
    evidence: str
    size: str
    contact_title: str = ""
    used_since: date | None = None
    goals: list[int] = field(default_factory=list)
    """Of the 17."""
    indicators: list[str] = field(default_factory=list)
    """Of the 39: `1.8`."""
    translations: list[WordsItem] = field(default_factory=list)
    """In other languages than its own."""


@dataclass(frozen=True, kw_only=True)
class SourceItem:
    """Whose a solution is: a portal tells of its own municipality's only."""

    municipality_number: str
    name: str


@dataclass(frozen=True, kw_only=True)
class SolutionItem:
    """A solution as it stands in the feed. A tombstone has `deleted` and no content, licence and hash."""

    id: str
    """Its address at the source, without the words of the title: `https://portal.example/losninger/17`."""
    version: int
    """The version people see: it never goes down."""
    updated: datetime
    source: SourceItem
    deleted: bool = False
    licence: str = ""
    """SPDX."""
    content_hash: str = ""
    """`content_hash(content)`."""
    content: ContentItem | None = None


@dataclass(frozen=True, kw_only=True)
class SolutionFeed:
    """One page of the feed, in the order things changed."""

    items: list[SolutionItem]
    next: str | None
    """Where the next page begins; None when there is none yet."""
    cursor: str = ""
    """Where to begin the next time: after the last item of this page."""


@dataclass(frozen=True, kw_only=True)
class AdopterItem:
    """Who takes a solution in use: a municipality, an organisation or a unit of the municipality."""

    kind: str
    name: str
    municipality_number: str


@dataclass(frozen=True, kw_only=True)
class AdoptionItem:
    """What a portal tells the source of a solution: who adopted it and how it went. The newest word replaces older."""

    id: str
    """Of the adoption, at the adopter's portal: `https://portal.example/losninger/bruk/7`."""
    solution: str
    """The solution's `id`."""
    updated: datetime
    adopter: AdopterItem
    step: str
    of_version: int
    way: str | None = None
    in_use_since: date | None = None
    stopped_on: date | None = None
    adapted: str = ""
    result: str = ""
    learning: str = ""
    contact_title: str = ""
    language: str = "nb"
    withdrawn: bool = False
    """They took back that they ever told."""


@dataclass(frozen=True, kw_only=True)
class Received:
    """The answer when an adoption has been taken in: its own address at the source, where people read it."""

    id: str
    url: str


def canonical(value: Any) -> bytes:
    """Return the one spelling of JSON that is hashed and signed: keys sorted, nothing between, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a solution's `content` as it stands in the feed (JSON that has been read), in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def endorsed(key_id: str, public_key: str, begins: str) -> bytes:
    """Return what an older key signs to vouch for a new one; `begins` as it is written in the feed."""
    return canonical({"begins": begins, "id": key_id, "public_key": public_key})
