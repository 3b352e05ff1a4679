"""A logo that somebody uploads: decoded, made small enough, and drawn anew so that nothing but the picture is left."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST = (640, 160)
"""Width and height in pixels: twice what the header shows, for sharp screens."""
MOST_PIXELS = 25_000_000
"""A larger picture is refused before it is decoded."""


class NotALogo(Exception):
    """The file can't be used; `too_large` says that it is a picture, but with too many pixels."""

    def __init__(self, *, too_large: bool = False) -> None:
        super().__init__()
        self.too_large = too_large


@dataclass(frozen=True)
class Logo:
    """A picture in PNG, no larger than LARGEST."""

    png: bytes
    width: int
    height: int


def redraw(content: bytes) -> Logo:
    """Return the picture of a PNG, JPEG or WebP file as a small PNG, turned the right way and without its metadata.

    Raises NotALogo for anything else. SVG is refused because it can carry script.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotALogo(too_large=True)
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise NotALogo(too_large=True) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotALogo from error
    picture.thumbnail(LARGEST)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return Logo(written.getvalue(), picture.width, picture.height)
