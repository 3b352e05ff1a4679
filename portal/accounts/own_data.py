"""What the portal knows of somebody, in words to read and as a file to take along."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.kernel.i18n import _l

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
    "body": _l("Innhold"),
    "personal": _l("Personlig innhold"),
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
