"""Pictures drawn anew: nothing but the picture is left, turned the right way and no larger than a page needs."""

from __future__ import annotations

import io
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST = 2400
"""Pixels on the longest side of what is kept: fills a large screen."""
SIZES: Mapping[str, int] = {"liten": 480, "middels": 1200}
"""Smaller copies by the name they have in addresses, and pixels on their longest side."""
MOST_PIXELS = 25_000_000
"""A larger picture is refused before it is decoded: it takes four bytes of memory for each."""
MOST_PIXELS_JPEG = 85_000_000
"""Telephones take 12 to 50 megapixels, some 64; JPEG is decoded at a half, a quarter or an eighth of its size."""
QUALITY = 85

UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, LookupError, ArithmeticError, TypeError, struct.error)
"""What Pillow raises of files that are not what they say."""

_turns = threading.BoundedSemaphore(2)
"""Pictures decoded at once in this process, so that many of the largest don't take all the memory."""


class NotAPicture(Exception):
    """The file can't be used; `too_large` says that it is a picture, but with too many pixels."""

    def __init__(self, *, too_large: bool = False) -> None:
        super().__init__()
        self.too_large = too_large


@dataclass(frozen=True)
class Picture:
    """A picture, and smaller copies by name, all in the format that came."""

    media_type: str
    content: bytes
    width: int
    height: int
    smaller: Mapping[str, bytes]


def redraw(content: bytes) -> Picture:
    """Return the picture of a JPEG, PNG or WebP file, without metadata: no place, no time, no camera.

    Of one that moves the first frame is kept. The colour profile goes too: it is a program of sorts, and the difference
    is small. Raises NotAPicture for anything else.
    """
    with _turns:
        try:
            return _redraw(content)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise NotAPicture(too_large=True) from error
        except UNREADABLE as error:
            raise NotAPicture from error


def _redraw(content: bytes) -> Picture:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        written_as = str(opened.format)
        _bounded(opened, written_as)
        if written_as == "JPEG":
            opened.draft("RGB", (LARGEST, LARGEST))
        picture = opened.convert("RGBA" if opened.has_transparency_data and written_as != "JPEG" else "RGB")
    picture.thumbnail((LARGEST, LARGEST))
    picture = ImageOps.exif_transpose(picture)
    picture.info.clear()
    return Picture(
        media_type=Image.MIME[written_as],
        content=_written(picture, written_as),
        width=picture.width,
        height=picture.height,
        smaller={name: _smaller(picture, side, written_as) for name, side in SIZES.items()},
    )


def _bounded(opened: Image.Image, written_as: str) -> None:
    if opened.width * opened.height > (MOST_PIXELS_JPEG if written_as == "JPEG" else MOST_PIXELS):
        raise NotAPicture(too_large=True)


def _smaller(picture: Image.Image, side: int, written_as: str) -> bytes:
    copy = picture.copy()
    copy.thumbnail((side, side))
    return _written(copy, written_as)


def _written(picture: Image.Image, written_as: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, written_as, quality=QUALITY, optimize=True)
    return file.getvalue()
