"""What notices say, and what their kinds and frequencies are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.i18n import _l
from portal.notifications.models import Frequency, NoticeKind

SENTENCES: Mapping[str, Any] = {
    "answered": _l("Kommunen har svart på det du skrev"),
    "replied": _l("Noen har svart på det du skrev"),
    "written": _l("Det er skrevet noe nytt om noe du følger"),
    "published": _l("Resultatet er klart for noe du følger"),
    "approved": _l("Det du skrev, er nå synlig for alle"),
    "restricted": _l("En moderator har avgjort en sak om det du skrev"),
    "report_decided": _l("Det du meldte fra om, er avgjort"),
    "appeal_decided": _l("Klagen din er avgjort"),
    "idea_received": _l("Vi har fått ideen din"),
    "idea_answered": _l("Kommunen har svart på ideen din"),
    "idea_assessing": _l("Kommunen vurderer ideen din"),
    "idea_decided": _l("Kommunen har besluttet hva som skjer med ideen din"),
    "idea_sent": _l("Kommunen har sendt ideen din videre"),
    "idea_under_way": _l("Arbeidet med ideen din er i gang"),
    "idea_realised": _l("Ideen din er nyttiggjort"),
    "idea_closed": _l("Ideen din er avsluttet, og vi forteller hva vi lærte"),
    "idea_reopened": _l("Kommunen tar opp igjen ideen din"),
    "idea_progress": _l("Det er nytt om ideen din"),
    "idea_merged": _l("Ideen din er slått sammen med en som ligner"),
    "idea_joined": _l("En idé som ligner, er slått sammen med din"),
    "idea_separated": _l("Ideen din står for seg selv igjen"),
    "idea_asked": _l("Hjalp det? Si hva du mener"),
    "followed_decided": _l("Kommunen har besluttet hva som skjer med noe du følger eller støtter"),
    "followed_progress": _l("Det er nytt om noe du følger eller støtter"),
    "followed_realised": _l("Noe du følger eller støtter, er nyttiggjort"),
    "followed_closed": _l("Noe du følger eller støtter, er avsluttet"),
    "case_assigned": _l("Du har fått en sak"),
    "case_answer_soon": _l("Fristen for å svare er om få dager"),
    "case_answer_late": _l("Fristen for å svare er ute"),
    "case_untold": _l("Folk venter på å høre hvordan det går"),
    "cases_wait": _l("Flere saker venter på deg"),
    "funds_applied": _l("Noen søker om innovasjonsmidler"),
    "funds_decided": _l("Kommunen har svart på søknaden din om innovasjonsmidler"),
    "funds_paid": _l("Kommunen har betalt ut innovasjonsmidler til deg"),
    "benefits_late": _l("Gevinster skulle vært målt"),
    "project_begun": _l("Noe du foreslo, følger eller støtter, er blitt et samskapingsprosjekt. Du kan bli med"),
    "project_moved": _l("Et prosjekt du er med i eller følger, er i en ny fase"),
    "project_ended": _l("Et prosjekt du er med i eller følger, er avsluttet"),
    "membership_asked": _l("Noen ber om å bli med i prosjektet ditt"),
    "member_joined": _l("Du er med i prosjektet"),
    "member_came": _l("Noen er blitt med i prosjektet ditt"),
    "agreement_to_confirm": _l("En ny versjon av avtalen venter på svar fra parten din"),
    "agreement_confirmed": _l("En part har bekreftet avtalen"),
    "input_given": _l("Prosjektet ditt har fått innspill"),
    "input_answered": _l("Du har fått svar på innspillet ditt"),
    "signed_up": _l("Noen har meldt seg til noe prosjektet ditt trenger"),
    "signed_off": _l("Prosjektet har meldt deg av"),
    "help_thanked": _l("Prosjektet takker deg for hjelpen"),
    "meeting_moved": _l("Et møte du skal på, har fått ny tid eller nytt sted"),
    "meeting_cancelled": _l("Et møte du skulle på, er avlyst"),
    "message_sent": _l("Du har fått en melding"),
}
KINDS: Mapping[NoticeKind, Any] = {
    NoticeKind.ANSWER: _l("Kommunen svarer deg"),
    NoticeKind.REPLY: _l("Andre svarer deg"),
    NoticeKind.FOLLOWED: _l("Nytt om det du følger"),
    NoticeKind.DECISION: _l("Avgjørelser om det du har skrevet"),
    NoticeKind.OWN: _l("Det som skjer med ideene dine"),
    NoticeKind.WORK: _l("Saker du har i kommunen"),
    NoticeKind.PROJECT: _l("Prosjekter du er med i eller hjelper, og meldinger til deg"),
}
FREQUENCIES: Mapping[Frequency, Any] = {
    Frequency.NOW: _l("Med en gang"),
    Frequency.DAILY: _l("Samlet én gang om dagen"),
    Frequency.WEEKLY: _l("Samlet én gang i uka, på mandag"),
    Frequency.NEVER: _l("Ikke på e-post"),
}
