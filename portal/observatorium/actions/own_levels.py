"""The municipality's own level for each indicator, set by a coordinator until the round is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy
from portal.observatorium.catalogue import Level, catalogue
from portal.observatorium.events.rounds import OwnLevelSet
from portal.observatorium.models.rounds import OwnAssessment, Round
from portal.observatorium.queries.rounds import lock_round


@dataclass(frozen=True, kw_only=True)
class OwnLevelDraft:
    """Where the municipality says it stands; no level is «not assessed»."""

    indicator: str
    level: Level | None
    justification: str = ""
    version: int = 0
    """Of the copy that was seen; 0 when there was none."""


@atomic
def set_own_level(actor: Actor, slug: str, draft: OwnLevelDraft) -> None:
    """Set one level."""
    set_own_levels(actor, slug, (draft,))


@atomic
def set_own_levels(actor: Actor, slug: str, drafts: Sequence[OwnLevelDraft]) -> int:
    """Set several levels, all or none; return how many changed.

    Raises Invalid, with the indicator as its field, when somebody else has changed one since it was seen.
    """
    round_ = lock_round(actor, slug)
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    if not policy.may_set_own_levels(actor, round_):
        raise Conflict(_l("Runden er publisert. Egenvurderingen kan bare endres med en retting."))
    return store_own_levels(actor, round_, drafts)


@atomic
def store_own_levels(actor: Actor, round_: Round, drafts: Sequence[OwnLevelDraft]) -> int:
    """Write the levels that differ from what stands, as a part of preparing or of correcting a result."""
    if not (policy.may_set_own_levels(actor, round_) or policy.may_correct(actor, round_)):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    stand = {
        each.indicator: each
        for each in db.session.scalars(sa.select(OwnAssessment).where(OwnAssessment.round_id == round_.id))
    }
    return sum(_set(actor, round_, stand.get(draft.indicator), draft) for draft in drafts)


@atomic
def begin_own(actor: Actor, round_: Round, indicator: str) -> OwnAssessment:
    """Return the own assessment of an indicator, as a part of what changes it; an empty one when there was none."""
    if not (actor.is_system or policy.may_take_part(actor)):
        raise Forbidden
    statement = sa.select(OwnAssessment).where(
        OwnAssessment.round_id == round_.id, OwnAssessment.indicator == indicator
    )
    found = db.session.scalar(statement)
    if found is None:
        found = OwnAssessment(round_id=round_.id, indicator=indicator, level=None, justification="")
        db.session.add(found)
        db.session.flush()
    return found


def _set(actor: Actor, round_: Round, before: OwnAssessment | None, draft: OwnLevelDraft) -> bool:
    if catalogue().indicator(draft.indicator) is None:
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    seen = (before.level, before.justification) if before else (None, "")
    if seen == (draft.level, draft.justification):
        return False
    if draft.version != (before.version if before else 0):
        raise Invalid(
            draft.indicator,
            _l("Noen andre har endret denne mens du skrev. Lagre en gang til hvis det er ditt som skal gjelde."),
        )
    if before is None:
        before = OwnAssessment(round_id=round_.id, indicator=draft.indicator)
        db.session.add(before)
    before.level, before.justification = draft.level, draft.justification
    db.session.flush()
    publish(
        OwnLevelSet(actor=actor, round_id=round_.id, slug=round_.slug, indicator=draft.indicator, level=draft.level)
    )
    return True
