"""The way of an idea: the two status axes, which steps lead where, and the names they have on the two ladders."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.kernel.i18n import _l


class IdeaKind(StrEnum):
    """What is proposed: something new, or that something which steals time is removed."""

    INNOVATION = "innovation"
    TIME_THIEF = "time_thief"


class Stage(StrEnum):
    """How far the case has come. The other axis, whether people may see it, is `PublicationState`."""

    RECEIVED = "received"
    ASSESSING = "assessing"
    DECIDED = "decided"
    UNDER_WAY = "under_way"
    REALISED = "realised"
    CLOSED = "closed"
    """Ended without effect: what was learnt is told."""


class Decision(StrEnum):
    """What the municipality decided to do with it."""

    IN_THE_LINE = "in_the_line"
    PROJECT = "project"
    COCREATION = "cocreation"
    SENT_ON = "sent_on"
    REJECTED = "rejected"


class Rung(StrEnum):
    """Asker's ladder for innovation: nytt, nyttig, nyttiggjort."""

    NEW = "new"
    USEFUL = "useful"
    REALISED = "realised"


class ThiefStatus(StrEnum):
    """The same way in the words used of tidstyver; never kept beside the stage, only another name for it."""

    REGISTERED = "registered"
    TRANSFERRED = "transferred"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    REDUCED = "reduced"
    REMOVED = "removed"
    NO_EFFECT = "no_effect"
    REJECTED = "rejected"


class Degree(StrEnum):
    """How much of a tidstyv is gone."""

    REDUCED = "reduced"
    REMOVED = "removed"


STAGES: Mapping[Stage, Any] = {
    Stage.RECEIVED: _l("Mottatt"),
    Stage.ASSESSING: _l("Vurderes"),
    Stage.DECIDED: _l("Besluttet"),
    Stage.UNDER_WAY: _l("Under arbeid"),
    Stage.REALISED: _l("Nyttiggjort"),
    Stage.CLOSED: _l("Avsluttet uten effekt"),
}
DECISIONS: Mapping[Decision, Any] = {
    Decision.IN_THE_LINE: _l("Gjøres i linja"),
    Decision.PROJECT: _l("Blir prosjekt"),
    Decision.COCREATION: _l("Blir samskaping"),
    Decision.SENT_ON: _l("Sendt videre"),
    Decision.REJECTED: _l("Ikke tatt videre"),
}
RUNGS: Mapping[Rung, Any] = {
    Rung.NEW: _l("Nytt"),
    Rung.USEFUL: _l("Nyttig"),
    Rung.REALISED: _l("Nyttiggjort"),
}
THIEF_STATUSES: Mapping[ThiefStatus, Any] = {
    ThiefStatus.REGISTERED: _l("Registrert"),
    ThiefStatus.TRANSFERRED: _l("Overført"),
    ThiefStatus.PLANNED: _l("Planlagt"),
    ThiefStatus.UNDER_WAY: _l("Under arbeid"),
    ThiefStatus.REDUCED: _l("Redusert"),
    ThiefStatus.REMOVED: _l("Fjernet"),
    ThiefStatus.NO_EFFECT: _l("Avsluttet uten effekt"),
    ThiefStatus.REJECTED: _l("Ikke tatt videre"),
}

NEXT: Mapping[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.ASSESSING, Stage.DECIDED}),
    Stage.ASSESSING: frozenset({Stage.DECIDED}),
    Stage.DECIDED: frozenset({Stage.UNDER_WAY, Stage.REALISED, Stage.CLOSED, Stage.ASSESSING}),
    Stage.UNDER_WAY: frozenset({Stage.REALISED, Stage.CLOSED, Stage.ASSESSING}),
    Stage.REALISED: frozenset({Stage.UNDER_WAY}),
    Stage.CLOSED: frozenset({Stage.ASSESSING}),
}
"""Which steps follow which. Back to `assessing` and on from what was ended is to take it up again, with a reason."""
ENDED = frozenset({Stage.REALISED, Stage.CLOSED})


def may_follow(before: Stage, after: Stage, decision: Decision | None = None) -> bool:
    """Say whether a case may go from one stage to another.

    What was sent on has no work under way here; what was rejected goes nowhere but up again.
    """
    if before is Stage.DECIDED and decision is Decision.REJECTED:
        return after is Stage.ASSESSING
    if before is Stage.DECIDED and decision is Decision.SENT_ON and after is Stage.UNDER_WAY:
        return False
    return after in NEXT[before]


def goes_back(before: Stage, after: Stage) -> bool:
    """Say whether a case that goes from one stage to another is taken up again."""
    order = list(Stage)
    return order.index(after) < order.index(before)


def rung(stage: Stage, decision: Decision | None) -> Rung | None:
    """Return where it stands on the ladder; nothing for what wasn't taken on or came to nothing."""
    if stage in {Stage.RECEIVED, Stage.ASSESSING}:
        return Rung.NEW
    if stage is Stage.REALISED:
        return Rung.REALISED
    return None if stage is Stage.CLOSED or decision is Decision.REJECTED else Rung.USEFUL


def thief_status(stage: Stage, decision: Decision | None, degree: Degree | None) -> ThiefStatus:
    """Return the status of a tidstyv, which is the case axis in other words.

    Received and assessed is registered; decided is transferred, rejected or planned; realised is reduced or removed.
    """
    if stage is Stage.DECIDED:
        return _OF_DECISION.get(decision, ThiefStatus.PLANNED) if decision else ThiefStatus.PLANNED
    if stage is Stage.REALISED:
        return ThiefStatus.REMOVED if degree is Degree.REMOVED else ThiefStatus.REDUCED
    return _OF_STAGE[stage]


_OF_DECISION = {Decision.SENT_ON: ThiefStatus.TRANSFERRED, Decision.REJECTED: ThiefStatus.REJECTED}
_OF_STAGE = {
    Stage.RECEIVED: ThiefStatus.REGISTERED,
    Stage.ASSESSING: ThiefStatus.REGISTERED,
    Stage.UNDER_WAY: ThiefStatus.UNDER_WAY,
    Stage.CLOSED: ThiefStatus.NO_EFFECT,
}
