"""What happens to the texts that people write in projects, and to offers: the same for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l

AGREEMENT = "project_agreement"
NEED = "project_need"
MEETING = "project_meeting"
UPDATE = "project_update"
DECISION = "project_decision"
INPUT = "project_input"
OFFER = "offer"


@dataclass(frozen=True, kw_only=True)
class OfPost:
    """Something that happened to a text of one of the kinds above."""

    kind: str
    post_id: int
    project_id: int | None = None

    def subject(self) -> Ref:
        return Ref(self.kind, self.post_id)


@dataclass(frozen=True, kw_only=True)
class PostWritten(OfPost, Event):
    """Somebody wrote it: it waits for moderation."""

    name: ClassVar[str] = "cocreation.written"
    label: ClassVar[Any] = _l("Skrev noe i samskapingen")


@dataclass(frozen=True, kw_only=True)
class PostEdited(OfPost, Event):
    """Its wording was changed; it waits for moderation again."""

    name: ClassVar[str] = "cocreation.edited"
    label: ClassVar[Any] = _l("Endret noe i samskapingen")


@dataclass(frozen=True, kw_only=True)
class PostWithdrawn(OfPost, Event):
    """It was taken back: its texts are gone."""

    name: ClassVar[str] = "cocreation.withdrawn"
    label: ClassVar[Any] = _l("Trakk noe i samskapingen")
