"""What roles, groups and the changes in the audit trail are called, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.accounts.settings_catalogue import BY_KEY, THEMES
from portal.kernel import municipalities
from portal.kernel.extensions import content
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Role, SignInMethod, StakeholderGroup

ROLES: Mapping[str, Any] = {
    Role.MEMBER: _l("Innbygger"),
    Role.EMPLOYEE: _l("Ansatt"),
    Role.IDEA_MANAGER: _l("Innovasjonsrådgiver"),
    Role.MODERATOR: _l("Moderator"),
    Role.COORDINATOR: _l("Koordinator"),
    Role.VERIFIER: _l("Innbyggerverifikatør"),
    Role.PARTNER: _l("Partner"),
    Role.ADMIN: _l("Administrator"),
}

ROLE_MEANINGS: Mapping[str, Any] = {
    Role.EMPLOYEE: _l("Melder tidstyver, svarer på ideer og vurderer indikatorer i egne tjenesteområder."),
    Role.IDEA_MANAGER: _l("Driver kampanjer og ideer, slår sammen duplikater og styrer innovasjonsmidler."),
    Role.MODERATOR: _l("Ser over det folk skriver, før det vises for alle."),
    Role.COORDINATOR: _l("Styrer rundene i observatoriet, egenvurderingen og publiseringen."),
    Role.VERIFIER: _l("Sjekker dokumentasjonen for observatoriet. Er ikke ansatt i kommunen."),
    Role.PARTNER: _l("Ansatt i en annen kommune. Deler og tar i bruk løsninger."),
    Role.ADMIN: _l("Styrer brukere, roller, organisasjoner og innstillinger: alt på disse sidene."),
}

GROUPS: Mapping[str, Any] = {
    StakeholderGroup.RESIDENT: _l("Innbyggere"),
    StakeholderGroup.VOLUNTARY_SECTOR: _l("Frivilligheten"),
    StakeholderGroup.BUSINESS: _l("Næringslivet"),
    StakeholderGroup.KNOWLEDGE: _l("Kunnskapsmiljøene"),
}

METHODS: Mapping[str, Any] = {
    SignInMethod.PASSWORD: _l("E-post og passord"),
    SignInMethod.OIDC: _l("Innloggingstjeneste"),
}

FIELDS: Mapping[str, Any] = {
    "name": _l("Navn"),
    "short_name": _l("Kort navn"),
    "part": _l("Del"),
    "theme": _l("Farge"),
    "contact_email": _l("E-post for kontakt"),
    "contact_text": _l("Tekst om kontakt"),
    "group": _l("Gruppe"),
    "number": _l("Nummer"),
    "total": _l("I alt"),
    "alike": _l("Hva svarene har felles"),
    "count": _l("Antall"),
    "day": _l("Dag"),
    "head": _l("Sjekksum"),
    "role": _l("Rolle"),
    "source": _l("Gitt av"),
    "alt": _l("Hva logoen viser"),
    "hash": _l("Bildets kjennetegn"),
    "method": _l("Måte å logge inn på"),
    "issuer": _l("Innloggingstjeneste"),
    "given": _l("Fikk"),
    "taken": _l("Mistet"),
    "language": _l("Språk"),
    "slug": _l("Runde"),
    "title": _l("Tittel"),
    "opens_at": _l("Åpner"),
    "closes_at": _l("Lukker"),
    "closed_before": _l("Skulle lukke"),
    "sign_in_methods": _l("Måter å logge inn på"),
    "catalogue_version": _l("Katalog"),
    "revision": _l("Utgave"),
    "content_hash": _l("Innholdets kjennetegn"),
    "has_conflict": _l("Inhabil"),
    "accepted": _l("Belegg godtatt"),
    "contested": _l("Belegg bestridt"),
    "verify_by": _l("Verifiseres innen"),
    "reply_by": _l("Tilsvar innen"),
    "by_title": _l("Som"),
    "indicator": _l("Indikator"),
    "level": _l("Nivå"),
    "part_level": _l("Nivå"),
    "copied_from": _l("Kopiert fra runde"),
    "due_on": _l("Frist"),
    "indicators": _l("Indikatorer"),
    "reason": _l("Grunn"),
    "strong": _l("Med høyt sikkerhetsnivå"),
    "left": _l("Igjen"),
    "roles": _l("Roller"),
    "verdict": _l("Avgjørelse"),
    "rule": _l("Regel"),
    "outcome": _l("Utfall"),
    "cause": _l("Hvorfor"),
    "appellant": _l("Klageren"),
    "shown": _l("Vises nå"),
    "chosen": _l("Valg"),
    "by_link": _l("Ved lenke i e-post"),
    "topic": _l("Sending"),
    "attempts": _l("Forsøk"),
    "failures": _l("Ganger det har gått galt på rad"),
    "size": _l("Størrelse"),
    "media_type": _l("Filtype"),
    "is_official": _l("På vegne av kommunen"),
    "form": _l("Slag"),
    "measured_on": _l("Målt"),
    "value": _l("Verdi"),
    "benefit_status": _l("Status"),
    "measure_status": _l("Status"),
    "deadline": _l("Frist"),
    "application_state": _l("Status"),
    "grant_outcome": _l("Hvordan det gikk"),
    "year": _l("År"),
    "frame_ore": _l("Ramme i øre"),
    "opens_on": _l("Åpner"),
    "closes_on": _l("Lukker"),
    "fund_purpose": _l("Formål"),
    "asked_ore": _l("Søkt om, i øre"),
    "granted_ore": _l("Innvilget, i øre"),
    "ore": _l("Utbetalt, i øre"),
    "spent_ore": _l("Brukt, i øre"),
    "goal": _l("Bærekraftsmål"),
    "active": _l("I bruk"),
    "added": _l("Nytt"),
    "changed": _l("Endret"),
    "decision": _l("Beslutning"),
    "is_first": _l("Første svar"),
    "to_another": _l("Ny saksbehandler"),
    "journal_number": _l("Arkivnummer"),
    "ideas": _l("Antall ideer"),
    "sources": _l("Hentet fra"),
    "to_owner": _l("Ny eier"),
    "reopened": _l("Åpnet igjen"),
    "accounts": _l("Antall personer"),
    "amount": _l("Antall plasser"),
    "capacity": _l("Hvor mye som trengs"),
    "moved": _l("Ny tid eller nytt sted"),
    "sequence": _l("Antall flyttinger"),
    "came_from": _l("Fra fase"),
    "came_to": _l("Til fase"),
    "ending": _l("Hvordan det gikk"),
    "is_yes": _l("Svar"),
    "origin": _l("Startet fra"),
    "phase": _l("Fase"),
    "question": _l("Spørsmål"),
    "rule_version": _l("Versjon av regelen"),
    "state": _l("Status"),
    "project_type": _l("Type samskaping"),
    "use": _l("Hva innspillet ble til"),
    "edition": _l("Utgave"),
    "step": _l("Steg"),
    "municipality_number": _l("Kommunenummer"),
    "base_url": _l("Adresse"),
    "fingerprint": _l("Fingeravtrykk"),
    "fingerprints": _l("Fingeravtrykk"),
    "trust": _l("Tillit"),
    "begins": _l("Brukes fra"),
    "at_once": _l("Med en gang"),
    "made": _l("Nye"),
    "gone": _l("Trukket"),
    "set_aside": _l("Satt til side"),
    "query": _l("Spørring"),
    "removed": _l("Antall som er borte"),
}

THIEF_OWNERS: Mapping[str, Any] = {
    "own_unit": _l("Egen enhet"),
    "other_unit": _l("En annen enhet i kommunen"),
    "other_municipality": _l("En annen kommune"),
    "state": _l("Staten"),
    "supplier": _l("En leverandør"),
}

ADOPTION_STEPS: Mapping[str, Any] = {
    "interested": _l("Vurderer den"),
    "piloting": _l("Prøver den ut"),
    "in_use": _l("Har den i bruk"),
    "stopped": _l("Har sluttet"),
}

VALUES: Mapping[str, Mapping[Any, Any]] = {
    "role": ROLES,
    "given": ROLES,
    "taken": ROLES,
    "group": GROUPS,
    "theme": THEMES,
    "method": METHODS,
    "to_owner": THIEF_OWNERS,
    "step": ADOPTION_STEPS,
}


def role_word(role: str) -> Any:
    """Return what a role is called."""
    return ROLES[role]


def group_word(group: str) -> Any:
    """Return what a stakeholder group is called."""
    return GROUPS[group]


THINGS: Mapping[str, Any] = {
    "partner": _l("partner"),
    "outbox": _l("sending"),
    "setting": _l("innstilling"),
    "branding": _l("utseende"),
}
"""What events are about, beside people, organisations and the kinds of content."""


def thing_word(kind: str) -> Any:
    """Return what a kind of thing is called; its name in the code when nobody has put it into words."""
    found = content().find(kind)
    return found.label if found else THINGS.get(kind, kind)


NOT_TOLD = {"before", "after", "by", "setting", "kind", "on_kind", "sha256", "documents"}
"""What a body holds that is told in another way, or to nobody."""


@dataclass(frozen=True)
class Fact:
    """One thing an entry tells; a change has `before`, other facts only `after`."""

    label: Any
    before: str | None
    after: str


def facts(event_name: str, body: Mapping[str, Any]) -> list[Fact]:
    """Put what an entry of the audit trail tells into words; numbers of rows are left out."""
    told = [
        Fact(FIELDS.get(key, key), None, _word(key, value))
        for key, value in body.items()
        if not key.endswith(("_id", "_ids")) and key not in NOT_TOLD and _is_told(key, value)
    ]
    if "after" in body:
        told += _changes(_what(event_name, body), body.get("before"), body["after"])
    return told


def _is_told(key: str, value: Any) -> bool:
    """Leave out what is empty, and the source that every role given by hand has."""
    return value not in (None, "", [], {}) and (key, value) != ("source", "manual")


def _what(event_name: str, body: Mapping[str, Any]) -> str:
    """Return what changed, where the event knows it: the key of a setting, or a municipality."""
    return str(body.get("setting") or ("municipality" if event_name == "account.municipality_changed" else ""))


def _changes(what: str, before: Any, after: Any) -> Sequence[Fact]:
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old, new = before or {}, after or {}
        keys = dict.fromkeys([*old, *new])
        return [Fact(FIELDS.get(key, key), _word(key, old.get(key)), _word(key, new.get(key))) for key in keys]
    label = BY_KEY[what].label if what in BY_KEY else ""
    return [Fact(label, None if before is None and not what else _word(what, before), _word(what, after))]


def _word(key: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return str(_("ingenting"))
    if isinstance(value, bool):
        return str(_("ja") if value else _("nei"))
    if isinstance(value, list):
        return ", ".join(_word(key, each) for each in value)
    if key == "municipality":
        found = municipalities.find(str(value))
        return found.name if found else str(value)
    return str(VALUES.get(key, {}).get(value, value))
