"""What the tests of verification begin with: an open round with evidence, and verifiers who answer."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import Actor
from portal.observatorium.actions.appointing import AppointmentDraft, appoint_verifiers
from portal.observatorium.actions.verifying import (
    ConflictDraft,
    JudgementDraft,
    VerdictDraft,
    judge,
    state_conflict,
)
from portal.observatorium.catalogue import Level
from portal.observatorium.models.assessing import Evidence, EvidenceKind
from portal.observatorium.models.rounds import Round
from portal.observatorium.models.verifying import Verdict
from portal.observatorium.queries.verification import Standing, standing
from tests.observatorium.rounds import an_open_round
from tests.support.cast import Cast

NUMBER = "1.8"
VERIFIERS = ("verifier", "verifier2")
REASON = "Vi leste årsmeldingen."


@atomic
def evidence(round_: Round, title: str = "Møteplan", indicator: str = NUMBER, key: str = "") -> int:
    """Add a link as evidence, as a row; return its number."""
    made = Evidence(
        round_id=round_.id,
        indicator=indicator,
        key=key or f"{indicator}.1",
        kind=EvidenceKind.LINK,
        title=title,
        url="https://example.org/plan",
        dated_on=clock.today(),
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made.id


@atomic
def change_evidence(evidence_id: int, title: str = "Ny møteplan") -> None:
    """Change a piece of evidence, as the municipality may until the round is published."""
    db.session.get_one(Evidence, evidence_id).title = title


def appoint(cast: Cast, names: Iterable[str] = VERIFIERS, indicators: Iterable[str] = (NUMBER,)) -> int:
    """Let the coordinator appoint some of the cast."""
    accounts = [getattr(cast, name).id for name in names]
    draft = AppointmentDraft(account_ids=accounts, indicators=list(indicators))
    return appoint_verifiers(cast.actor("coordinator"), "2026", draft)


def states_no_conflict(actor: Actor, number: str = NUMBER) -> None:
    state_conflict(actor, "2026", number, ConflictDraft(has_conflict=False))


def judged(verdict: Verdict = Verdict.ACCEPTED, reason: str = "", number: str = NUMBER) -> dict[int, VerdictDraft]:
    """Say the same of all the evidence there is."""
    round_id = db.session.scalars(sa.select(Round.id).where(Round.slug == "2026")).one()
    found = standing(round_id, number).evidence
    return {id_: VerdictDraft(verdict=verdict, reason=reason, seen_version=version) for id_, version in found.items()}


def answers(
    actor: Actor,
    level: Level | None = Level.GREEN,
    verdict: Verdict = Verdict.ACCEPTED,
    number: str = NUMBER,
    reason: str = REASON,
) -> bool:
    """Let a verifier judge all the evidence and set a level."""
    drafts = judged(verdict, "Planen er fra i fjor." if verdict is Verdict.CONTESTED else "", number)
    return judge(actor, "2026", number, JudgementDraft(verdicts=drafts, level=level, reason=reason))


def ready(cast: Cast, number: str = NUMBER) -> tuple[Round, int]:
    """Return an open round with one piece of evidence, and two verifiers without a conflict of interest."""
    round_ = an_open_round(cast)
    made = evidence(round_, indicator=number)
    appoint(cast, indicators=[number])
    for name in VERIFIERS:
        states_no_conflict(cast.actor(name), number)
    return round_, made


def stands(round_: Round, number: str = NUMBER) -> Standing:
    """Return how the verification stands now."""
    return standing(round_.id, number)
