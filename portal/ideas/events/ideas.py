"""What happens to an idea by its author's hand, and to campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.ideas.stages import IdeaKind
from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l

IDEA = "idea"
CAMPAIGN = "campaign"
INDICATOR = "indicator"
"""Of the observatory, which ideas can't import: goals link to it by its name."""


@dataclass(frozen=True, kw_only=True)
class OfIdea:
    """Something that happened to an idea. Nobody is to see through a pseudonym by way of what has happened."""

    hides_actor: ClassVar[bool] = True
    idea_id: int
    kind: IdeaKind

    def subject(self) -> Ref:
        return Ref(IDEA, self.idea_id)


@dataclass(frozen=True, kw_only=True)
class IdeaBegun(OfIdea, Event):
    """Somebody began a draft; it is saved as they write, and seen by nobody else."""

    name: ClassVar[str] = "idea.begun"
    label: ClassVar[Any] = _l("Begynte på en idé")


@dataclass(frozen=True, kw_only=True)
class IdeaDiscarded(OfIdea, Event):
    """The author threw a draft away."""

    name: ClassVar[str] = "idea.discarded"
    label: ClassVar[Any] = _l("Kastet et utkast til en idé")


@dataclass(frozen=True, kw_only=True)
class IdeaProposed(OfIdea, Event):
    """The author sent it in, to everybody: it waits for moderation."""

    name: ClassVar[str] = "idea.proposed"
    label: ClassVar[Any] = _l("Sendte inn en idé")
    campaign_id: int | None = None
    service_area_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IdeaSentInternally(OfIdea, Event):
    """The author sent it in to staff, or to those of a closed campaign, and not to everybody."""

    name: ClassVar[str] = "idea.sent_internally"
    label: ClassVar[Any] = _l("Sendte inn en intern idé")
    campaign_id: int | None = None
    service_area_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IdeaConsented(OfIdea, Event):
    """The author of an internal one agreed that it is published: it waits for moderation."""

    name: ClassVar[str] = "idea.consented"
    label: ClassVar[Any] = _l("Sa ja til at en intern idé publiseres")


@dataclass(frozen=True, kw_only=True)
class IdeaEdited(OfIdea, Event):
    """The author changed the wording; it waits for moderation again."""

    name: ClassVar[str] = "idea.edited"
    label: ClassVar[Any] = _l("Endret en idé")


@dataclass(frozen=True, kw_only=True)
class IdeaWithdrawn(OfIdea, Event):
    """The author took it back: the texts are gone."""

    name: ClassVar[str] = "idea.withdrawn"
    label: ClassVar[Any] = _l("Trakk en idé")
