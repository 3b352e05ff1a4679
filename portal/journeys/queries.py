"""What one pillar's page shows of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.ideas.queries.serving import ServingIdea, serving
from portal.kernel.content import Ref
from portal.kernel.identity import Actor
from portal.observatorium.catalogue import number_of

SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class IdeasForIndicator:
    """The ideas that want to change an indicator's colour, the most supported first."""

    number: str
    ideas: Sequence[ServingIdea]
    has_more: bool


def ideas_for_indicator(actor: Actor, ref: Ref) -> IdeasForIndicator:
    """Return what an indicator's page shows of the idea bank: an invitation when there is nothing yet."""
    found = serving(actor, ref, limit=SHOWN + 1)
    return IdeasForIndicator(number=number_of(ref.id), ideas=found[:SHOWN], has_more=len(found) > SHOWN)
