"""What the types, the answers and the outcomes are called, and what they mean for who decides, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.cocreation.typology import Check, Outcome, ProjectType, Reading
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class TypeWords:
    """One of the four types."""

    name: Any
    lower: Any
    """The name inside a sentence."""
    is_when: Any
    """What it is, in one sentence."""
    decides: Mapping[str, Any]
    """Who decides in each step, as Ulrich has it."""
    goes_wrong: Any
    """What usually goes wrong with it."""


TYPES: Mapping[ProjectType, TypeWords] = {
    ProjectType.STEERED: TypeWords(
        name=_l("Styrt"),
        lower=_l("styrt"),
        is_when=_l("Kommunen bestemmer problemet, målet og løsningen, og tar imot innspill fra andre på veien."),
        decides={
            "problem": _l("Kommunen"),
            "goals": _l("Kommunen"),
            "design": _l("Kommunen, med innspill fra andre"),
            "carry_out": _l("Kommunen, med innspill fra andre"),
        },
        goes_wrong=_l(
            "Innspillene kommer så sent at ingenting kan endres. Da blir det en høring av noe som er ferdig, og folk "
            "merker det. Si tidlig hva som kan endres, og svar på hvert innspill."
        ),
    ),
    ProjectType.RESPONSIBLE: TypeWords(
        name=_l("Ansvarliggjørende"),
        lower=_l("ansvarliggjørende"),
        is_when=_l("Kommunen bestemmer problemet og målet. Andre er med på å forme løsningen og gjennomføre den."),
        decides={
            "problem": _l("Kommunen"),
            "goals": _l("Kommunen"),
            "design": _l("Andre er med"),
            "carry_out": _l("Andre er med"),
        },
        goes_wrong=_l(
            "Andre får arbeidet, men ikke makten over det. De frivillige blir slitne når målet er kommunens og timene "
            "er deres. Avtal hva kommunen bidrar med, og hva de andre kan bestemme selv."
        ),
    ),
    ProjectType.EQUAL: TypeWords(
        name=_l("Likeverdig"),
        lower=_l("likeverdig"),
        is_when=_l(
            "Kommunen peker ut et område, og andre er med på å si hva problemet er. Resten bestemmer dere sammen."
        ),
        decides={
            "problem": _l("Kommunen peker ut området, andre er med på å si hva problemet er"),
            "goals": _l("Sammen"),
            "design": _l("Sammen"),
            "carry_out": _l("Sammen"),
        },
        goes_wrong=_l(
            "Ingen vet hvem som har siste ord, og kommunen ender med å ta det likevel. Den som har mest tid og flest "
            "møter bak seg, får mest å si. Avtal hvordan dere blir enige, og hva dere gjør når dere ikke er det."
        ),
    ),
    ProjectType.FACILITATING: TypeWords(
        name=_l("Fasiliterende"),
        lower=_l("fasiliterende"),
        is_when=_l(
            "Innbyggere og sivilsamfunn bestemmer problemet, målet og løsningen. Kommunen hjelper til der den kan."
        ),
        decides={
            "problem": _l("Innbyggere og sivilsamfunn"),
            "goals": _l("Innbyggere og sivilsamfunn"),
            "design": _l("Innbyggere og sivilsamfunn"),
            "carry_out": _l("Innbyggere og sivilsamfunn. Kommunen hjelper til og kan bidra"),
        },
        goes_wrong=_l(
            "Kommunen lover hjelp og forsvinner, eller hjelper så mye at den tar over. Prosjektet står på noen få "
            "personer. Avtal hva kommunen stiller opp med, hvor lenge, og hvem som kan ta over etter ildsjelene."
        ),
    ),
}
OPEN = _l("Ikke avklart")
"""Where a project's type is open."""


@dataclass(frozen=True, kw_only=True)
class StepWords:
    """One of the four steps."""

    name: Any
    question: Any
    help: Any
    talk: Any
    """What helps parties that answer differently to talk."""


STEP_WORDS: Mapping[str, StepWords] = {
    "problem": StepWords(
        name=_l("Problem"),
        question=_l("Hvem bestemmer hva problemet er?"),
        help=_l("Hvem sier hva som må løses, og for hvem?"),
        talk=_l("Hvem merker problemet i hverdagen, og har de fått beskrive det med egne ord?"),
    ),
    "goals": StepWords(
        name=_l("Mål"),
        question=_l("Hvem setter målet?"),
        help=_l("Hvem sier hva dere skal oppnå, og når det er godt nok?"),
        talk=_l("Kan målet endres nå? Hvem har siste ord hvis dere vil ulike ting?"),
    ),
    "design": StepWords(
        name=_l("Løsning"),
        question=_l("Hvem former løsningen?"),
        help=_l("Hvem tegner, velger og forkaster?"),
        talk=_l("Hva i løsningen ligger fast, og hva kan de andre fortsatt forandre?"),
    ),
    "carry_out": StepWords(
        name=_l("Gjennomføring"),
        question=_l("Hvem gjennomfører den?"),
        help=_l("Hvem gjør arbeidet og har ansvaret for at det blir gjort?"),
        talk=_l("Hvem gjør hva, og hvem stiller opp når noe stopper?"),
    ),
}
ANSWER_WORDS: Sequence[Any] = (
    _l("Kommunen alene"),
    _l("Kommunen, etter innspill fra andre"),
    _l("Kommunen og andre sammen, som likeverdige"),
    _l("Andre enn kommunen, med et bidrag fra den"),
    _l("Andre enn kommunen, alene"),
)
"""By the answer, 0–4."""


