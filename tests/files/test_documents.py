"""Documents looked into: what they are by content, and what in them is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files import checking, documents
from portal.files.checking import MEDIA_TYPES, TROUBLES, Refused, check
from portal.files.documents import NotADocument, Trouble, check_office, check_pdf
from tests.files import made

OFFICE = {
    "docx": made.office(),
    "xlsx": made.office(made.SHEET, "xl/workbook.xml"),
    "pptx": made.office(made.SLIDES, "ppt/presentation.xml"),
    "odt": made.open_document("text"),
    "ods": made.open_document("spreadsheet"),
    "odp": made.open_document("presentation"),
}
EVERY = {**OFFICE, "pdf": made.pdf()}


def trouble(content: bytes) -> Trouble:
    look: Callable[[bytes], object] = check_pdf if content.startswith(b"%PDF") else check_office
    with pytest.raises(NotADocument) as refusal:
        look(content)
    return refusal.value.trouble


def relation(kind: str) -> str:
    """A part that says that something lies elsewhere."""
    one = f'<Relationship Id="1" Type="http://x/{kind}" Target="http://asker.example/a" TargetMode="External"/>'
    return f"<Relationships>{one}</Relationships>"


@pytest.mark.parametrize("kind", EVERY)
def test_a_document_is_known_by_its_content_and_kept_as_it_is(kind: str) -> None:
    checked = check(EVERY[kind], "Søknad om støtte.exe")
    assert checked.media_type == MEDIA_TYPES[kind]
    assert checked.name == f"Søknad om støtte.{kind}"
    assert checked.content == EVERY[kind]
    assert not checked.is_picture
    assert (checked.width, checked.height, checked.smaller) == (None, None, {})


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><html><script>alert(1)</script></html>",
        b"<html><body onload=alert(1)>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<svg onload=alert(1)>",
        b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200,
        b"\x7fELF\x02\x01\x01" + b"\0" * 200,
        b"#!/bin/sh\nrm -rf /\n",
        b"\xca\xfe\xba\xbe\x00\x00\x00\x34",
        b"{\\rtf1 hei}",
        b"%!PS-Adobe-3.0\n",
        b"Vanlig tekst",
        b"\x1f\x8b\x08\x00" + b"\0" * 50,
        b"Rar!\x1a\x07\x00" + b"\0" * 50,
        b"7z\xbc\xaf\x27\x1c" + b"\0" * 50,
        b"\0" * 1000,
    ],
)
@pytest.mark.parametrize("name", ["bilde.png", "rapport.pdf", "brev.docx"])
def test_pages_pictures_with_script_and_programs_are_refused_whatever_they_are_called(
    content: bytes, name: str
) -> None:
    with pytest.raises(Refused) as refusal:
        check(content, name)
    assert refusal.value.message == checking.UNKNOWN


def test_an_empty_file_is_refused_as_that() -> None:
    with pytest.raises(Refused) as refusal:
        check(b"", "tom.pdf")
    assert refusal.value.message == checking.EMPTY


def test_an_old_or_locked_office_file_is_refused_with_advice() -> None:
    with pytest.raises(Refused) as refusal:
        check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "brev.docx")
    assert refusal.value.message == checking.OLD_OFFICE


def test_every_trouble_has_words_for_a_person() -> None:
    assert set(TROUBLES) == set(Trouble)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_file_past_the_limit_is_refused(kind: str) -> None:
    with pytest.raises(Refused) as refusal:
        check(EVERY[kind][:100] + b"\0" * checking.DOCUMENT_BYTES, "stor")
    assert "20" in str(refusal.value.message)


# --- PDF --------------------------------------------------------------------------------------------------------------


def packed_objects(content: bytes) -> bytes:
    packed = zlib.compress(content)
    head = f"9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
    return head.encode() + packed + b"\nendstream\nendobj\n"


@pytest.mark.parametrize("kept", [0, 8, 200])
def test_a_pdf_without_its_end_is_broken(kept: int) -> None:
    assert trouble(b"%PDF-1.4" + made.pdf()[8:][:kept]) is Trouble.BROKEN


@pytest.mark.parametrize(
    "content",
    [
        b"\n" + made.pdf(),
        b"GIF89a" + made.pdf(),
        made.pdf() + b"<script>alert(1)</script>",
        made.pdf() + OFFICE["docx"],
        made.pdf(more=b"% " + OFFICE["docx"] + b"\n"),
    ],
)
def test_a_pdf_that_is_also_something_else_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        check(content, "rapport.pdf")


def test_a_locked_pdf_is_refused() -> None:
    assert (
        trouble(made.pdf(more=b"5 0 obj\n<< /Filter /Standard >>\nendobj\ntrailer << /Encrypt 5 0 R >>\n"))
        is Trouble.LOCKED
    )


@pytest.mark.parametrize(
    "catalogue",
    [
        "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        "/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>",
        "/OpenAction << /S /Launch /F (cmd.exe) >>",
        "/Names << /EmbeddedFiles << /Names [(virus.exe) 7 0 R] >> >>",
        "/AcroForm << /XFA 8 0 R >>",
    ],
)
def test_a_pdf_with_a_program_or_a_file_in_it_is_refused(catalogue: str) -> None:
    assert trouble(made.pdf(catalogue)) is Trouble.PROGRAM


def test_a_program_packed_among_other_objects_is_found() -> None:
    assert trouble(made.pdf(more=packed_objects(b"7 0 << /S /JavaScript /JS (app.alert(1)) >>"))) is Trouble.PROGRAM
    check_pdf(made.pdf(more=packed_objects(b"7 0 << /Type /Font >>")))


def test_text_and_pictures_in_a_pdf_may_look_like_anything() -> None:
    check_pdf(made.pdf(more=b"9 0 obj\n<< /Length 30 >>\nstream\n/JavaScript /Encrypt /Launch\nendstream\nendobj\n"))


def test_packed_objects_that_never_end_are_read_only_so_far() -> None:
    check_pdf(made.pdf(more=packed_objects(b" " * 50_000_000)))


# --- office -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "word/vbaProject.bin",
        "word/VBAPROJECT.BIN",
        "xl/vbaData.xml",
        "word/activeX/activeX1.bin",
        "xl/macrosheets/sheet1.xml",
        "customUI/customUI.xml",
        "word/embeddings/oleObject1.bin",
        "word/embeddings/regneark.xlsm",
    ],
)
def test_a_file_with_macros_or_programs_is_refused(name: str) -> None:
    assert trouble(made.office(more={name: b"macro"})) is Trouble.PROGRAM


def test_a_file_that_says_it_may_have_macros_is_refused() -> None:
    assert trouble(made.office(made.WORD_WITH_MACROS)) is Trouble.PROGRAM


@pytest.mark.parametrize("name", ["Basic/Standard/Module1.xml", "Scripts/python/virus.py"])
def test_a_libreoffice_file_with_macros_is_refused(name: str) -> None:
    assert trouble(made.open_document(more={name: "x"})) is Trouble.PROGRAM


@pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "frame"])
def test_a_file_that_fetches_something_when_it_is_opened_is_refused(kind: str) -> None:
    assert trouble(made.office(more={"word/_rels/settings.xml.rels": relation(kind)})) is Trouble.PROGRAM


def test_a_file_with_links_and_a_table_from_a_spreadsheet_is_taken() -> None:
    more = {
        "word/_rels/document.xml.rels": relation("hyperlink"),
        "word/embeddings/Microsoft_Excel_Sheet.xlsx": b"x",
        "word/media/image1.png": b"x",
    }
    assert check_office(made.office(more=more)) == "docx"


def locked(content: bytes) -> bytes:
    """Set the mark of encryption on every part."""
    spoiled = bytearray(content)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := spoiled.find(sign, at + 1)) >= 0:
            spoiled[at + place] |= 1
    return bytes(spoiled)


def test_a_locked_office_file_is_refused() -> None:
    assert trouble(locked(OFFICE["docx"])) is Trouble.LOCKED
    assert trouble(made.open_document(manifest="<manifest:encryption-data/>")) is Trouble.LOCKED


def test_an_archive_of_something_else_is_refused() -> None:
    for content in (made.packed({"virus.exe": b"MZ"}), made.packed({"AndroidManifest.xml": "x", "classes.dex": "x"})):
        with pytest.raises(Refused):
            check(content, "brev.docx")


def test_a_document_of_two_kinds_is_refused() -> None:
    types = f"<Types>{made.WORD} {made.SHEET}</Types>"
    assert trouble(made.packed({"[Content_Types].xml": types})) is Trouble.UNKNOWN


# --- bombs ------------------------------------------------------------------------------------------------------------


def test_a_file_that_unpacks_to_far_more_than_it_is_is_refused() -> None:
    assert trouble(made.office(more={"word/media/null.bin": b"\0" * 60_000_000})) is Trouble.BOMB


def test_a_file_of_too_many_parts_is_refused() -> None:
    many = {f"word/media/{number}.png": b"" for number in range(documents.MOST_PARTS)}
    assert trouble(made.office(more=many)) is Trouble.BOMB


def lying(content: bytes, name: str, says: int) -> bytes:
    """Let the archive say that a part is small."""
    spoiled = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(name)
    struct.pack_into("<I", spoiled, part.header_offset + 22, says)
    at = content.rindex(name.encode()) - 46
    struct.pack_into("<I", spoiled, at + 24, says)
    return bytes(spoiled)


def test_a_bomb_that_lies_of_its_size_is_found_out() -> None:
    bomb = made.office(more={"word/media/null.bin": b"\0" * 60_000_000})
    harmless = lying(bomb, "word/media/null.bin", 1000)
    with zipfile.ZipFile(io.BytesIO(harmless)) as archive:
        assert sum(part.file_size for part in archive.infolist()) < 10_000
    assert trouble(harmless) is Trouble.BOMB


def test_a_file_that_stores_parts_over_each_other_is_refused() -> None:
    """The bomb of Fifield: many entries of the list point at one packed part."""
    content = made.office(more={"word/media/a.png": bytes(1000)})
    start = content.index(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    rows = content[start:end]
    last = rows[rows.rindex(b"PK\x01\x02") :]
    again = b"".join(last.replace(b"a.png", b"%c.png" % letter) for letter in b"bcdefghijklmnopqrstuvwxyz")
    tail = bytearray(content[end:])
    count = len(rows.split(b"PK\x01\x02")) - 1 + 25
    struct.pack_into("<HHII", tail, 8, count, count, len(rows) + len(again), start)
    assert trouble(content[:start] + rows + again + bytes(tail)) is Trouble.BOMB


def test_a_part_that_is_called_two_things_is_refused() -> None:
    content = made.office(more={"word/media/a.png": b"x"})
    at = content.index(b"word/media/a.png")
    assert trouble(content[:at] + b"word/vbaData.xml" + content[at + 16 :]) is Trouble.BROKEN


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "word\\..\\..\\x"])
def test_a_part_that_would_lie_outside_is_refused(name: str) -> None:
    assert trouble(made.office(more={name: b"x"})) is Trouble.BROKEN


def test_two_parts_of_one_name_are_refused() -> None:
    assert trouble(made.office(more={"Word/Document.xml": "another"})) is Trouble.BROKEN


@pytest.mark.parametrize("kind", OFFICE)
def test_something_before_or_after_an_office_file_is_refused(kind: str) -> None:
    for content in (b"<script>alert(1)</script>" + OFFICE[kind], OFFICE[kind] + b"<script>alert(1)</script>"):
        with pytest.raises(Refused):
            check(content, "brev")


@given(st.data())
def test_a_spoiled_document_gets_an_answer_and_not_a_fault(data: st.DataObject) -> None:
    content = bytearray(EVERY[data.draw(st.sampled_from(sorted(EVERY)))])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Refused):
        assert check(bytes(content), "brev").media_type in MEDIA_TYPES.values()
