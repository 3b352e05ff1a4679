"""Documents looked into: PDF and the modern office formats, without programs, passwords or hidden bulk."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from enum import StrEnum

MOST_PARTS = 5_000
"""Parts of an office file; long presentations have some hundreds."""
MOST_UNPACKED = 200_000_000
"""Bytes an office file may become when it is unpacked: what a reader's machine must bear."""
MOST_RATIO = 100
"""How many times smaller an office file of some size may be packed; text packs some twenty times."""
RATIO_COUNTS_FROM = 10_000_000
"""Bytes unpacked; below them no ratio does harm, and large empty tables pack very well."""
LIST_OF_PARTS = 2_000_000
"""Bytes of a part that is read here."""

OPEN_XML: Mapping[bytes, str] = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}
"""The content type of the main part, and what the file is."""
OPEN_DOCUMENT: Mapping[bytes, str] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}

_PROGRAM = re.compile(
    r"(^|/)(vba\w*\.(bin|xml)|activex\d*\.(bin|xml)|macrosheets/.*|dialogsheets/.*)$|^(basic|scripts)/.+|^customui/.+",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"(^|/)(embeddings|objectreplacements)/", re.IGNORECASE)
_HARMLESS_INSIDE = re.compile(
    r"\.(docx|xlsx|pptx|png|jpe?g|emf|wmf|gif|svm)$|^objectreplacements/[^.]*$", re.IGNORECASE
)
_FETCHED = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)[^>]*/(attachedTemplate|oleObject|frame|subDocument)[\"']",
    re.IGNORECASE,
)
_PDF_PROGRAM = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_PDF_LOCKED = re.compile(rb"/Encrypt\b")
_PDF_END = re.compile(rb"%%EOF\s{0,1024}\Z")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ValueError,
)
"""What the library says of a file that isn't as it should be."""
ZIP_START, ZIP_END = b"PK\x03\x04", b"PK\x05\x06"


class Trouble(StrEnum):
    """Why a document isn't taken in."""

    BROKEN = "broken"
    LOCKED = "locked"
    PROGRAM = "program"
    BOMB = "bomb"
    UNKNOWN = "unknown"


class NotADocument(Exception):
    """The file can't be used."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def check_pdf(content: bytes) -> None:
    """Raise NotADocument unless this is a PDF from its first byte to its last, open to all and without programs."""
    ends = _PDF_END.search(content[-2048:])
    if not content.startswith(b"%PDF-") or ends is None:
        raise NotADocument(Trouble.BROKEN)
    if ZIP_END in content[-70_000:]:  # another file lies in it, for programs that read from the end
        raise NotADocument(Trouble.BROKEN)
    said = re.sub(
        rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), _pdf_objects(content)
    )  # /J#53 is /JS
    if _PDF_LOCKED.search(said):
        raise NotADocument(Trouble.LOCKED)
    if _PDF_PROGRAM.search(said):
        raise NotADocument(Trouble.PROGRAM)


def _pdf_objects(content: bytes) -> bytes:
    """Return what a PDF says of its parts, packed or not: without text, pictures and fonts, which may look like it."""
    said, done = [], 0
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        said.append(content[done : found.start()])
        done = found.end()
        if b"/ObjStm" in said[-1][-500:]:
            said.append(_unpacked(found[1]))
    return b"\n".join([*said, content[done:]])


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, LIST_OF_PARTS)
    except zlib.error:  # packed in another way, or locked
        return b""


def check_office(content: bytes) -> str:
    """Return which office format a ZIP file is, by its parts. Raises NotADocument."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_size(parts, content)
            _check_parts(parts)
            for part in parts:
                archive.open(part).close()  # refuses a part that is called two things
            return _format(archive)
    except BROKEN as error:
        raise NotADocument(Trouble.BROKEN) from error


def _check_size(parts: list[zipfile.ZipInfo], content: bytes) -> None:
    """Unpack everything piece by piece, because what a file says of its own size is only what it says."""
    if not content.startswith(ZIP_START) or content[-22:-18] != ZIP_END:  # something before, or something after
        raise NotADocument(Trouble.BROKEN)
    if any(part.flag_bits & 0x1 for part in parts):
        raise NotADocument(Trouble.LOCKED)
    unpacked = sum(part.file_size for part in parts)
    too_tight = unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * len(content)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or too_tight:
        raise NotADocument(Trouble.BOMB)
    end = 0
    for part in sorted(parts, key=lambda each: each.header_offset):
        start = _start(part, content)
        if part.header_offset < end:  # parts that lie over each other: a small file that unpacks to many large ones
            raise NotADocument(Trouble.BOMB)
        end = start + part.compress_size
        if _real_size(part, content[start:end]) != part.file_size:
            raise NotADocument(Trouble.BOMB)


def _start(part: zipfile.ZipInfo, content: bytes) -> int:
    name, extra = struct.unpack_from("<HH", content, part.header_offset + 26)
    return int(part.header_offset + 30 + name + extra)


def _real_size(part: zipfile.ZipInfo, packed: bytes) -> int:
    """Return how many bytes a part becomes, as far as a little past what it says."""
    if part.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise NotADocument(Trouble.UNKNOWN)
    unpacker, size = zlib.decompressobj(-15), 0
    while packed and not unpacker.eof and size <= part.file_size:
        size += len(unpacker.decompress(packed, 1_000_000))
        packed = unpacker.unconsumed_tail
    return size


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) != len({name.lower() for name in names}):  # which of the two is read is up to the reader
        raise NotADocument(Trouble.BROKEN)
    for name in names:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise NotADocument(Trouble.BROKEN)
        if _PROGRAM.search(name) or (_INSIDE.search(name) and not _is_harmless(name)):
            raise NotADocument(Trouble.PROGRAM)


def _is_harmless(name: str) -> bool:
    return name.endswith("/") or _HARMLESS_INSIDE.search(name) is not None


def _format(archive: zipfile.ZipFile) -> str:
    first = archive.infolist()[0]
    if first.filename == "mimetype":
        return _open_document(archive, first)
    types = _read(archive, "[Content_Types].xml")
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise NotADocument(Trouble.PROGRAM)
    for name in archive.namelist():
        if name.endswith(".rels") and _FETCHED.search(_read(archive, name)):
            raise NotADocument(Trouble.PROGRAM)
    found = [kind for main, kind in OPEN_XML.items() if main in types]
    if len(found) != 1:
        raise NotADocument(Trouble.UNKNOWN)
    return found[0]


def _open_document(archive: zipfile.ZipFile, mimetype: zipfile.ZipInfo) -> str:
    if b"encryption-data" in _read(archive, "META-INF/manifest.xml"):
        raise NotADocument(Trouble.LOCKED)
    kind = OPEN_DOCUMENT.get(_read(archive, mimetype.filename))
    if kind is None or mimetype.compress_type != zipfile.ZIP_STORED:
        raise NotADocument(Trouble.UNKNOWN)
    return kind


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LIST_OF_PARTS:
        raise NotADocument(Trouble.BOMB)
    return archive.read(name)
