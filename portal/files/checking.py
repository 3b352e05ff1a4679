"""What may come in: a file is what its content is, whatever its name says, and comes out harmless."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import puremagic

from portal.files.documents import NotADocument, Trouble, check_office, check_pdf
from portal.files.names import safe_name
from portal.files.pictures import NotAPicture, redraw
from portal.kernel.i18n import _l

MEGABYTE = 1_000_000
PICTURE_BYTES = 20 * MEGABYTE
"""Bytes of a picture as it is sent; telephones take pictures of 2 to 15."""
DOCUMENT_BYTES = 20 * MEGABYTE
"""Bytes of a document: what a mail can carry, and less than what a virus scanner takes by default (25)."""

MEDIA_TYPES: Mapping[str, str] = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
EXTENSIONS: Mapping[str, str] = {media_type: extension for extension, media_type in MEDIA_TYPES.items()}
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
ACCEPT = ",".join(f".{extension}" for extension in ("jpeg", *MEDIA_TYPES))
"""What a browser's file chooser offers."""

CAMERA_NAME = re.compile(r"\d(?:[ ._-]*\d){5}")
"""What a telephone calls a picture says when it was taken."""

EMPTY = _l("Fila er tom. Velg en annen.")
UNKNOWN = _l(
    "Denne typen fil tar vi ikke imot. Du kan sende bilder (JPEG, PNG og WebP), PDF, og dokumenter fra Word, Excel, "
    "PowerPoint og LibreOffice."
)
HEIC = _l("Bildet er i formatet HEIC, som ikke alle kan åpne. Lagre det som JPEG og send det på nytt.")
OLD_OFFICE = _l(
    "Dokumentet er i et gammelt format, eller det er låst med passord. "
    "Lagre det uten passord som docx, xlsx, pptx eller PDF, og send det på nytt."
)
BROKEN_PICTURE = _l("Vi klarer ikke å lese bildet. Det kan være skadet. Lagre det på nytt og prøv en gang til.")
TOO_MANY_PIXELS = _l("Bildet har for mange bildepunkter. Gjør det mindre og prøv en gang til.")
TROUBLES: Mapping[Trouble, Any] = {
    Trouble.BROKEN: _l("Vi klarer ikke å lese dokumentet. Det kan være skadet. Lagre det på nytt og prøv en gang til."),
    Trouble.LOCKED: _l("Dokumentet er låst med passord eller kryptert. Lagre det uten, og send det på nytt."),
    Trouble.PROGRAM: _l(
        "Dokumentet har makroer, skript eller andre filer inni seg, og dem tar vi ikke imot. "
        "Lagre det uten, for eksempel som en vanlig PDF, og send det på nytt."
    ),
    Trouble.BOMB: _l("Dokumentet blir for stort når det pakkes ut. Gjør det mindre og prøv en gang til."),
    Trouble.UNKNOWN: UNKNOWN,
}


class Refused(Exception):
    """The file isn't taken in; the message says why and what to do about it."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file that may come in, as it is to be kept."""

    name: str
    media_type: str
    content: bytes
    width: int | None = None
    height: int | None = None
    smaller: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


def check(content: bytes, given_name: str) -> Checked:
    """Return the file as it may be kept: pictures drawn anew, documents looked into. Raises Refused."""
    if not content:
        raise Refused(EMPTY)
    guesses = _guesses(content)
    if guesses & PICTURES:
        return _picture(content, given_name)
    if MEDIA_TYPES["pdf"] in guesses:
        return _document(content, given_name, "pdf")
    if content.startswith(b"PK"):
        return _document(content, given_name, "")
    if guesses & {"image/heic", "image/heif"}:
        raise Refused(HEIC)
    raise Refused(OLD_OFFICE if content.startswith(b"\xd0\xcf\x11\xe0") else UNKNOWN)


def _guesses(content: bytes) -> set[str]:
    """Return the media types that the first bytes speak of."""
    try:
        return {str(match.mime_type) for match in puremagic.magic_string(content[:4096])}
    except (puremagic.PureError, ValueError):
        return set()


def _picture(content: bytes, given_name: str) -> Checked:
    _bounded(content, PICTURE_BYTES)
    try:
        picture = redraw(content)
    except NotAPicture as refusal:
        raise Refused(TOO_MANY_PIXELS if refusal.too_large else BROKEN_PICTURE) from refusal
    telling = CAMERA_NAME.search(given_name) is None
    return Checked(
        name=safe_name(given_name if telling else "bilde", f".{EXTENSIONS[picture.media_type]}"),
        media_type=picture.media_type,
        content=picture.content,
        width=picture.width,
        height=picture.height,
        smaller=picture.smaller,
    )


def _document(content: bytes, given_name: str, extension: str) -> Checked:
    _bounded(content, DOCUMENT_BYTES)
    try:
        if extension == "pdf":
            check_pdf(content)
        else:
            extension = check_office(content)
    except NotADocument as refusal:
        raise Refused(TROUBLES[refusal.trouble]) from refusal
    return Checked(name=safe_name(given_name, f".{extension}"), media_type=MEDIA_TYPES[extension], content=content)


def _bounded(content: bytes, most: int) -> None:
    if len(content) > most:
        raise Refused(_l("Fila er for stor. Den kan være på høyst %(max)d MB.", max=most // MEGABYTE))
