"""Lets the demo's verifiers judge the evidence of a round, and the municipality reply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import Actor
from portal.observatorium.actions import appointing, verifying
from portal.observatorium.actions.appointing import AppointmentDraft, DatesDraft, ReplyDraft
from portal.observatorium.actions.verifying import ConflictDraft, JudgementDraft, VerdictDraft
from portal.observatorium.catalogue import Level
from portal.observatorium.models.rounds import OwnAssessment, Round
from portal.observatorium.models.verifying import Verdict
from portal.observatorium.queries.verification import standing

BOTH = ("verifier", "verifier2")
VERIFIED = ("1.1", "1.4", "1.8", "1.9", "2.1", "2.3", "2.6", "3.2", "3.8", "3.10", "4.2", "4.9")
DIFFERING = frozenset({"1.8", "3.8"})
"""Where the second verifier is stricter than the first."""
CONTESTED = "1.8"
CONFLICTED = "4.4"
"""Where the second verifier has a conflict of interest: one alone doesn't verify."""
NOW = ("1.2", "1.8", "2.6", "3.1")
"""What the verifiers have before them in the open round."""
REASONS: Mapping[Level, str] = {
    Level.RED: "Vi finner ikke at dette er på plass. Planene er ikke fulgt opp med tiltak.",
    Level.YELLOW: "Arbeidet er i gang og dokumentert, men når ikke hele kommunen ennå.",
    Level.GREEN: "Beleggene viser at minstekravet er nådd, og at ordningen er i bruk.",
}
NOT_ENOUGH = "Belegget sier hva som er planlagt, ikke hva som er gjort."
COUNTS = "Vedtatte planer, årsrapporter og tall fra SSB. Ikke utkast."
SUPPLIES = "Jeg er med i styret for et lag som får tilskudd fra kommunen på dette området."
ANSWER = (
    "Vi er enige i at innbyggerne bør få vite hva innspillene førte til. Fra i vår legger vi ut en oppsummering "
    "etter hver høring."
)


@atomic
def verify(cast: Mapping[str, Actor], slug: str) -> None:
    """Let two verifiers answer for some indicators of a round: they agree on most, and on one there is only one."""
    _appoint(cast, slug, (*VERIFIED, CONFLICTED), verify_days=20, reply_days=25)
    first, second = (cast[name] for name in BOTH)
    levels = _own_levels(slug)
    for number in VERIFIED:
        level = levels.get(number) or Level.YELLOW
        for verifier in (first, second):
            verifying.state_conflict(verifier, slug, number, ConflictDraft(has_conflict=False))
        if number == CONTESTED:
            verifying.note_criteria(first, slug, number, COUNTS)
        kinder, stricter = _two_levels(level) if number in DIFFERING else (level, level)
        _answer(first, slug, number, kinder)
        _answer(second, slug, number, stricter, contests=number == CONTESTED)
    verifying.state_conflict(first, slug, CONFLICTED, ConflictDraft(has_conflict=False))
    verifying.state_conflict(second, slug, CONFLICTED, ConflictDraft(has_conflict=True, statement=SUPPLIES))
    _answer(first, slug, CONFLICTED, levels.get(CONFLICTED) or Level.YELLOW)
    reply = ReplyDraft(text=ANSWER, by_title="Kommunalsjef for medborgerskap")
    appointing.reply_to_verifiers(cast["coordinator"], slug, CONTESTED, reply)


@atomic
def begin(cast: Mapping[str, Actor], slug: str) -> None:
    """Give the verifiers something to do in the open round: one is answered, one begun, and two wait."""
    _appoint(cast, slug, NOW, verify_days=40, reply_days=45)
    first, second = (cast[name] for name in BOTH)
    for verifier, number in ((first, NOW[0]), (first, NOW[1]), (second, NOW[0])):
        verifying.state_conflict(verifier, slug, number, ConflictDraft(has_conflict=False))
    verifying.note_criteria(second, slug, NOW[0], COUNTS)
    _answer(first, slug, NOW[0], _own_levels(slug).get(NOW[0]) or Level.YELLOW)


def _appoint(
    cast: Mapping[str, Actor], slug: str, numbers: tuple[str, ...], *, verify_days: int, reply_days: int
) -> None:
    accounts = [int(cast[name].id or 0) for name in BOTH]
    draft = AppointmentDraft(account_ids=accounts, indicators=numbers)
    appointing.appoint_verifiers(cast["coordinator"], slug, draft)
    today = clock.today()
    dates = DatesDraft(verify_by=today + timedelta(days=verify_days), reply_by=today + timedelta(days=reply_days))
    appointing.set_verifying_dates(cast["coordinator"], slug, dates)


def _answer(verifier: Actor, slug: str, number: str, level: Level, *, contests: bool = False) -> None:
    """Judge all the evidence there is, and set a level; who contests, contests the first piece."""
    round_id = db.session.scalars(sa.select(Round.id).where(Round.slug == slug)).one()
    verdicts = {
        id_: VerdictDraft(verdict=Verdict.ACCEPTED, seen_version=version)
        for id_, version in standing(round_id, number).evidence.items()
    }
    if contests and verdicts:
        id_, first = next(iter(verdicts.items()))
        verdicts[id_] = VerdictDraft(verdict=Verdict.CONTESTED, reason=NOT_ENOUGH, seen_version=first.seen_version)
    verifying.judge(verifier, slug, number, JudgementDraft(verdicts=verdicts, level=level, reason=REASONS[level]))


def _own_levels(slug: str) -> Mapping[str, Level | None]:
    rows = db.session.execute(
        sa.select(OwnAssessment.indicator, OwnAssessment.level)
        .join(Round, Round.id == OwnAssessment.round_id)
        .where(Round.slug == slug)
    )
    return dict(rows.all())


def _two_levels(level: Level) -> tuple[Level, Level]:
    """Return two levels beside each other, the kinder first: about where the municipality finds itself."""
    kinder = max(level, Level.YELLOW)
    return kinder, tuple(Level)[kinder.step - 1]
