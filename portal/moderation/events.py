"""What can happen to a text that people look at. Every event's subject is the thing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.moderation.models import Appellant, Cause, Outcome, Verdict


@dataclass(frozen=True, kw_only=True)
class _OfCase:
    """Something that happened in a case about one thing."""

    case_id: int
    kind: str
    target_id: int

    def subject(self) -> Ref:
        return Ref(self.kind, self.target_id)


@dataclass(frozen=True, kw_only=True)
class TextPassed(_OfCase, Event):
    """A text was shown at once, by the rules that are set."""

    name: ClassVar[str] = "moderation.text_passed"
    label: ClassVar[Any] = _l("Tekst vist med en gang")


@dataclass(frozen=True, kw_only=True)
class CaseOpened(_OfCase, Event):
    """Somebody must look at a text."""

    name: ClassVar[str] = "moderation.case_opened"
    label: ClassVar[Any] = _l("Åpnet en moderatorsak")
    cause: Cause


@dataclass(frozen=True, kw_only=True)
class CaseClaimed(_OfCase, Event):
    """A moderator took a case for a while."""

    name: ClassVar[str] = "moderation.case_claimed"
    label: ClassVar[Any] = _l("Tok en moderatorsak")


@dataclass(frozen=True, kw_only=True)
class CaseReleased(_OfCase, Event):
    """A moderator let others take it."""

    name: ClassVar[str] = "moderation.case_released"
    label: ClassVar[Any] = _l("Ga fra seg en moderatorsak")


@dataclass(frozen=True, kw_only=True)
class CaseClosed(_OfCase, Event):
    """What the case was about is gone."""

    name: ClassVar[str] = "moderation.case_closed"
    label: ClassVar[Any] = _l("Lukket en moderatorsak")


@dataclass(frozen=True, kw_only=True)
class CaseDecided(_OfCase, Event):
    """A moderator decided; `shown` says whether people can see the text now."""

    name: ClassVar[str] = "moderation.case_decided"
    label: ClassVar[Any] = _l("Avgjorde en moderatorsak")
    decision_id: int
    verdict: Verdict
    rule: str | None
    author_id: int
    shown: bool


@dataclass(frozen=True, kw_only=True)
class RestrictionEnded(_OfCase, Event):
    """The time of a restriction was over, and the text is shown again."""

    name: ClassVar[str] = "moderation.restriction_ended"
    label: ClassVar[Any] = _l("Viste en tekst igjen etter tiden")
    decision_id: int


@dataclass(frozen=True, kw_only=True)
class ThingReported(_OfCase, Event):
    """Somebody says that a text breaks a house rule."""

    name: ClassVar[str] = "moderation.reported"
    label: ClassVar[Any] = _l("Meldte fra om en tekst")
    report_id: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class DecisionAppealed(_OfCase, Event):
    """Somebody complained of a decision."""

    name: ClassVar[str] = "moderation.appealed"
    label: ClassVar[Any] = _l("Klaget på en avgjørelse")
    appeal_id: int
    decision_id: int
    appellant: Appellant


@dataclass(frozen=True, kw_only=True)
class AppealDecided(_OfCase, Event):
    """Another person than the first decided the appeal."""

    name: ClassVar[str] = "moderation.appeal_decided"
    label: ClassVar[Any] = _l("Avgjorde en klage")
    appeal_id: int
    decision_id: int
    outcome: Outcome
    author_id: int


@dataclass(frozen=True, kw_only=True)
class AuthorRevealed(_OfCase, Event):
    """A moderator asked who wrote a text, and said why."""

    name: ClassVar[str] = "moderation.author_revealed"
    label: ClassVar[Any] = _l("Så hvem som har skrevet en tekst")
    reason: str


@dataclass(frozen=True, kw_only=True)
class OriginalRead(_OfCase, Event):
    """A moderator read what a text said before it was restricted, and said why."""

    name: ClassVar[str] = "moderation.original_read"
    label: ClassVar[Any] = _l("Leste en tekst slik den var")
    decision_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChainHeadPublished(Event):
    """The newest link of the audit trail was shown to everybody: whoever keeps it can tell if the trail is changed."""

    name: ClassVar[str] = "moderation.chain_head_published"
    label: ClassVar[Any] = _l("Viste det siste leddet i hendelsesloggen")
    day: date
    number: int
    head: str
