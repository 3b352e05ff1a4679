"""The municipality's self-assessment in the demo: parts with evidence that give the own levels of most indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from portal.accounts.models import ServiceArea
from portal.kernel import clock
from portal.kernel.db import atomic
from portal.kernel.identity import Actor
from portal.observatorium.actions.assessing import (
    AssessmentDraft,
    EvidenceDraft,
    SummaryDraft,
    assess,
    sum_up,
)
from portal.observatorium.actions.assigning import AssignmentDraft, assign
from portal.observatorium.catalogue import Level
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.models.assessing import EvidenceKind
from portal.observatorium.queries.assessing import IndicatorState, find_round, states

RED, YELLOW, GREEN, NOT_ASSESSED, NOT_RELEVANT = PartLevel
WHOLE_UNTIL = 22
"""Of the indicators with a level, so many are assessed part by part; the rest have only their level."""
RESPONSIBLE = (
    "Kommunalsjef for oppvekst",
    "Leder for plan og bygg",
    "Virksomhetsleder for kultur",
    "Leder for innbyggertorg",
    "Kommunedirektørens stab",
    "Leder for natur og idrett",
)
WHY: Mapping[PartLevel, Sequence[str]] = {
    RED: (
        "Vi mangler en plan for dette, og ingen har ansvaret i dag.",
        "Arbeidet stanset i fjor og er ikke tatt opp igjen.",
    ),
    YELLOW: (
        "Noen tjenester er i gang, men det gjelder ikke hele kommunen ennå.",
        "Planen er vedtatt. Vi måler ikke om den virker.",
        "Vi gjør det hvert år, men forteller ikke hva det førte til.",
    ),
    GREEN: (
        "Planen er vedtatt, følges opp hvert år og er lagt ut for alle.",
        "Rutinen brukes i alle tjenester, og avvik blir rettet.",
        "Vi har gjort dette i flere år og kan vise til resultatene.",
    ),
}
DOCUMENTS = (
    "Årsrapport",
    "Kommuneplanens samfunnsdel",
    "Handlingsprogram med økonomiplan",
    "Innbyggerundersøkelse",
    "Vedtak i kommunestyret",
)
FIGURES: tuple[tuple[str, float, str, str], ...] = (
    ("Andel som svarte på høringer på nett", 41.5, "prosent", "Egen telling"),
    ("Netto driftsresultat", 1.8, "prosent av inntektene", "KOSTRA"),
    ("Utslipp av klimagasser", 212.4, "tusen tonn CO₂", "Miljødirektoratet"),
)


@atomic
def assess_round(actor: Actor, slug: str) -> None:
    """Assess most of the indicators that have a level part by part, so that the rule gives the same level."""
    levelled = [state for state in states(find_round(actor, slug)).values() if state.level is not None]
    for place, state in enumerate(levelled[:WHOLE_UNTIL]):
        _assess(actor, slug, state, place)


@atomic
def share_out(coordinator: Actor, slug: str, areas: Sequence[ServiceArea]) -> None:
    """Ask the demo's two employees' service areas for what is left."""
    due = clock.today() + timedelta(days=25)
    for area, indicators in ((areas[0], ("1.8", "3.1", "3.7")), (areas[3], ("3.2", "4.9"))):
        draft = AssignmentDraft(indicators=indicators, service_area_id=area.id, due_on=due)
        assign(coordinator, slug, draft)


def _assess(actor: Actor, slug: str, state: IndicatorState, place: int) -> None:
    levels = _parts(state.level or Level.YELLOW, len(state.parts), place)
    for number, (part, level) in enumerate(zip(state.parts, levels, strict=True)):
        if level is NOT_ASSESSED:
            continue
        turn = place + number
        reasons = WHY.get(level, ("Fylkeskommunen har oppgaven her.",))
        draft = AssessmentDraft(
            level=level,
            justification=reasons[turn % len(reasons)],
            responsible=RESPONSIBLE[turn % len(RESPONSIBLE)],
        )
        has_evidence = level is GREEN or (level is YELLOW and turn % 2 == 0)
        assess(actor, slug, part.key, draft, _evidence(part.key, turn) if has_evidence else None)
    if place % 3 != 2:  # some wait for a signature
        version = states(find_round(actor, slug), [state.indicator.number])[state.indicator.number].own
        text = WHY[PartLevel(state.level or Level.YELLOW)][place % 2]
        sum_up(
            actor,
            slug,
            state.indicator.number,
            SummaryDraft(text=text, signed_by_title="Kommunedirektør", version=version.version if version else 0),
        )


def _parts(level: Level, size: int, place: int) -> list[PartLevel]:
    """Return levels that the rule makes this colour of."""
    if level is Level.GREEN:
        return [GREEN] * (size - 1) + [NOT_RELEVANT if place % 5 == 4 else GREEN]
    if level is Level.RED:
        return [RED, YELLOW, *[GREEN] * (size - 2)]
    if place % 3 == 0:
        return [*[GREEN] * (size - 1), NOT_ASSESSED]
    return [GREEN, YELLOW, *[YELLOW if place % 2 else GREEN] * (size - 2)]


def _evidence(key: str, turn: int) -> EvidenceDraft:
    today = clock.today()
    if turn % 7 == 3:
        title, value, unit, source = FIGURES[turn % len(FIGURES)]
        return EvidenceDraft(
            kind=EvidenceKind.FIGURE,
            title=title,
            dated_on=date(today.year - 1, 12, 31),
            figure_value=value,
            figure_unit=unit,
            figure_source=source,
        )
    title = DOCUMENTS[turn % len(DOCUMENTS)]
    year = today.year - 1
    return EvidenceDraft(
        kind=EvidenceKind.LINK,
        title=f"{title} {year}",
        dated_on=date(today.year, 1, 31) if today >= date(today.year, 1, 31) else date(year, 12, 31),
        url=f"https://www.asker.example/dokumenter/{year}/{key}",
        valid_from=date(year, 1, 1),
        valid_to=date(today.year + 2, 12, 31),
    )
