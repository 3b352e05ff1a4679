"""The settings an administrator can change while the portal runs: what they are called, and what they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


MODES: Mapping[str, Any] = {
    "pre": _l("Alt leses før det vises"),
    "new_authors": _l("Det nye skribenter skriver, leses før det vises"),
    "post": _l("Alt vises med en gang, og leses etterpå når noe tyder på at det trengs"),
}
LINE_LONGEST = 100


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One setting. `highest` is the largest number, how many may be chosen, or how many lines there may be."""

    key: str
    label: Any
    help: Any
    kind: Literal["number", "goals", "choice", "lines"]
    default: Any
    lowest: int = 0
    highest: int = 1
    unit: Any = ""
    choices: Mapping[str, Any] = field(default_factory=dict)

    def fault(self, value: Any) -> Any:
        """Return what is wrong with a value, in words for a person; None when it will do."""
        return getattr(self, f"_{self.kind}_fault")(value)

    def _number_fault(self, value: int) -> Any:
        words = _l("Skriv et tall fra %(min)d til %(max)d.", min=self.lowest, max=self.highest)
        return None if self.lowest <= value <= self.highest else words

    def _goals_fault(self, value: Sequence[int]) -> Any:
        if len(value) > self.highest:
            return _l("Velg høyst %(max)d mål.", max=self.highest)
        return None if set(value) <= GOALS.keys() else _l("Velg et av alternativene.")

    def _choice_fault(self, value: str) -> Any:
        return None if value in self.choices else _l("Velg et av alternativene.")

    def _lines_fault(self, value: Sequence[str]) -> Any:
        if len(value) > self.highest:
            return _l("Skriv høyst %(max)d linjer.", max=self.highest)
        if any(len(line) > LINE_LONGEST for line in value):
            return _l("En linje kan ha høyst %(max)d tegn.", max=LINE_LONGEST)
        return None


def _mode(kind: str, label: Any, default: str = "new_authors") -> Definition:
    return Definition(
        key=f"moderation_of_{kind}",
        label=label,
        help=_l("Opplysninger om personer, som telefonnummer, venter alltid på en moderator, uansett hva du velger."),
        kind="choice",
        default=default,
        choices=MODES,
    )


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
        key="progress_days",
        label=_l("Påminnelse om å fortelle hvordan det går"),
        help=_l(
            "Så mange dager uten nytt om en idé som er besluttet eller under arbeid, "
            "før den som har saken, minnes på det."
        ),
        kind="number",
        default=90,
        lowest=14,
        highest=365,
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
    Definition(
        key="backup_days",
        label=_l("Hvor lenge sikkerhetskopier tas vare på"),
        help=_l(
            "Så mange dager kan noe som er slettet, ligge i en sikkerhetskopi. Folk leser det før de sletter brukeren. "
            "Tallet må være det samme som i oppsettet av sikkerhetskopiene."
        ),
        kind="number",
        default=30,
        lowest=1,
        highest=365,
        unit=_l("dager"),
    ),
    Definition(
        key="organisation_number",
        label=_l("Kommunens organisasjonsnummer"),
        help=_l("Ni siffer. Andre kommuners portaler ser det når de utveksler løsninger med oss."),
        kind="lines",
        default=(),
        highest=1,
    ),
    _mode("observatory_comment", _l("Moderering av kommentarer til indikatorer")),
    _mode("idea", _l("Moderering av ideer og tidstyver")),
    _mode("contribution", _l("Moderering av argumenter, spørsmål og kommentarer")),
    _mode("file", _l("Moderering av filer og bilder"), "pre"),
    Definition(
        key="moderation_known_after",
        label=_l("Når en skribent er kjent"),
        help=_l("Så mange tekster må en moderator ha sluppet fram før skribenten ikke lenger regnes som ny."),
        kind="number",
        default=3,
        lowest=1,
        highest=50,
        unit=_l("tekster"),
    ),
    Definition(
        key="moderation_words",
        label=_l("Ord en moderator skal se på"),
        help=_l(
            "Ett ord på hver linje. Stjerne til slutt betyr begynnelsen av et ord: «idiot*». "
            "Ordene gjør bare at noen ser på teksten. Ingenting skjules av dem."
        ),
        kind="lines",
        default=(),
        highest=500,
    ),
    Definition(
        key="moderation_hours",
        label=_l("Frist for å se på en tekst som venter"),
        help=_l("Så lenge kan en tekst vente på en moderator før den er over fristen."),
        kind="number",
        default=24,
        lowest=1,
        highest=240,
        unit=_l("timer"),
    ),
    Definition(
        key="moderation_report_hours",
        label=_l("Frist for å se på en tekst noen har meldt"),
        help=_l("En melding gjør fristen kortere. Den skjuler aldri teksten."),
        kind="number",
        default=8,
        lowest=1,
        highest=240,
        unit=_l("timer"),
    ),
    Definition(
        key="appeal_days",
        label=_l("Hvor lenge folk kan klage på en avgjørelse"),
        help=_l(
            "Så mange dager etter at de fikk begrunnelsen. "
            "EUs forordning om digitale tjenester krever minst seks måneder av store plattformer; vi gjør det samme."
        ),
        kind="number",
        default=180,
        lowest=21,
        highest=730,
        unit=_l("dager"),
    ),
    Definition(
        key="appeal_answer_days",
        label=_l("Frist for å svare på en klage"),
        help=_l("Så mange dager har vi på oss. Klagen avgjøres av en annen enn den som bestemte først."),
        kind="number",
        default=14,
        lowest=1,
        highest=90,
        unit=_l("dager"),
    ),
)

BY_KEY: Mapping[str, Definition] = {definition.key: definition for definition in DEFINITIONS}
