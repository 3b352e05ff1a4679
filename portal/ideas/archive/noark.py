"""The XML of a case package, after Noark 5 version 5.0's arkivstruktur: see docs/archive.md for what it covers.

Source: Arkivverket, arkivstruktur.xsd and metadatakatalog.xsd (N5/v5.0), whose order of elements is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from portal.ideas.archive.values import Case, EntryType, RegistryEntry

NAMESPACE = "http://www.arkivverket.no/standarder/noark5/arkivstruktur"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SYSTEM = "Innbyggerportalen"
OSLO = ZoneInfo("Europe/Oslo")
FREEDOM_OF_INFORMATION_ACT_14 = "Offentleglova § 14"
# Control characters, halves of characters, and the two that no XML may hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class File:
    """A file in the package."""

    path: str
    media_type: str
    format: str
    """Noark's M701: the archive's name of the format."""
    variant: str
    """Noark's M700: `Arkivformat` or `Produksjonsformat`."""
    sha256: str
    size: int


def structure(case: Case, files: Sequence[Sequence[File]]) -> bytes:
    """Return the arkivstruktur.xml of a package; `files` are those of each registry entry, in the same order."""
    ET.register_namespace("", NAMESPACE)
    ET.register_namespace("xsi", XSI)
    made = case.changed_at
    archive = _element("arkiv")
    _texts(archive, systemID=_id(case, "arkiv"), tittel=f"Idébank, {case.creator}", arkivstatus="Opprettet")
    _texts(archive, opprettetDato=_moment(case.opened_at), opprettetAv=SYSTEM)
    _texts(archive, avsluttetDato=_moment(made), avsluttetAv=SYSTEM)
    creator = _child(archive, "arkivskaper")
    _texts(creator, arkivskaperID=case.creator_id, arkivskaperNavn=case.creator)
    part = _child(archive, "arkivdel")
    _texts(part, systemID=_id(case, "arkivdel"), tittel="Idésaker", arkivdelstatus="Aktiv periode")
    _texts(part, opprettetDato=_moment(case.opened_at), opprettetAv=SYSTEM)
    _texts(part, avsluttetDato=_moment(made), avsluttetAv=SYSTEM)
    _folder(part, case, files)
    ET.indent(archive)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(archive, encoding="unicode").encode() + b"\n"


def _folder(parent: ET.Element, case: Case, files: Sequence[Sequence[File]]) -> None:
    folder = _child(parent, "mappe")
    folder.set(f"{{{XSI}}}type", "saksmappe")
    _texts(folder, systemID=_id(case, "mappe"), mappeID=case.journal_number or case.name)
    _texts(folder, tittel=case.title, offentligTittel=case.title, beskrivelse=case.description)
    for keyword in case.keywords:
        _texts(folder, noekkelord=keyword)
    _texts(folder, dokumentmedium="Elektronisk arkiv", opprettetDato=_moment(case.opened_at), opprettetAv=SYSTEM)
    if case.ended_at:
        _texts(folder, avsluttetDato=_moment(case.ended_at), avsluttetAv=case.responsible)
    for each in case.parties:
        _texts(_child(folder, "part"), partNavn=each.name, partRolle=each.role)
    for number, (entry, its_files) in enumerate(zip(case.entries, files, strict=True), 1):
        _entry(folder, case, entry, number, its_files)
    opened = case.opened_at.astimezone(OSLO)
    _texts(folder, saksaar=str(opened.year), sakssekvensnummer=str(case.number), saksdato=opened.date().isoformat())
    _texts(folder, administrativEnhet=case.unit, saksansvarlig=case.responsible)
    _texts(folder, saksstatus="Avsluttet" if case.ended_at else "Under behandling")


def _entry(parent: ET.Element, case: Case, entry: RegistryEntry, number: int, files: Sequence[File]) -> None:
    made = _child(parent, "registrering")
    made.set(f"{{{XSI}}}type", "journalpost")
    at, day = _moment(entry.at), entry.at.astimezone(OSLO)
    _texts(made, systemID=_id(case, f"journalpost/{number}"), opprettetDato=at, opprettetAv=SYSTEM)
    _texts(made, arkivertDato=_moment(case.changed_at), arkivertAv=SYSTEM)
    if entry.is_restricted:
        _restricted(made)
    _document(made, case, entry, number, files)
    _texts(made, registreringsID=f"{case.name}/{number}", tittel=entry.title)
    for kind, name in _correspondents(entry):
        _texts(_child(made, "korrespondansepart"), korrespondanseparttype=kind, korrespondansepartNavn=name)
    _texts(made, journalaar=str(day.year), journalsekvensnummer=str(number), journalpostnummer=str(number))
    _texts(made, journalposttype=entry.type.value, journalstatus="Arkivert", journaldato=day.date().isoformat())
    _texts(made, dokumentetsDato=day.date().isoformat())
    if entry.type is EntryType.INCOMING:
        _texts(made, mottattDato=at)
    if entry.type is EntryType.OUTGOING:
        _texts(made, sendtDato=at)


def _correspondents(entry: RegistryEntry) -> list[tuple[str, str]]:
    inside = entry.type is EntryType.INTERNAL
    found = [("Intern avsender" if inside else "Avsender", entry.sender)]
    if entry.recipient:
        found.append(("Intern mottaker" if inside else "Mottaker", entry.recipient))
    return found


def _restricted(parent: ET.Element) -> None:
    _texts(
        _child(parent, "skjerming"),
        tilgangsrestriksjon="Unntatt offentlighet",
        skjermingshjemmel=FREEDOM_OF_INFORMATION_ACT_14,
        skjermingMetadata="Midlertidig skjerming",
        skjermingDokument="Skjerming av hele dokumentet",
    )


def _document(parent: ET.Element, case: Case, entry: RegistryEntry, number: int, files: Sequence[File]) -> None:
    made, at = _child(parent, "dokumentbeskrivelse"), _moment(entry.at)
    _texts(made, systemID=_id(case, f"dokument/{number}"), dokumenttype=entry.document.kind)
    _texts(made, dokumentstatus="Dokumentet er ferdigstilt", tittel=entry.document.title)
    _texts(made, forfatter=entry.sender, opprettetDato=at, opprettetAv=SYSTEM, dokumentmedium="Elektronisk arkiv")
    _texts(made, tilknyttetRegistreringSom="Hoveddokument", dokumentnummer="1", tilknyttetDato=at, tilknyttetAv=SYSTEM)
    for version, file in enumerate(files, 1):
        item = _child(made, "dokumentobjekt")
        _texts(item, systemID=_id(case, file.path), versjonsnummer=str(version), variantformat=file.variant)
        _texts(item, format=file.format, pronomMIME=file.media_type, opprettetDato=at, opprettetAv=SYSTEM)
        _texts(item, referanseDokumentfil=file.path, sjekksum=file.sha256, sjekksumAlgoritme="SHA-256")
        _texts(item, filstoerrelse=str(file.size))


def _id(case: Case, part: str) -> str:
    """Return a lasting name: the same for the same part of the same case, each time it is packed."""
    return str(uuid5(NAMESPACE_URL, f"{case.address}#{part}"))


def _moment(at: datetime) -> str:
    return at.astimezone(OSLO).isoformat(timespec="seconds")


def _element(name: str) -> ET.Element:
    return ET.Element(f"{{{NAMESPACE}}}{name}")


def _child(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        if text:
            _child(parent, name).text = _NOT_XML.sub("", text)
