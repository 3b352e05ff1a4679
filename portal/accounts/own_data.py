"""What the portal knows of somebody, in words to read and as a file to take along."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from portal.accounts import own_words
from portal.kernel.extensions import content, personal_data, reactions
from portal.kernel.i18n import _, _l
from portal.ui import filters

Rows = Sequence[Mapping[str, Any]]
Everything = Mapping[str, Mapping[str, Rows]]
"""By package, by what it is called there."""

INDEX = "LES-MEG.html"
STYLE = Path(__file__).parent / "data" / "own_data.css"
NOTHING = "–"
README = _l(
    "Dette er alt portalen har lagret om deg. Hver fil er én del av portalen, skrevet som JSON: "
    "et åpent format som både mennesker og programmer kan lese. Tidene i filene er i UTC."
)


def package_title(name: str) -> Any:
    """Return what a part of the portal is called."""
    return own_words.PACKAGES.get(name, name)


def title(section: str) -> Any:
    """Return what a part of the data is called; the name in the file when nobody has put it into words."""
    return own_words.TITLES.get(section, section)


def label(field: str) -> Any:
    """Return what a field is called."""
    return own_words.LABELS.get(field, field)


def shown(field: str, value: Any) -> str:
    """Return a value as people read it, whatever it is made of."""
    if value in (None, "", [], (), {}):
        return NOTHING
    if isinstance(value, Mapping):
        return " · ".join(f"{label(inner)}: {shown(inner, each)}" for inner, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(shown(field, each) for each in value)
    return _moment(field, value) or str(word(field, value))


def _moment(field: str, value: Any) -> str:
    if isinstance(value, str) and field.endswith("_at"):  # as the trail keeps it
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return filters.datetime(value)
    return filters.date(value) if isinstance(value, date) else ""


def word(field: str, value: Any) -> Any:
    """Return a value in words where it is one of a few that the code names."""
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if not isinstance(value, str):
        return value
    if field == "event":
        return _event_label(value)
    if field in {"kind", "on_kind"}:
        kind = content().find(value)
        return kind.label if kind else _named(field).get(value, value)
    return _named(field).get(value, value)


def _event_label(name: str) -> Any:
    return next((event.label for event in reactions() if event.name == name), name)


def _named(field: str) -> Mapping[str, Any]:
    if field in own_words.VALUES:
        return own_words.VALUES[field]
    return {value: said for package in personal_data() for value, said in package.words.get(field, {}).items()}


def write_zip(
    target: IO[bytes], everything: Everything, files: Iterable[tuple[str, Iterable[bytes]]], index: str
) -> None:
    """Write a ZIP with a page that lists everything, one JSON file for each package, and the person's own files."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(INDEX, index)
        archive.write(STYLE, STYLE.name)
        for package, sections in everything.items():
            if not sections:
                continue
            archive.writestr(f"{package}.json", json.dumps(sections, ensure_ascii=False, indent=2, default=_plain))
        for place, pieces in files:
            with archive.open(place, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
