"""Which kinds of texts people write in co-creation, and which of their columns are texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.cocreation.events import posts as names
from portal.cocreation.models.finding import Offer
from portal.cocreation.models.posts import Post
from portal.cocreation.models.process import Agreement
from portal.cocreation.models.together import Input, Meeting, Need, ProjectDecision, Update

KINDS: Mapping[type[Post], str] = {
    Agreement: names.AGREEMENT,
    Need: names.NEED,
    Meeting: names.MEETING,
    Update: names.UPDATE,
    ProjectDecision: names.DECISION,
    Input: names.INPUT,
    Offer: names.OFFER,
}

TEXTS: Mapping[str, Sequence[str]] = {
    names.AGREEMENT: ("text", "change"),
    names.NEED: ("title", "text"),
    names.MEETING: ("title", "agenda", "place", "link", "minutes"),
    names.UPDATE: ("title", "text"),
    names.DECISION: ("what", "why", "decided_by"),
    names.INPUT: ("text", "who", "answer"),
    names.OFFER: ("title", "text"),
}
"""What is moderated, the heading first."""
