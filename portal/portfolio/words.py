"""What types, links, purposes and states are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.i18n import _l
from portal.portfolio.models import ApplicationState, BenefitType, Outcome, Purpose, ResultLink
from portal.portfolio.realisation import Status, Unit

TYPES: Mapping[str, Any] = {
    BenefitType.EFFICIENCY: _l("Effektivisering"),
    BenefitType.QUALITY: _l("Kvalitet"),
    BenefitType.OTHERS: _l("For øvrige aktører"),
}
TYPE_MEANINGS: Mapping[str, Any] = {
    BenefitType.EFFICIENCY: _l("Kommunen bruker mindre tid eller penger på det samme."),
    BenefitType.QUALITY: _l("Tjenesten blir bedre for dem som bruker den eller jobber i den."),
    BenefitType.OTHERS: _l("Andre får nytten: innbyggere, frivillige, næringsliv, andre etater."),
}
LINKS: Mapping[str, Any] = {
    ResultLink.INPUTS: _l("Innsatsfaktorer"),
    ResultLink.ACTIVITIES: _l("Aktiviteter"),
    ResultLink.OUTPUTS: _l("Produkter og tjenester"),
    ResultLink.USER_EFFECTS: _l("Brukereffekter"),
    ResultLink.SOCIETY_EFFECTS: _l("Samfunnseffekter"),
}
LINK_MEANINGS: Mapping[str, Any] = {
    ResultLink.INPUTS: _l("Det vi legger inn: folk, tid og penger."),
    ResultLink.ACTIVITIES: _l("Det vi gjør."),
    ResultLink.OUTPUTS: _l("Det som kommer ut av det."),
    ResultLink.USER_EFFECTS: _l("Det som blir annerledes for brukerne."),
    ResultLink.SOCIETY_EFFECTS: _l("Det som blir annerledes i samfunnet."),
}
STATUSES: Mapping[str, Any] = {
    Status.PLANNED: _l("Planlagt"),
    Status.MEASURING: _l("Under måling"),
    Status.REALISED: _l("Realisert"),
    Status.PARTLY: _l("Delvis realisert"),
    Status.NOT_REALISED: _l("Ikke realisert, med læring"),
}
STATUS_TONES: Mapping[str, str] = {
    Status.PLANNED: "neutral",
    Status.MEASURING: "info",
    Status.REALISED: "success",
    Status.PARTLY: "accent",
    Status.NOT_REALISED: "warm",
}
UNITS: Mapping[str, Any] = {
    Unit.KRONER: _l("kroner i året"),
    Unit.HOURS: _l("timer i året"),
    Unit.OTHER: _l("noe annet"),
}
PURPOSES: Mapping[str, Any] = {
    Purpose.SEED: _l("Såkornmidler"),
    Purpose.OWN_SHARE: _l("Egenandel ved ekstern finansiering"),
    Purpose.COOPERATION: _l("Eksternt samarbeid og samskapingsarenaer"),
    Purpose.COMPETENCE: _l("Kompetanse og metode"),
}
PURPOSE_MEANINGS: Mapping[str, Any] = {
    Purpose.SEED: _l("Til å prøve ut noe lite i en virksomhet, så vi ser om det virker."),
    Purpose.OWN_SHARE: _l("Kommunens del når andre betaler resten, for eksempel staten eller en stiftelse."),
    Purpose.COOPERATION: _l("Til samarbeid med folk og virksomheter utenfor kommunen, og til møteplasser for det."),
    Purpose.COMPETENCE: _l("Til å lære metoder for innovasjon, samskaping og gevinster."),
}
STATES: Mapping[str, Any] = {
    ApplicationState.DRAFT: _l("Utkast"),
    ApplicationState.SENT: _l("Sendt, venter på svar"),
    ApplicationState.GRANTED: _l("Innvilget"),
    ApplicationState.DECLINED: _l("Ikke innvilget"),
    ApplicationState.WITHDRAWN: _l("Trukket"),
}
STATE_TONES: Mapping[str, str] = {
    ApplicationState.DRAFT: "neutral",
    ApplicationState.SENT: "info",
    ApplicationState.GRANTED: "success",
    ApplicationState.DECLINED: "neutral",
    ApplicationState.WITHDRAWN: "neutral",
}
OUTCOMES: Mapping[str, Any] = {
    Outcome.AS_PLANNED: _l("Det gikk som planlagt"),
    Outcome.PARTLY: _l("Det gikk delvis som planlagt"),
    Outcome.FAILED: _l("Det gikk ikke som planlagt"),
}
