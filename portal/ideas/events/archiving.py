"""What happens between a case and the municipality's archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class OfArchivedCase:
    """Something that happened to the case of an idea or a campaign."""

    kind: str
    target_id: int

    def subject(self) -> Ref:
        return Ref(self.kind, self.target_id)


@dataclass(frozen=True, kw_only=True)
class CaseSentToArchive(OfArchivedCase, Event):
    """Staff asked that the package of a case is sent to the archive."""

    name: ClassVar[str] = "archive.asked"
    label: ClassVar[Any] = _l("Sendte en sak til arkivet")


@dataclass(frozen=True, kw_only=True)
class CaseArchived(OfArchivedCase, Event):
    """The archive took the package."""

    name: ClassVar[str] = "archive.taken"
    label: ClassVar[Any] = _l("Arkivet tok imot en sak")
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CampaignFiled(OfArchivedCase, Event):
    """Staff wrote down the number of a campaign's case in the archive."""

    name: ClassVar[str] = "campaign.filed"
    label: ClassVar[Any] = _l("Førte opp arkivnummeret til en kampanje")
    journal_number: str
