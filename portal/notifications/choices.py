"""How often each kind of notice is mailed as standard, and which can't be turned off."""

from __future__ import annotations

from collections.abc import Mapping

from portal.notifications.models import Frequency, NoticeKind

STANDARD: Mapping[NoticeKind, Frequency] = {
    NoticeKind.ANSWER: Frequency.NOW,
    NoticeKind.REPLY: Frequency.NOW,
    NoticeKind.FOLLOWED: Frequency.DAILY,
    NoticeKind.DECISION: Frequency.NEVER,
    NoticeKind.OWN: Frequency.NOW,
    NoticeKind.WORK: Frequency.DAILY,
    NoticeKind.PROJECT: Frequency.NOW,
    NoticeKind.SOLUTION: Frequency.NOW,
}
CHOSEN = (
    NoticeKind.ANSWER,
    NoticeKind.REPLY,
    NoticeKind.OWN,
    NoticeKind.PROJECT,
    NoticeKind.SOLUTION,
    NoticeKind.FOLLOWED,
    NoticeKind.WORK,
)
"""What people choose for. A decision comes by a mail of its own, with the reasons."""


def allowed(kind: NoticeKind) -> tuple[Frequency, ...]:
    """Return how often a kind may be mailed.

    An answer from the municipality always reaches the one who asked, and a case the one who has it.
    """
    always = kind in {NoticeKind.ANSWER, NoticeKind.WORK}
    return (Frequency.NOW, Frequency.DAILY, Frequency.WEEKLY) if always else tuple(Frequency)