@dataclass(frozen=True, kw_only=True)
class CheckWords:
    """One of the three checks."""

    question: Any
    contradiction: Any
    """What is said when it contradicts the steps."""
    talk: Any


CHECK_WORDS: Mapping[Check, CheckWords] = {
    Check.GOAL_LOCKED: CheckWords(
        question=_l("Var målet bestemt før de andre kom med?"),
        contradiction=_l(
            "Stegene sier at andre er med og bestemmer, men målet var bestemt før de kom med. "
            "Da er det mer forutsigbart enn stegene tilsier."
        ),
        talk=_l("Når ble målet satt, og hvem var med da?"),
    ),
    Check.FRAME_LOCKED: CheckWords(
        question=_l("Var penger og andre rammer bestemt på forhånd?"),
        contradiction=_l(
            "Stegene sier at andre er med og bestemmer, men penger og rammer var bestemt på forhånd. "
            "Da er det mer forutsigbart enn stegene tilsier."
        ),
        talk=_l("Hvilke rammer ligger fast, hvem satte dem, og kan noen av dem flyttes?"),
    ),
    Check.COULD_END_ELSEWHERE: CheckWords(
        question=_l("Kan det ende et helt annet sted enn dere tror nå?"),
        contradiction=_l(
            "Stegene sier at kommunen bestemmer problemet og målet, men dere tror det kan ende et helt annet sted. "
            "Da er det mindre forutsigbart enn stegene tilsier."
        ),
        talk=_l("Hva skal til for at dere skifter retning, og hvem kan si fra?"),
    ),
}
YES_NO: Mapping[bool, Any] = {True: _l("Ja"), False: _l("Nei")}

FALSE_SAMSKAPING: Sequence[Any] = (
    _l("En ferdig løsning som sendes på høring, er ikke samskaping. Da er det ikke noe igjen å skape."),
    _l("Å flytte oppgaver fra kommunen til frivillige for å spare penger er heller ikke samskaping."),
)


def headline(reading: Reading) -> Any:
    """Return what a set of answers comes to, in a few words."""
    if reading.outcome is Outcome.MUNICIPAL:
        return _l("Kommunens eget prosjekt, ikke samskaping")
    if reading.outcome is Outcome.CIVIL:
        return _l("Sivilsamfunnets eget, ikke samskaping")
    if reading.other is not None:
        return _l("Mellom %(one)s og %(other)s", one=TYPES[reading.type].lower, other=TYPES[reading.other].lower)
    if reading.outcome is Outcome.MIXED:
        return _l("Blandet, nærmest likeverdig")
    return TYPES[reading.type].name


def reasons(reading: Reading) -> Sequence[Any]:
    """Return why a set of answers comes to what it does, a sentence for each reason."""
    if not reading.is_samskaping:
        return (_ALONE[reading.outcome],)
    told = [_PREDICTABILITY[reading.is_high], _CENTRAL_ACTOR[reading.type]]
    told += [CHECK_WORDS[each].contradiction for each in reading.contradictions]
    if reading.other is not None and not reading.contradictions:
        other = TYPES[reading.other].lower
        told.append(_l("Men svarene ligner minst like mye på det som er vanlig for %(other)s samskaping.", other=other))
    if reading.outcome is Outcome.MIXED:
        told.append(_l("Men ikke noe av de fire stegene gjøres sammen: noen tar ett steg, andre tar det neste."))
    return told


_PREDICTABILITY: Mapping[bool, Any] = {
    True: _l(
        "Kommunen bestemmer både hva problemet er, og hva målet er. Da er det ganske forutsigbart hvor det ender."
    ),
    False: _l("Andre er med og bestemmer problemet eller målet. Da er det mindre forutsigbart hvor det ender."),
}
_CENTRAL_ACTOR: Mapping[ProjectType, Any] = {
    ProjectType.STEERED: _l("Kommunen har også mest å si for løsningen og gjennomføringen."),
    ProjectType.RESPONSIBLE: _l("Andre er med for fullt på å forme løsningen eller gjennomføre den."),
    ProjectType.EQUAL: _l("Ser vi de fire stegene under ett, er kommunen fortsatt med for fullt."),
    ProjectType.FACILITATING: _l("Ser vi de fire stegene under ett, er det andre enn kommunen som leder."),
}
_ALONE: Mapping[Outcome, Any] = {
    Outcome.MUNICIPAL: _l(
        "Kommunen gjør alt alene. Det kan være helt riktig, men det er ikke samskaping før andre er med."
    ),
    Outcome.CIVIL: _l(
        "Andre enn kommunen gjør alt alene. Det kan være helt riktig, men det er ikke samskaping før kommunen er med."
    ),
}
