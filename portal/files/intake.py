"""Takes a file in before anything is written in the database: looked into, asked about, and put in the store.

It takes seconds, so it is not done inside a transaction. What no row points at when the day is over is swept away.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from hashlib import sha256

from portal import config
from portal.files import policy
from portal.files.checking import Refused, check
from portal.files.scanner import Scanner, ScannerAway
from portal.files.store import StoreAway, store
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

log = logging.getLogger(__name__)

FIELD = "file"
LONGEST_ALT = 500
"""Characters; what is read aloud must be short."""
LATER = _l("Vi får ikke tatt imot filer akkurat nå. Vent litt og prøv en gang til. Det andre du skrev, står her ennå.")
INFECTED = _l("Virusskanneren vår sier at fila kan gjøre skade, så vi tok den ikke imot.")


@dataclass(frozen=True, kw_only=True)
class FileDraft:
    """What its uploader says of a file: a picture has alt text, or is mere decoration."""

    alt_text: str = ""
    is_decoration: bool = False
    language: str = "nb"


@dataclass(frozen=True, kw_only=True)
class Received:
    """A file that has come in, where in the store it lies, and what is said of it."""

    name: str
    media_type: str
    size: int
    sha256: str
    address: str
    width: int | None
    height: int | None
    said: FileDraft


def receive(actor: Actor, content: bytes, given_name: str, draft: FileDraft) -> Received:
    """Check a file and put it in the store.

    Forbidden; Invalid at `file` with what to do when it isn't taken, and at `alt_text` for a picture without words.
    """
    if not policy.may_upload(actor):
        raise Forbidden(_l("Du kan ikke sende filer akkurat nå."))
    try:
        checked = check(content, given_name)
    except Refused as refusal:
        raise Invalid(FIELD, refusal.message) from refusal
    said = to_be_said(draft, is_picture=checked.is_picture)
    _scan(content)
    try:
        address = store().put(checked.content, checked.smaller)
    except StoreAway as error:
        log.error("The store of files could not be written: %s", error)
        raise Invalid(FIELD, LATER) from error
    return Received(
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=sha256(checked.content).hexdigest(),
        address=address,
        width=checked.width,
        height=checked.height,
        said=said,
    )


def to_be_said(draft: FileDraft, *, is_picture: bool) -> FileDraft:
    """Return what is kept of what is said: alt text is for pictures, and they must have it. Invalid at `alt_text`."""
    if not is_picture:
        return replace(draft, alt_text="", is_decoration=False)
    alt_text = "" if draft.is_decoration else draft.alt_text.strip()
    if not alt_text and not draft.is_decoration:
        raise Invalid("alt_text", _l("Skriv hva bildet viser, eller kryss av for at det bare er pynt."))
    if len(alt_text) > LONGEST_ALT:
        raise Invalid("alt_text", _l("Skriv høyst %(max)d tegn.", max=LONGEST_ALT))
    return replace(draft, alt_text=alt_text)


def _scan(content: bytes) -> None:
    """Ask the virus scanner, when there is one: without its word nothing comes in."""
    url = config.current().virus_scanner
    if not url:
        return
    try:
        found = Scanner(url).scan(content)
    except ScannerAway as error:
        log.error("A file was not taken in: %s", error)
        raise Invalid(FIELD, LATER) from error
    if found:
        log.warning("A file was not taken in: the virus scanner found %r", found)
        raise Invalid(FIELD, INFECTED)
