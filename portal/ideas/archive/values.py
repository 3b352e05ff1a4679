"""What a case package holds: one case, its registry entries in order, and a document for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

# The archive is the municipality's, and kept in bokmål whatever the reader's language is. People are named by these.
PROPOSER = "Forslagsstiller"
MUNICIPALITY = "Kommunen"
ADVISER = "Innovasjonsrådgiver"
STAFF = "Ansatte i kommunen"
PARTICIPANTS = "Deltakere i portalen"


class EntryType(StrEnum):
    """Noark's M082, journalposttype."""

    INCOMING = "Inngående dokument"
    OUTGOING = "Utgående dokument"
    INTERNAL = "Organinternt dokument uten oppfølging"


@dataclass(frozen=True)
class Section:
    """A part of a document under its own heading. The text is plain: what people wrote, not markup."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """What is rendered: a title, facts one by one, and texts under headings."""

    title: str
    kind: str
    """Noark's M083, dokumenttype: free text."""
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    language: str = "nb"
    """Of the texts."""

    @property
    def text(self) -> str:
        """The whole document as plain text, to the letter."""
        facts = [f"{name}: {value}" for name, value in self.facts]
        parts = [f"{each.heading}\n\n{each.text}" for each in self.sections]
        return "\n\n".join([self.title, *(["\n".join(facts)] if facts else []), *parts]) + "\n"


@dataclass(frozen=True, kw_only=True)
class RegistryEntry:
    """One entry of the journal. Parties are named by title or organisation, never by a private person's name."""

    at: datetime
    type: EntryType
    title: str
    sender: str
    recipient: str = ""
    document: Document
    is_restricted: bool = False
    """Staff's own: not for the public."""


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody the case is about or handled by, by title."""

    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case: an idea's, or a campaign's."""

    kind: str
    """`idea` or `campaign`: with the number its lasting name in this portal."""
    number: int
    address: str
    """Of its page."""
    title: str
    description: str = ""
    keywords: Sequence[str] = ()
    creator: str
    """The municipality that made the archive."""
    creator_id: str
    unit: str
    """The part of the municipality that handles it."""
    responsible: str
    """By title."""
    opened_at: datetime
    ended_at: datetime | None
    journal_number: str = ""
    """Of the case in the municipality's own archive, when it has one."""
    parties: Sequence[Party] = ()
    entries: Sequence[RegistryEntry] = field(default=())

    @property
    def name(self) -> str:
        """What the package is called: `idea-17`."""
        return f"{self.kind}-{self.number}"

    @property
    def changed_at(self) -> datetime:
        """When something last happened in it: a package made twice of the same case is the same, to the byte."""
        return max([self.opened_at, *(entry.at for entry in self.entries), *([self.ended_at] if self.ended_at else [])])
