"""The house rules: what isn't allowed, in plain words, and the law behind it. What is merely unpleasant is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule that a restriction can cite, and that a report can name."""

    key: str
    title: Any
    text: Any
    """What isn't allowed, and what still is."""
    law: Any = ""
    """Empty: a rule of the portal's own."""


THRESHOLD = _l(
    "Du kan være sint, uenig, skarp og kritisk, også mot kommunen og politikerne. "
    "Vi fjerner ikke noe fordi det er ubehagelig å lese. Terskelen er høy, og loven og reglene her setter grensen."
)

RULES: Sequence[Rule] = (
    Rule(
        key="personal_data",
        title=_l("Andres personopplysninger"),
        text=_l(
            "Skriv ikke fødselsnummer, telefonnummer, adresse, helse eller annet om privatpersoner. "
            "Om folk i rollen sin, som politikere og ledere, kan du skrive det de har gjort i rollen."
        ),
        law=_l("Personopplysningsloven og personvernforordningen artikkel 6 og 9"),
    ),
    Rule(
        key="private_life",
        title=_l("Andres privatliv"),
        text=_l("Del ikke private forhold, bilder eller rykter om andre uten at de har sagt ja."),
        law=_l("Straffeloven § 267 og åndsverkloven § 104"),
    ),
    Rule(
        key="threats",
        title=_l("Trusler"),
        text=_l("Kom ikke med trusler, verken rett ut eller ved å antyde at noe vondt skal skje noen."),
        law=_l("Straffeloven §§ 263 og 264"),
    ),
    Rule(
        key="hate",
        title=_l("Hatefulle ytringer"),
        text=_l(
            "Kom ikke med trusler, hån eller oppfordringer til hat mot noen på grunn av hudfarge, etnisitet, religion, "
            "seksuell orientering, kjønnsuttrykk eller funksjonsnedsettelse. "
            "Kritikk av religioner, meninger og politikk er lov."
        ),
        law=_l("Straffeloven § 185 og likestillings- og diskrimineringsloven § 13"),
    ),
    Rule(
        key="harassment",
        title=_l("Plaging og forfølging"),
        text=_l("Gå ikke etter én person igjen og igjen. Ett skarpt svar er ikke plaging."),
        law=_l("Straffeloven § 266"),
    ),
    Rule(
        key="defamation",
        title=_l("Grove, udokumenterte påstander om en person"),
        text=_l("Påstå ikke at navngitte personer har gjort noe alvorlig galt når det ikke er dokumentert."),
        law=_l("Skadeserstatningsloven § 3-6 a"),
    ),
    Rule(
        key="confidential",
        title=_l("Taushetsbelagte opplysninger"),
        text=_l("Del ikke det noen har taushetsplikt om, som opplysninger fra barnevern, skole, helse eller NAV."),
        law=_l("Forvaltningsloven om taushetsplikt og straffeloven § 209"),
    ),
    Rule(
        key="incitement",
        title=_l("Oppfordring til lovbrudd"),
        text=_l("Be ikke andre om å bryte loven. Å be om at en lov blir endret, er lov."),
        law=_l("Straffeloven § 183"),
    ),
    Rule(
        key="impersonation",
        title=_l("Å gi seg ut for en annen"),
        text=_l("Skriv ikke som om du er en annen person, en organisasjon eller kommunen. Dekknavn er lov."),
        law=_l("Straffeloven § 202"),
    ),
    Rule(
        key="sexual",
        title=_l("Seksuelt innhold"),
        text=_l("Del ikke pornografi eller seksuelle krenkelser. Å skrive saklig om seksualitet er lov."),
        law=_l("Straffeloven §§ 298, 311 og 317"),
    ),
    Rule(
        key="copyright",
        title=_l("Andres tekst og bilder"),
        text=_l("Del ikke hele tekster eller bilder som andre har laget, uten lov. Å sitere med kilde er lov."),
        law=_l("Åndsverkloven § 3, og § 29 om sitat"),
    ),
    Rule(
        key="spam",
        title=_l("Reklame, svindel og søppel"),
        text=_l("Bruk ikke portalen til reklame, svindel, masseutsendelser eller samme tekst mange ganger."),
    ),
    Rule(
        key="off_topic",
        title=_l("Har ingenting med saken å gjøre"),
        text=_l("Skriv der det hører hjemme. En uvant vinkel på saken er lov."),
    ),
)

BY_KEY: Mapping[str, Rule] = {rule.key: rule for rule in RULES}
