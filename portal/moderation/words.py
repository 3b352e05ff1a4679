"""What moderators call causes, verdicts, signals and steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.i18n import _l
from portal.moderation.models import Cause, Outcome, Verdict
from portal.moderation.signals import Signal

CAUSES: Mapping[Cause, Any] = {
    Cause.NEW: _l("Ny tekst"),
    Cause.EDITED: _l("Endret tekst"),
    Cause.REPORTED: _l("Meldt"),
    Cause.OWN_INITIATIVE: _l("Eget tiltak"),
}
VERDICTS: Mapping[Verdict, Any] = {
    Verdict.APPROVE: _l("Vises"),
    Verdict.MASK: _l("Noe er sladdet"),
    Verdict.ASK_CHANGES: _l("Må endres"),
    Verdict.HIDE: _l("Tatt ned"),
    Verdict.REJECT: _l("Vises ikke"),
    Verdict.LIMIT: _l("Kontoen er begrenset"),
}
CHOICES: Mapping[Verdict, Any] = {
    Verdict.APPROVE: _l("Vis teksten"),
    Verdict.MASK: _l("Sladd noe, og vis resten"),
    Verdict.ASK_CHANGES: _l("Be om endring"),
    Verdict.HIDE: _l("Ta den ned"),
    Verdict.REJECT: _l("Ikke vis den"),
}
SIGNALS: Mapping[Signal, Any] = {
    Signal.NATIONAL_ID: _l("Fødselsnummer eller D-nummer"),
    Signal.BANK_ACCOUNT: _l("Kontonummer"),
    Signal.PHONE: _l("Telefonnummer"),
    Signal.EMAIL: _l("E-postadresse"),
    Signal.LINKS: _l("Mange lenker"),
    Signal.REPETITION: _l("Gjentakelse"),
    Signal.WORD: _l("Ord fra lista"),
    Signal.FLOOD: _l("Mange tekster på kort tid"),
}
FIELDS: Mapping[str, Any] = {
    "text": _l("Teksten"),
    "title": _l("Tittelen"),
    "summary": _l("Sammendraget"),
    "challenge": _l("Utfordringen"),
    "solution": _l("Forslaget"),
    "usefulness": _l("Nytten for andre"),
    "name": _l("Navnet på fila"),
    "alt_text": _l("Teksten for dem som ikke ser bildet"),
}
"""The texts of the kinds of content, where a thing has several."""
ANSWER = "answer:"
"""Before what was asked, in the names of the answers to a campaign's questions."""


def field_name(name: str) -> Any:
    """Return what a text of a thing is called to those who moderate it."""
    if name.startswith(ANSWER):
        return _l("Svaret på «%(question)s»", question=name.removeprefix(ANSWER).replace("-", " "))
    return FIELDS.get(name, name)


OUTCOMES: Mapping[Outcome, Any] = {
    Outcome.UPHELD: _l("Medhold: avgjørelsen er omgjort"),
    Outcome.DISMISSED: _l("Ikke medhold: avgjørelsen står"),
}
STEPS: Mapping[str, Any] = {
    "opened": _l("Saken ble åpnet"),
    "passed": _l("Vist med en gang, etter innstillingene"),
    "edited": _l("Forfatteren endret teksten"),
    "reported": _l("Noen meldte teksten"),
    "claimed": _l("Tok saken"),
    "released": _l("Slapp saken"),
    "decided": _l("Avgjorde saken"),
    "closed": _l("Lukket: teksten er trukket eller slettet"),
    "appealed": _l("Noen klaget"),
    "appeal_decided": _l("Avgjorde klagen"),
    "ended": _l("Tiden var ute, og teksten vises igjen"),
    "author_revealed": _l("Så hvem som skrev"),
    "original_read": _l("Leste originalen"),
    "overdue_told": _l("Over fristen: moderatorene fikk beskjed"),
}
