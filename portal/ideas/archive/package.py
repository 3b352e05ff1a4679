"""A case package as one ZIP file: the XML, each document as PDF/A and as text, and the hashes of them all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from portal.ideas.archive import noark, rendering
from portal.ideas.archive.values import Case, RegistryEntry
from portal.kernel.slugs import slug

STRUCTURE = "arkivstruktur.xml"
HASHES = "sjekksummer-sha256.txt"


@dataclass(frozen=True)
class Package:
    """A package, ready to be downloaded or sent."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def pack(case: Case) -> Package:
    """Return the package of a case. Of a case where nothing has happened since, it is the same to the byte."""
    contents: dict[str, bytes] = {}
    files = [_documents(case, number, entry, contents) for number, entry in enumerate(case.entries, 1)]
    contents = {STRUCTURE: noark.structure(case, files), **contents}
    hashes = "".join(f"{sha256(content).hexdigest()}  {path}\n" for path, content in contents.items())
    contents[HASHES] = hashes.encode()
    return Package(f"{case.name}.zip", _zipped(contents, case.changed_at))


def _documents(case: Case, number: int, entry: RegistryEntry, contents: dict[str, bytes]) -> Sequence[noark.File]:
    stem = f"dokumenter/{number:03}-{slug(entry.title)[:40].strip('-') or 'dokument'}"
    footer = f"{case.creator} · {case.journal_number or case.name} · {number}"
    text = entry.document.text.encode("utf-8", "replace")
    made = rendering.pdf(entry.document, creator=case.creator, footer=footer, at=entry.at)
    contents |= {f"{stem}.pdf": made, f"{stem}.txt": text}
    return (
        _file(f"{stem}.pdf", made, "application/pdf", "RA-PDF", "Arkivformat"),
        _file(f"{stem}.txt", text, "text/plain", "RA-TEKST", "Produksjonsformat"),
    )


def _file(path: str, content: bytes, media_type: str, format_: str, variant: str) -> noark.File:
    return noark.File(
        path=path,
        media_type=media_type,
        format=format_,
        variant=variant,
        sha256=sha256(content).hexdigest(),
        size=len(content),
    )


def _zipped(contents: dict[str, bytes], at: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in contents.items():
            entry = zipfile.ZipInfo(path, date_time=at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return out.getvalue()
