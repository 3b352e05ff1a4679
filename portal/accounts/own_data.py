"""What the portal knows of somebody, in words to read and as a file to take along."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.accounts import words
from portal.kernel.extensions import reactions
from portal.kernel.i18n import NATIVE_NAMES, _l

Rows = Sequence[Mapping[str, Any]]
Everything = Mapping[str, Mapping[str, Rows]]
"""By package, by what it is called there."""

TITLES: Mapping[str, Any] = {
    "account": _l("Brukeren din"),
    "sign_in_by": _l("Innloggingstjenester"),
    "roles": _l("Roller"),
    "service_areas": _l("Tjenesteområder"),
    "sign_ins": _l("Innlogginger"),
    "mailed_links": _l("Lenker sendt på e-post"),
    "organisations": _l("Organisasjoner du taler for"),
    "audit_trail": _l("Loggen over det du har gjort"),
    "comments": _l("Kommentarer"),
    "rating_as": _l("Runder du har vurdert i"),
    "ratings": _l("Vurderinger"),
}
LABELS: Mapping[str, Any] = {
    "name": _l("Navn"),
    "email": _l("E-postadresse"),
    "email_confirmed_at": _l("Adressen bekreftet"),
    "language": _l("Språk"),
    "municipality_number": _l("Kommunenummer"),
    "created_at": _l("Laget"),
    "limited_until": _l("Begrenset til"),
    "second_factor_since": _l("To-trinns innlogging siden"),
    "issuer": _l("Innloggingstjeneste"),
    "role": _l("Rolle"),
    "source": _l("Gitt av"),
    "granted_at": _l("Gitt"),
    "method": _l("Måte"),
    "device": _l("Enhet"),
    "last_seen_at": _l("Sist brukt"),
    "ended_at": _l("Avsluttet"),
    "purpose": _l("Formål"),
    "expires_at": _l("Gyldig til"),
    "used_at": _l("Brukt"),
    "number": _l("Nummer"),
    "title": _l("Rolle der"),
    "verified_at": _l("Godkjent"),
    "occurred_at": _l("Tidspunkt"),
    "slug": _l("Runde"),
    "round": _l("Runde"),
    "indicator": _l("Indikator"),
    "text": _l("Tekst"),
    "state": _l("Status"),
    "answer": _l("Vurdering"),
    "tie": _l("Tilknytning"),
    "group": _l("Gruppe"),
    "event": _l("Hva som skjedde"),
    "session_id": _l("Innlogging nummer"),
    "session_ids": _l("Innlogginger nummer"),
    "account_id": _l("Bruker nummer"),
    "strong": _l("Med høyt sikkerhetsnivå"),
    "reason": _l("Grunn"),
    "before": _l("Før"),
    "after": _l("Etter"),
    "name_before": _l("Navn før"),
    "name_after": _l("Navn etter"),
    "shown_name": _l("Navn"),
    "given": _l("Fikk"),
    "taken": _l("Mistet"),
    "left": _l("Igjen"),
    "body": _l("Innhold"),
    "personal": _l("Personlig innhold"),
}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "role": words.ROLES,
    "given": words.ROLES,
    "taken": words.ROLES,
    "method": words.METHODS,
    "group": words.GROUPS,
    "language": NATIVE_NAMES,
    "source": {"manual": _l("en administrator")},
    "purpose": {
        "confirm_email": _l("bekrefte e-postadressen"),
        "change_email": _l("bytte e-postadresse"),
        "reset_password": _l("lage nytt passord"),
        "recovery_code": _l("reservekode"),
        "notice": _l("beskjed om at du har en bruker"),
    },
}
README = _l(
    "Dette er alt portalen har lagret om deg. Hver fil er én del av portalen, skrevet som JSON: "
    "et åpent format som både mennesker og programmer kan lese. Tidene er i UTC."
)


def title(section: str) -> Any:
    """Return what a part of the data is called; the name in the file when nobody has put it into words."""
    return TITLES.get(section, section)


def label(field: str) -> Any:
    """Return what a field is called."""
    return LABELS.get(field, field)


def word(field: str, value: Any) -> Any:
    """Return a value in words where it is one of a few that the code names."""
    if field == "event":
        return next((event.label for event in reactions() if event.name == value and hasattr(event, "label")), value)
    if isinstance(value, list):
        return ", ".join(str(word(field, each)) for each in value)
    return WORDS.get(field, {}).get(value, value) if isinstance(value, str) else value


def as_zip(everything: Everything) -> bytes:
    """Return a ZIP file with one JSON file for each package, and a text that says what it is."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LES-MEG.txt", f"{README}\n")
        for package, sections in everything.items():
            archive.writestr(f"{package}.json", json.dumps(sections, ensure_ascii=False, indent=2, default=_plain))
    return content.getvalue()


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
