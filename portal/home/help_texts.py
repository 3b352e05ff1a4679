"""What the help page answers: short, for one role at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.kernel.i18n import _l


class Audience(StrEnum):
    """For whom an answer is, in the order of the page."""

    RESIDENT = "innbygger"
    SPOKESPERSON = "talsperson"
    EMPLOYEE = "ansatt"
    MODERATOR = "moderator"
    COORDINATOR = "koordinator"
    ADMINISTRATOR = "administrator"


HEADINGS: Mapping[Audience, Any] = {
    Audience.RESIDENT: _l("For alle"),
    Audience.SPOKESPERSON: _l("For deg som svarer for en organisasjon"),
    Audience.EMPLOYEE: _l("For ansatte"),
    Audience.MODERATOR: _l("For moderatorer"),
    Audience.COORDINATOR: _l("For koordinatorer"),
    Audience.ADMINISTRATOR: _l("For administratorer"),
}


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One question and its answer; `key` is its place on the page, and `more` the page that says more."""

    key: str
    audience: Audience
    question: Any
    answer: Any
    more: str = ""
    """An endpoint."""
    anchor: str | None = None


def matches(topic: Topic, asked: str) -> bool:
    """Say whether every word somebody asks for stands in the question or the answer."""
    text = f"{topic.question} {topic.answer}".casefold()
    return all(word in text for word in asked.casefold().split())


_RESIDENT, _SPOKESPERSON, _EMPLOYEE = Audience.RESIDENT, Audience.SPOKESPERSON, Audience.EMPLOYEE
_MODERATOR, _COORDINATOR, _ADMINISTRATOR = Audience.MODERATOR, Audience.COORDINATOR, Audience.ADMINISTRATOR

