"""Ideas for tests, made the way people make them: by calling the actions."""

from __future__ import annotations

from typing import Any

from portal.ideas.actions.proposing import IdeaDraft, begin_idea, send_idea
from portal.ideas.kinds.ideas import restrict
from portal.ideas.models.ideas import Idea
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic
from portal.kernel.identity import Actor

CHALLENGE = "Bussen går for sjelden, og mange unge kommer seg ikke hjem fra trening om kvelden."


def draft(title: str = "Nattbuss til Heggedal", **values: Any) -> IdeaDraft:
    """Return what somebody could write."""
    return IdeaDraft(**{"title": title, "challenge": CHALLENGE, **values})


def proposed(actor: Actor, title: str = "Nattbuss til Heggedal", *, internally: bool = False, **values: Any) -> Idea:
    """Return an idea that was sent in; whether it waits for a moderator is up to the settings."""
    return send_idea(actor, begin_idea(actor, draft(title, **values)).id, internally=internally)


def published(actor: Actor, title: str = "Nattbuss til Heggedal", **values: Any) -> Idea:
    """Return an idea that everybody can see."""
    idea = proposed(actor, title, **values)
    if idea.state is not PublicationState.PUBLISHED:
        _let_through(Ref("idea", idea.id))
    return idea


@atomic
def _let_through(ref: Ref) -> None:
    restrict(ref, Restriction(state=PublicationState.PUBLISHED))
