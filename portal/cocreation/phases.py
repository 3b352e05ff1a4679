"""The phases of a project after Asker's model, and the questions that must be answered at the gate out of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.kernel.i18n import _l


class Phase(StrEnum):
    """Behov/idé → konsept → planlegge → gjennomføre → avslutte → realisere."""

    NEED = "need"
    CONCEPT = "concept"
    PLAN = "plan"
    CARRY_OUT = "carry_out"
    CLOSE = "close"
    REALISE = "realise"


ORDER: Sequence[Phase] = tuple(Phase)

PHASES: Mapping[Phase, Any] = {
    Phase.NEED: _l("Behov og idé"),
    Phase.CONCEPT: _l("Konsept"),
    Phase.PLAN: _l("Planlegge"),
    Phase.CARRY_OUT: _l("Gjennomføre"),
    Phase.CLOSE: _l("Avslutte"),
    Phase.REALISE: _l("Realisere"),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question at a gate."""

    key: str
    text: Any
    must: bool = True
    """The gate can't be passed before it is answered yes."""


GATES: Mapping[Phase, Sequence[Question]] = {
    Phase.NEED: (
        Question(key="need_known", text=_l("Vet vi hvem som har behovet, og har de vært med på å beskrive det?")),
        Question(key="needs_each_other", text=_l("Trenger partene hverandre for å få det til?")),
        Question(key="benefits_identified", text=_l("Har vi sagt hvilke gevinster vi ser for oss, og for hvem?")),
        Question(key="looked_around", text=_l("Har vi sett etter andre som har løst det samme?"), must=False),
    ),
    Phase.CONCEPT: (
        Question(key="alternatives", text=_l("Har vi vurdert flere måter å gjøre det på, også å la være?")),
        Question(
            key="type_talked_over", text=_l("Har alle parter svart på hvem som bestemmer hva, og snakket om det?")
        ),
        Question(key="risk_seen", text=_l("Har vi sett på hva som kan gå galt?")),
        Question(key="goals_shared", text=_l("Er partene enige om målet?"), must=False),
    ),
    Phase.PLAN: (
        Question(key="agreement", text=_l("Har alle parter bekreftet avtalen?")),
        Question(key="benefits_planned", text=_l("Er gevinstene planlagt, med mål, dato og en ansvarlig?")),
        Question(key="resources", text=_l("Vet vi hva vi trenger av timer, rom, utstyr og penger?")),
        Question(
            key="everybody_can", text=_l("Kan alle det gjelder, være med, også de som ikke er på nett?"), must=False
        ),
    ),
    Phase.CARRY_OUT: (
        Question(key="done", text=_l("Er det vi avtalte, gjort?")),
        Question(key="input_answered", text=_l("Har alle som ga innspill, fått vite hva som skjedde med dem?")),
        Question(key="benefits_followed", text=_l("Er gevinstene fulgt opp underveis?"), must=False),
    ),
    Phase.CLOSE: (
        Question(key="evaluated", text=_l("Har partene vurdert hvordan det gikk?")),
        Question(key="learnt", text=_l("Har vi skrevet ned hva vi lærte?")),
        Question(key="handed_over", text=_l("Er gevinstene overlevert til en som skal følge dem opp?")),
        Question(key="thanked", text=_l("Har alle som bidro, fått takk?"), must=False),
    ),
    Phase.REALISE: (),
}
"""*Ours*, after the phases of Asker's project model: gevinster identified, planned, followed up, measured."""


def after(phase: Phase) -> Phase | None:
    """Return the phase that the gate out of this one leads to; None from the last."""
    at = ORDER.index(phase) + 1
    return ORDER[at] if at < len(ORDER) else None


def before(phase: Phase) -> Sequence[Phase]:
    """Return the phases one can go back to, the nearest first."""
    return tuple(reversed(ORDER[: ORDER.index(phase)]))


def missing(phase: Phase, answered_yes: set[str]) -> Sequence[Question]:
    """Return the must-questions that keep the gate out of a phase closed."""
    return [each for each in GATES[phase] if each.must and each.key not in answered_yes]