_LIST: Sequence[Topic] = (
    Topic(
        key="alle-39",
        audience=_RESIDENT,
        question=_l("Må jeg svare på alle 39?"),
        answer=_l(
            "Nei. Svar på dem du har en mening om. Hvert svar lagres med en gang, og du kan fortsette en annen dag."
        ),
    ),
    Topic(
        key="endre-svar",
        audience=_RESIDENT,
        question=_l("Kan jeg endre et svar?"),
        answer=_l("Ja, så mange ganger du vil til runden lukker. Du kan også ta tilbake ett svar eller alle."),
    ),
    Topic(
        key="hemmelig",
        audience=_RESIDENT,
        question=_l("Kan noen se hva jeg svarer?"),
        answer=_l(
            "Nei. Svarene lagres uten navn og uten tidspunkt, under et merke som bare kan regnes ut med en nøkkel som "
            "ligger et annet sted. Nøkkelen slettes etter at resultatet er publisert."
        ),
        more="observatorium.method",
        anchor="hemmelig",
    ),
    Topic(
        key="fargene",
        audience=_RESIDENT,
        question=_l("Hva betyr fargene?"),
        answer=_l(
            "Rødt er ikke akseptabelt, gult er på vei, og grønt er at minstekravet er nådd. "
            "Grønt betyr ikke at alt er bra."
        ),
    ),
    Topic(
        key="skjulte-tall",
        audience=_RESIDENT,
        question=_l("Hva betyr «:» i tallene?"),
        answer=_l(
            "At tallet er skjult av hensyn til personvern. I små grupper kan et tall røpe hva en enkelt person mener."
        ),
        more="observatorium.method",
        anchor="skjult",
    ),
    Topic(
        key="stotte",
        audience=_RESIDENT,
        question=_l("Hva er forskjellen på å støtte og å følge?"),
        answer=_l(
            "Støtte er å si at du er enig. Den teller, men ingen ser at den er din, og du kan trekke den. "
            "Følger du noe, får du varsel når det skjer noe nytt."
        ),
    ),
    Topic(
        key="navn",
        audience=_RESIDENT,
        question=_l("Må jeg bruke navnet mitt når jeg skriver?"),
        answer=_l(
            "Nei. Du velger for hver tekst om den skal stå under navnet ditt, en organisasjon du taler for, eller et "
            "dekknavn. De ansatte ser ikke hvem som står bak et dekknavn uten å skrive en grunn, som blir loggført."
        ),
    ),
    Topic(
        key="endre-tekst",
        audience=_RESIDENT,
        question=_l("Kan jeg endre eller trekke det jeg har skrevet?"),
        answer=_l(
            "Ja. Endrer du en tekst, kan alle se hvordan den sto før. Trekker du den, blir teksten borte, "
            "men svarene fra andre blir stående."
        ),
    ),
    Topic(
        key="venter",
        audience=_RESIDENT,
        question=_l("Hvorfor vises ikke det jeg skrev?"),
        answer=_l(
            "Noen tekster leses av en moderator før de vises. Blir teksten din ikke vist, får du vite hvilken regel "
            "det gjelder, hvorfor, og hvordan du klager."
        ),
        more="home.rules",
    ),
    Topic(
        key="meld-fra",
        audience=_RESIDENT,
        question=_l("Hvordan melder jeg fra om noe som ikke hører hjemme her?"),
        answer=_l(
            "Velg «Meld fra» ved teksten. Du trenger ikke bruker. Du får en lenke der du kan følge saken, og du får "
            "vite hva vi bestemte."
        ),
    ),
    Topic(
        key="klage",
        audience=_RESIDENT,
        question=_l("Hvordan klager jeg på en avgjørelse?"),
        answer=_l(
            "Bruk lenken i begrunnelsen du fikk. Du trenger ikke logge inn. "
            "En annen enn den som bestemte først, avgjør klagen."
        ),
    ),
    Topic(
        key="varsler",
        audience=_RESIDENT,
        question=_l("Hvordan får jeg færre e-poster?"),
        answer=_l(
            "Under Varsler på Min side velger du for hver type om du vil ha e-post med en gang, samlet eller ikke. "
            "I hver e-post er det også en lenke som stopper dem."
        ),
    ),
    Topic(
        key="glemt-passord",
        audience=_RESIDENT,
        question=_l("Jeg har glemt passordet"),
        answer=_l("Velg «Glemt passordet?» der du logger inn. Du får en lenke på e-post som virker i én time."),
        more="accounts.forgotten",
    ),
    Topic(
        key="ingen-epost",
        audience=_RESIDENT,
        question=_l("Jeg får ingen e-post"),
        answer=_l("Se i søppelposten. Kommer den ikke i løpet av noen minutter, be om en ny lenke der du logger inn."),
    ),
    Topic(
        key="mine-data",
        audience=_RESIDENT,
        question=_l("Hvordan ser, laster ned eller sletter jeg det dere vet om meg?"),
        answer=_l(
            "På Min side. Der ser du alt, og kan laste det ned med filene dine. Før du sletter brukeren, "
            "står det hva som blir borte, og hva som blir stående."
        ),
        more="home.privacy",
    ),
    Topic(
        key="organisasjon",
        audience=_SPOKESPERSON,
        question=_l("Hvordan svarer jeg for en organisasjon?"),
        answer=_l(
            "En administrator i kommunen må først godkjenne organisasjonen og at du kan svare for den. Be om det på "
            "Min side. Hver organisasjon teller like mye, uansett hvor mange som svarer for den."
        ),
    ),
    Topic(
        key="begge",
        audience=_SPOKESPERSON,
        question=_l("Kan jeg svare både som innbygger og for organisasjonen?"),
        answer=_l("Nei, ikke i samme runde. Du velger når du begynner, og valget gjelder til runden er over."),
    ),
    Topic(
        key="skrive-for",
        audience=_SPOKESPERSON,
        question=_l("Hvordan skriver jeg i organisasjonens navn?"),
        answer=_l(
            "Velg organisasjonen under «Hvilket navn skal stå over innlegget?». Du kan bare velge organisasjoner der "
            "du er godkjent."
        ),
    ),
    Topic(
        key="slutte",
        audience=_SPOKESPERSON,
        question=_l("Hvordan slutter jeg å tale for organisasjonen?"),
        answer=_l("Under Organisasjoner på Min side. Det du har skrevet i organisasjonens navn, blir stående."),
    ),
    Topic(
        key="kommunens-svar",
        audience=_EMPLOYEE,
        question=_l("Hvordan svarer jeg på vegne av kommunen?"),
        answer=_l(
            "Skriv et svar og kryss av for «Dette er kommunens svar». Svaret merkes og ligger øverst, "
            "og den som skrev, får alltid vite om det."
        ),
    ),
    Topic(
        key="ansatt-vurdere",
        audience=_EMPLOYEE,
        question=_l("Kan jeg vurdere kommunen når jeg jobber der?"),
        answer=_l("Ja, som innbygger hvis du bor her. Svarene dine er like hemmelige som andres."),
    ),
    Topic(
        key="to-trinn",
        audience=_EMPLOYEE,
        question=_l("Hvorfor må jeg ha to-trinns innlogging?"),
        answer=_l(
            "Fordi du kan se og gjøre mer enn andre. Du setter det opp på Min side med en app som lager koder. "
            "Logger du inn med jobbkontoen, er det ofte gjort der."
        ),
    ),
    Topic(
        key="koen",
        audience=_MODERATOR,
        question=_l("Hvilken sak tar jeg først?"),
        answer=_l(
            "Den som står øverst: køen er sortert etter fristen. Når noen har meldt fra om en tekst, blir fristen "
            "kortere. Når du tar en sak, ser andre at den er din."
        ),
    ),
    Topic(
        key="terskel",
        audience=_MODERATOR,
        question=_l("Når skal jeg skjule noe?"),
        answer=_l(
            "Bare når en regel er brutt. Ubehagelig er ikke nok. Er det bare noen ord som er problemet, sladder du "
            "dem og lar resten stå. Hver begrensning krever en regel og en begrunnelse, som du ser før den sendes."
        ),
        more="home.rules",
    ),
    Topic(
        key="tegn",
        audience=_MODERATOR,
        question=_l("Hva betyr det at maskinen har merket noe?"),
        answer=_l(
            "At teksten kan inneholde et fødselsnummer, telefonnummer, lenker eller ord på lista. Maskinen skjuler "
            "aldri noe. Det er du som bestemmer."
        ),
    ),
    Topic(
        key="pseudonym-bak",
        audience=_MODERATOR,
        question=_l("Kan jeg se hvem som står bak et dekknavn?"),
        answer=_l("Bare hvis du trenger det for å avgjøre saken. Du må skrive hvorfor, og det blir loggført."),
    ),
    Topic(
        key="klager-pa-meg",
        audience=_MODERATOR,
        question=_l("Hva skjer når noen klager på det jeg bestemte?"),
        answer=_l("En annen avgjør klagen. Får den som klaget, medhold, blir alt som det var, og du ser det i saken."),
    ),
    Topic(
        key="ny-runde",
        audience=_COORDINATOR,
        question=_l("Hvordan starter jeg en runde?"),
        answer=_l(
            "Lag runden under Styr observatoriet, velg når den åpner og lukker, og åpne den. "
            "Indikatorene låses når runden åpner."
        ),
    ),
    Topic(
        key="egenvurdering",
        audience=_COORDINATOR,
        question=_l("Hvor setter jeg kommunens egen vurdering?"),
        answer=_l(
            "På siden for runden, før den publiseres. Den vises ved siden av det folk har svart, og blandes aldri "
            "med det."
        ),
    ),
    Topic(
        key="publisere",
        audience=_COORDINATOR,
        question=_l("Hva skjer når jeg publiserer?"),
        answer=_l(
            "Resultatet regnes ut og vises for alle. Tall om små grupper skjules. "
            "Du kan rette eller trekke resultatet, og alle ser at du har gjort det og hvorfor."
        ),
    ),
    Topic(
        key="roller",
        audience=_ADMINISTRATOR,
        question=_l("Hvordan gir jeg noen en rolle?"),
        answer=_l(
            "Finn personen under Administrasjon og velg rollen. Roller som kommer fra kommunens innloggingstjeneste, "
            "styres der."
        ),
    ),
    Topic(
        key="godkjenne",
        audience=_ADMINISTRATOR,
        question=_l("Hvordan godkjenner jeg en organisasjon?"),
        answer=_l(
            "Sjekk at organisasjonsnummeret finnes i Enhetsregisteret, og at personen har en rolle der. "
            "Godkjenn så organisasjonen og talspersonen hver for seg."
        ),
    ),
    Topic(
        key="innstillinger",
        audience=_ADMINISTRATOR,
        question=_l("Hva kan jeg endre selv?"),
        answer=_l(
            "Navn, farger, kontaktadresse, aldersgrense, frister og hvordan tekster modereres. "
            "Alt du endrer, kan ses i loggen."
        ),
    ),
    Topic(
        key="drift",
        audience=_ADMINISTRATOR,
        question=_l("Hvor ser jeg om noe har stoppet?"),
        answer=_l(
            "Under Drift i administrasjonen: e-post som ikke er sendt, og om arbeideren lever. "
            "Du kan prøve igjen eller gi opp med en grunn."
        ),
    ),
)

TOPICS: Mapping[int, Topic] = dict(enumerate(_LIST, 1))
