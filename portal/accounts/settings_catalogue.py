"""The settings an administrator can change while the portal runs: what they are called, and what they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from portal.kernel.i18n import _l

THEMES: Mapping[str, Any] = {
    "asker": _l("Blågrønn"),
    "fjord": _l("Blå"),
    "skog": _l("Grønn"),
    "lyng": _l("Lilla"),
}
"""The accent colours of assets/css/theme.css; the first is the standard."""

GOALS: Mapping[int, Any] = {
    1: _l("Utrydde fattigdom"),
    2: _l("Utrydde sult"),
    3: _l("God helse og livskvalitet"),
    4: _l("God utdanning"),
    5: _l("Likestilling mellom kjønnene"),
    6: _l("Rent vann og gode sanitærforhold"),
    7: _l("Ren energi til alle"),
    8: _l("Anstendig arbeid og økonomisk vekst"),
    9: _l("Industri, innovasjon og infrastruktur"),
    10: _l("Mindre ulikhet"),
    11: _l("Bærekraftige byer og lokalsamfunn"),
    12: _l("Ansvarlig forbruk og produksjon"),
    13: _l("Stoppe klimaendringene"),
    14: _l("Livet i havet"),
    15: _l("Livet på land"),
    16: _l("Fred, rettferdighet og velfungerende institusjoner"),
    17: _l("Samarbeid for å nå målene"),
}


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One setting. `highest` is the largest number, or how many may be chosen."""

    key: str
    label: Any
    help: Any
    kind: Literal["number", "goals"]
    default: Any
    lowest: int = 0
    highest: int
    unit: Any = ""

    def fault(self, value: Any) -> Any:
        """Return what is wrong with a value, in words for a person; None when it will do."""
        if self.kind == "number":
            words = _l("Skriv et tall fra %(min)d til %(max)d.", min=self.lowest, max=self.highest)
            return None if self.lowest <= value <= self.highest else words
        if len(value) > self.highest:
            return _l("Velg høyst %(max)d mål.", max=self.highest)
        return None if set(value) <= GOALS.keys() else _l("Velg et av alternativene.")


DEFINITIONS: Sequence[Definition] = (
    Definition(
        key="minimum_age",
        label=_l("Aldersgrense"),
        help=_l("Hvor gammel en person må være for å lage bruker. De bekrefter det selv når de registrerer seg."),
        kind="number",
        default=13,
        lowest=0,
        highest=18,
        unit=_l("år"),
    ),
    Definition(
        key="prioritised_goals",
        label=_l("Bærekraftsmål kommunen prioriterer"),
        help=_l("Opptil seks mål. De vises først der folk velger mål."),
        kind="goals",
        default=(),
        highest=6,
    ),
    Definition(
        key="first_answer_days",
        label=_l("Frist for første svar på en idé"),
        help=_l("Så mange dager har kommunen på seg før saken vises som forsinket, også for innbyggerne."),
        kind="number",
        default=14,
        lowest=1,
        highest=90,
        unit=_l("dager"),
    ),
    Definition(
        key="round_key_days",
        label=_l("Hvor lenge nøkkelen til en runde tas vare på"),
        help=_l(
            "Så mange dager etter at resultatet er publisert. Så lenge kan resultatet rettes. "
            "Etterpå slettes nøkkelen, og da kan ingen, heller ikke vi, koble en vurdering til en person."
        ),
        kind="number",
        default=30,
        lowest=0,
        highest=365,
        unit=_l("dager"),
    ),
)

BY_KEY: Mapping[str, Definition] = {definition.key: definition for definition in DEFINITIONS}
