"""What can be reported, and by when somebody looks at it."""

from __future__ import annotations

from portal.accounts.queries import settings
from portal.kernel.content import Card, Ref
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor


def reportable(actor: Actor, ref: Ref) -> Card:
    """Return how a thing that somebody can read, and that people write, is shown. Raises NotFound."""
    kind = content().find(ref.kind)
    if kind is not None and kind.restrict is not None and content().may(actor, ref, "read"):
        card: Card | None = content().cards([ref]).get(ref)
        if card is not None:
            return card
    raise NotFound(_l("Vi finner ikke det du vil melde fra om."))


def hours_to_answer() -> int:
    """Return within how many hours a report is looked at."""
    return int(settings.value("moderation_report_hours"))


def days_to_answer_complaint() -> int:
    """Return within how many days a complaint is answered."""
    return int(settings.value("appeal_answer_days"))
