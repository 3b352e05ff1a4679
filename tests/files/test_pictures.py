"""Pictures drawn anew: what goes, what stays, and what is refused before it is decoded."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.files import checking
from portal.files.checking import MEDIA_TYPES, Refused, check
from portal.files.pictures import LARGEST, MOST_PIXELS, SIZES, NotAPicture, redraw
from tests.files import made

HTML = b"<!doctype html><script>alert(1)</script>"


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def is_red(picture: Image.Image, place: tuple[int, int]) -> bool:
    red, _green, blue = picture.convert("RGB").getpixel(place)  # type: ignore[misc]  # an RGB picture
    return red > 200 and blue < 60


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_out_in_its_own_format(kind: str) -> None:
    drawn = redraw(made.picture(kind))
    assert opened(drawn.content).format == kind
    assert drawn.media_type == f"image/{kind.lower()}"
    assert (drawn.width, drawn.height) == opened(drawn.content).size == (60, 40)
    assert set(drawn.smaller) == set(SIZES)


def test_place_time_camera_and_comments_are_gone() -> None:
    before = made.taken_somewhere()
    assert b"Kamerafabrikken" in before
    assert opened(before).getexif().get_ifd(0x8825)
    drawn = redraw(before)
    for content in (drawn.content, *drawn.smaller.values()):
        after = opened(content)
        assert not after.getexif()
        assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(after.info)
        for word in (b"Kamerafabrikken", b"2026:05:17", b"hemmelig", b"Exif"):
            assert word not in content


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_other_formats_say_in_words_is_gone_too(kind: str) -> None:
    from PIL.PngImagePlugin import PngInfo

    said = PngInfo()
    said.add_text("Author", "Kari Nordmann")
    exif = Image.Exif()
    exif[0x010E] = "Kari Nordmann"
    before = made.picture(kind, exif=exif, **({"pnginfo": said} if kind == "PNG" else {}))
    assert b"Kari Nordmann" in before
    assert b"Kari Nordmann" not in redraw(before).content


@pytest.mark.parametrize(("orientation", "red_is"), [(1, "left"), (3, "right"), (6, "top"), (8, "bottom")])
def test_a_picture_taken_lying_is_turned_the_right_way(orientation: int, red_is: str) -> None:
    drawn = opened(redraw(made.taken_somewhere(orientation)).content)
    width, height = drawn.size
    assert (width > height) == (red_is in {"left", "right"})
    places = {"left": (5, height // 2), "right": (width - 5, height // 2)}
    places |= {"top": (width // 2, 5), "bottom": (width // 2, height - 5)}
    assert is_red(drawn, places[red_is])


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    drawn = redraw(made.picture("JPEG", (4800, 1600)))
    assert (drawn.width, drawn.height) == (LARGEST, LARGEST // 3)
    for name, side in SIZES.items():
        assert max(opened(drawn.smaller[name]).size) == side


def test_a_transparent_picture_stays_transparent() -> None:
    drawn = opened(redraw(made.picture("PNG", mode="RGBA")).content)
    assert drawn.mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16"])
def test_every_kind_of_png_can_be_drawn(mode: str) -> None:
    file = io.BytesIO()
    grey = Image.new("I" if mode == "I;16" else "L", (8, 8), 100)
    grey.convert(mode).save(file, "PNG")
    assert redraw(file.getvalue()).width == 8


def test_a_printers_jpeg_becomes_one_for_screens() -> None:
    assert opened(redraw(made.picture("JPEG", mode="CMYK")).content).mode == "RGB"


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind: str) -> None:
    drawn = opened(redraw(made.moving(kind)).content)
    assert getattr(drawn, "n_frames", 1) == 1
    assert is_red(drawn, (20, 15))


@pytest.mark.parametrize("size", [(5001, 5000), (100_000, 100_000), (2**31 - 1, 2**31 - 1), (MOST_PIXELS + 1, 1)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(NotAPicture) as refusal:
        redraw(made.png_of_size(*size))
    assert refusal.value.too_large, "there are no pixels in the file: decoding it would have said that it is broken"


def test_somebody_with_a_bomb_is_told_what_to_do() -> None:
    with pytest.raises(Refused) as refusal:
        check(made.png_of_size(50_000, 50_000), "bilde.png")
    assert refusal.value.message == checking.TOO_MANY_PIXELS


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_picture_is_refused(kind: str, share: float) -> None:
    whole = made.picture(kind, (200, 200))
    with pytest.raises(Refused):
        check(whole[: int(len(whole) * share)], "bilde")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_also_a_page_or_an_archive_becomes_a_picture_and_nothing_else(kind: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as hidden:
        hidden.writestr("virus.html", HTML)
    for more in (HTML, archive.getvalue()):
        checked = check(made.picture(kind) + more, "bilde.html")
        assert b"script" not in checked.content
        assert b"PK\x03\x04" not in checked.content
        assert checked.is_picture
        assert checked.name.rsplit(".")[-1] in {"jpg", "png", "webp"}


@given(
    content=st.binary(max_size=400),
    head=st.sampled_from([b"", *[made.picture(k)[:60] for k in ("JPEG", "PNG", "WEBP")]]),
)
def test_whatever_is_sent_there_is_an_answer(content: bytes, head: bytes) -> None:
    with suppress(Refused):
        assert check(head + content, "noe").media_type in MEDIA_TYPES.values()


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [("Lekeplassen i Røyken.jpg", "Lekeplassen i Røyken.png"), ("IMG_20260517_120000.jpg", "bilde.png")],
)
def test_a_picture_keeps_a_telling_name_but_not_the_cameras(given_name: str, kept: str) -> None:
    assert check(made.picture("PNG"), given_name).name == kept


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_kinds_of_pictures_are_refused_whatever_they_are_called(kind: str) -> None:
    with pytest.raises(Refused) as refusal:
        check(made.picture(kind), "bilde.png")
    assert refusal.value.message == checking.UNKNOWN


def test_a_telephones_own_format_is_refused_with_advice() -> None:
    with pytest.raises(Refused) as refusal:
        check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500, "bilde.jpg")
    assert refusal.value.message == checking.HEIC
