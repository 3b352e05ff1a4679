"""What can happen between the verifiers of an indicator and the municipality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.observatorium.catalogue import Level
from portal.observatorium.events.rounds import ROUND

VERIFYING = "observatory_verifying"
"""What the verifiers of a round have before them: notices point at it, by the number of the round."""


@dataclass(frozen=True, kw_only=True)
class _OfVerifying:
    """Something that happened to the verification of a round."""

    round_id: int
    slug: str

    def subject(self) -> Ref:
        return Ref(ROUND, self.round_id)


@dataclass(frozen=True, kw_only=True)
class VerifierAppointed(_OfVerifying, Event):
    """A coordinator asked somebody to verify some indicators."""

    name: ClassVar[str] = "observatory.verifier_appointed"
    label: ClassVar[Any] = _l("Oppnevnte en verifikatør")
    account_id: int
    indicators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VerifierReleased(_OfVerifying, Event):
    """A coordinator took somebody off an indicator that they hadn't answered."""

    name: ClassVar[str] = "observatory.verifier_released"
    label: ClassVar[Any] = _l("Fritok en verifikatør")
    account_id: int | None
    indicator: str


@dataclass(frozen=True, kw_only=True)
class ConflictStated(_OfVerifying, Event):
    """A verifier said whether they have a conflict of interest; why stands in their statement alone."""

    name: ClassVar[str] = "observatory.conflict_stated"
    label: ClassVar[Any] = _l("Svarte om habilitet")
    indicator: str
    has_conflict: bool


@dataclass(frozen=True, kw_only=True)
class CriteriaNoted(_OfVerifying, Event):
    """A verifier told the others what they would accept as evidence."""

    name: ClassVar[str] = "observatory.criteria_noted"
    label: ClassVar[Any] = _l("Skrev hva som regnes som belegg")
    indicator: str


@dataclass(frozen=True, kw_only=True)
class EvidenceJudged(_OfVerifying, Event):
    """A verifier accepted or contested evidence."""

    name: ClassVar[str] = "observatory.evidence_judged"
    label: ClassVar[Any] = _l("Vurderte belegg")
    indicator: str
    accepted: int
    contested: int


@dataclass(frozen=True, kw_only=True)
class ColourGiven(_OfVerifying, Event):
    """A verifier set the level that they find right."""

    name: ClassVar[str] = "observatory.colour_given"
    label: ClassVar[Any] = _l("Satte nivå som verifikatør")
    indicator: str
    level: Level


@dataclass(frozen=True, kw_only=True)
class VerifyingDated(_OfVerifying, Event):
    """A coordinator set the dates for verifiers and replies."""

    name: ClassVar[str] = "observatory.verifying_dated"
    label: ClassVar[Any] = _l("Satte frister for verifisering og tilsvar")
    verify_by: date | None
    reply_by: date | None


@dataclass(frozen=True, kw_only=True)
class ReplyWritten(_OfVerifying, Event):
    """The municipality replied to the verifiers, or changed what it replied."""

    name: ClassVar[str] = "observatory.reply_written"
    label: ClassVar[Any] = _l("Skrev tilsvar til verifikatørene")
    indicator: str
    by_title: str


@dataclass(frozen=True, kw_only=True)
class ReplyWithdrawn(_OfVerifying, Event):
    """The municipality took its reply back before it was published."""

    name: ClassVar[str] = "observatory.reply_withdrawn"
    label: ClassVar[Any] = _l("Trakk tilsvaret til verifikatørene")
    indicator: str
