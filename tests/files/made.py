"""Files made by the tests: pictures by Pillow, office files by zipfile, a PDF by hand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from PIL import Image, TiffImagePlugin

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
WORD_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    """A picture that is red to the left and blue to the right."""
    made = Image.new(mode, size, "blue")
    made.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    file = io.BytesIO()
    made.save(file, kind, **options)
    return file.getvalue()


def taken_somewhere(orientation: int = 6) -> bytes:
    """A JPEG as a telephone takes it: lying, with place, time, camera and a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Kamerafabrikken"
    exif[0x0132] = "2026:05:17 12:00:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (TiffImagePlugin.IFDRational(59), TiffImagePlugin.IFDRational(50), 0)
    place[3], place[4] = "E", (TiffImagePlugin.IFDRational(10), TiffImagePlugin.IFDRational(26), 0)
    return picture("JPEG", exif=exif, comment=b"hemmelig kommentar", quality=95)


def moving(kind: str = "WEBP") -> bytes:
    """Two pictures after each other: a red one, then a blue one."""
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose head says that it is so large; there are next to no pixels behind it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def pdf(catalogue: str = "", more: bytes = b"", version: str = "1.4") -> bytes:
    """A page with a line of text; `catalogue` goes into the root, `more` stands as further objects."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>",
        b"<< /Length 33 >>\nstream\nBT /F1 12 Tf 20 50 Td (Hei) Tj ET\nendstream",
    ]
    file = f"%PDF-{version}\n%\xe2\xe3\xcf\xd3\n".encode("latin-1")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    file += more
    table = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(file)}\n%%EOF\n"
    return file + table.encode() + end.encode()


def packed(parts: Mapping[str, bytes | str], first_stored: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (name, content) in enumerate(parts.items()):
            how = zipfile.ZIP_STORED if first_stored and not place else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=how)
    return file.getvalue()


def office(main: str = WORD, part: str = "word/document.xml", more: Mapping[str, bytes | str] | None = None) -> bytes:
    """A small Word, Excel or PowerPoint file."""
    types = f'<?xml version="1.0"?><Types><Override PartName="/{part}" ContentType="{main}"/></Types>'
    rels = '<?xml version="1.0"?><Relationships/>'
    return packed({"[Content_Types].xml": types, "_rels/.rels": rels, part: "<document/>", **(more or {})})


def open_document(kind: str = "text", manifest: str = "", more: Mapping[str, bytes | str] | None = None) -> bytes:
    """A small LibreOffice file."""
    first = {"mimetype": f"application/vnd.oasis.opendocument.{kind}"}
    rest = {"content.xml": "<document/>", "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>"}
    return packed({**first, **rest, **(more or {})}, first_stored=True)
