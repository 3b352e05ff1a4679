"""What a verifier does: states a conflict of interest, says what counts as evidence, judges it, and sets a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy
from portal.observatorium.catalogue import Level
from portal.observatorium.events.verifying import ColourGiven, ConflictStated, CriteriaNoted, EvidenceJudged
from portal.observatorium.models.rounds import Round
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, Verdict, VerifierColour
from portal.observatorium.queries.rounds import lock_round
from portal.observatorium.queries.verification import Standing, standing


@dataclass(frozen=True, kw_only=True)
class ConflictDraft:
    """Whether a verifier has a conflict of interest, and which."""

    has_conflict: bool
    statement: str = ""


@dataclass(frozen=True, kw_only=True)
class VerdictDraft:
    """What is said of one piece of evidence, as it was when it was read."""

    verdict: Verdict
    reason: str = ""
    seen_version: int


@dataclass(frozen=True, kw_only=True)
class JudgementDraft:
    """What a verifier has come to so far; without a level it is kept for later."""

    verdicts: Mapping[int, VerdictDraft] = field(default_factory=dict)
    """By the number of the evidence."""
    level: Level | None = None
    reason: str = ""


@atomic
def state_conflict(actor: Actor, slug: str, indicator: str, draft: ConflictDraft) -> None:
    """Say whether one has a conflict of interest. Who has one is out, and what they may have said goes."""
    round_, mine, _stands = _mine(actor, slug, indicator)
    if draft.has_conflict and not draft.statement:
        raise Invalid("statement", _l("Skriv kort hva som gjør deg inhabil."))
    if mine.has_conflict and not draft.has_conflict:
        raise Conflict(_l("Du har meldt deg inhabil. Spør koordinatoren hvis det er feil."))
    before = (mine.has_conflict, mine.statement)
    mine.has_conflict, mine.statement = draft.has_conflict, draft.statement
    if before == (mine.has_conflict, mine.statement):
        return
    mine.stated_at = clock.now()
    if mine.has_conflict:
        mine.criteria, mine.verdicts[:], mine.colour = "", [], None
    db.session.flush()
    publish(ConflictStated(actor=actor, **_told(round_, indicator), has_conflict=draft.has_conflict))


@atomic
def note_criteria(actor: Actor, slug: str, indicator: str, text: str) -> None:
    """Tell the others what one would accept as evidence, before one has judged any."""
    round_, mine, _stands = _unbiased(actor, slug, indicator)
    if mine.verdicts or mine.colour:
        raise Conflict(_l("Du har begynt å vurdere beleggene. Det du skrev om hva som teller, blir stående."))
    if mine.criteria != text:
        mine.criteria = text
        db.session.flush()
        publish(CriteriaNoted(actor=actor, **_told(round_, indicator)))


@atomic
def judge(actor: Actor, slug: str, indicator: str, draft: JudgementDraft) -> bool:
    """Keep what a verifier says of the evidence and the level; return whether they are done.

    A level needs a verdict on every piece of evidence. Raises Invalid, with `verdict-<number>` or `reason-<number>` as
    its field, for one that isn't right, or that has been changed since it was read.
    """
    round_, mine, stands = _unbiased(actor, slug, indicator)
    for number, verdict in draft.verdicts.items():
        _check(number, verdict, stands)
    if draft.level is not None:
        _check_level(draft, stands.evidence.keys() - stands.current(mine).keys() - draft.verdicts.keys())
    if _say(mine, draft.verdicts):
        said = [each.verdict for each in mine.verdicts]
        accepted, contested = said.count(Verdict.ACCEPTED), said.count(Verdict.CONTESTED)
        told = _told(round_, indicator)
        publish(EvidenceJudged(actor=actor, **told, accepted=accepted, contested=contested))
    if draft.level is not None and _colour(mine, draft.level, draft.reason):
        publish(ColourGiven(actor=actor, **_told(round_, indicator), level=draft.level))
    return stands.is_complete(mine)


def _mine(actor: Actor, slug: str, indicator: str) -> tuple[Round, Appointment, Standing]:
    """Return what the actor is appointed to, with everybody who verifies it held, while it can be changed."""
    round_ = lock_round(actor, slug, shared=True)
    if not policy.may_see_verifying(actor):
        raise Forbidden(_l("Bare innbyggerverifikatører som ikke er ansatt i kommunen, kan verifisere."))
    stands = standing(round_.id, indicator, lock=True)
    mine = next((each for each in stands.appointments if each.account_id == actor.id), None)
    if mine is None:
        raise NotFound(_l("Du er ikke oppnevnt til denne indikatoren."))
    if not policy.may_verify(actor, round_, mine):
        raise Conflict(_l("Runden verifiseres fra den åpner til den publiseres."))
    if stands.is_revealed and not mine.has_conflict:
        raise Conflict(_l("Alle har svart, og svarene er vist. De kan ikke endres."))
    return round_, mine, stands


def _unbiased(actor: Actor, slug: str, indicator: str) -> tuple[Round, Appointment, Standing]:
    round_, mine, stands = _mine(actor, slug, indicator)
    if mine.has_conflict is None:
        raise Conflict(_l("Svar først på om du er inhabil."))
    if mine.has_conflict:
        raise Conflict(_l("Du har meldt deg inhabil, og verifiserer ikke denne indikatoren."))
    return round_, mine, stands


def _check(number: int, draft: VerdictDraft, stands: Standing) -> None:
    if number not in stands.evidence:
        raise Invalid("", _l("Et belegg er tatt bort mens du vurderte. Se over på nytt."))
    if draft.seen_version != stands.evidence[number]:
        raise Invalid(f"verdict-{number}", _l("Belegget er endret mens du vurderte det. Se på det igjen."))
    if draft.verdict is Verdict.CONTESTED and not draft.reason:
        raise Invalid(f"reason-{number}", _l("Skriv hvorfor du bestrider belegget."))


def _check_level(draft: JudgementDraft, without: set[int]) -> None:
    for number in sorted(without):
        raise Invalid(f"verdict-{number}", _l("Godta eller bestrid alle beleggene før du setter et nivå."))
    if not draft.reason:
        raise Invalid("reason", _l("Skriv hvorfor du setter dette nivået."))


def _say(mine: Appointment, drafts: Mapping[int, VerdictDraft]) -> bool:
    """Write the verdicts that differ from what stands; return whether any did."""
    stand = {each.evidence_id: each for each in mine.verdicts}
    changed = False
    for number, draft in drafts.items():
        verdict = stand.get(number)
        said = (draft.verdict, draft.reason, draft.seen_version)
        if verdict is None:
            verdict = EvidenceVerdict(evidence_id=number)
            mine.verdicts.append(verdict)
        elif (verdict.verdict, verdict.reason, verdict.seen_version) == said:
            continue
        verdict.verdict, verdict.reason, verdict.seen_version = said
        verdict.given_at, changed = clock.now(), True
    db.session.flush()
    return changed


def _colour(mine: Appointment, level: Level, reason: str) -> bool:
    """Set the level; return whether it or its reason is another than before."""
    if mine.colour is not None and (mine.colour.level, mine.colour.reason) == (level, reason):
        return False
    mine.colour = mine.colour or VerifierColour(appointment_id=mine.id)
    mine.colour.level, mine.colour.reason, mine.colour.given_at = level, reason, clock.now()
    db.session.flush()
    return True


def _told(round_: Round, indicator: str) -> dict[str, Any]:
    return {"round_id": round_.id, "slug": round_.slug, "indicator": indicator}
