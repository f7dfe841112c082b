"""Real pictures with a place in them, cleaned by the browser's script in Node and read again by Pillow."""

import base64
import io
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.js.node import run

GPS = 0x8825
ORIENTATION = 0x0112
PLACE = b"21.186"


def picture(form: str, turned: int = 6, **how: Any) -> bytes:
    """A small picture that says where it was taken, in Exif, XMP and a remark, and how it is to be turned."""
    drawn = Image.effect_noise((60, 40), 80).convert("RGB")
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    exif[0x010F] = "Máy ảnh 21.186"
    exif.get_ifd(GPS).update({1: "N", 2: (21.0, 11.0, 9.6), 3: "E", 4: (106.0, 4.0, 12.0)})
    made = io.BytesIO()
    drawn.save(made, form, exif=exif, **how)
    return made.getvalue()


def bare(kind: str, *files: bytes) -> list[bytes | None]:
    found = run("photos_bare.mjs", {"files": [{"kind": kind, "base64": base64.b64encode(one).decode()} for one in files]})
    return [one and base64.b64decode(one) for one in found]


def same_pixels(one: bytes, other: bytes) -> bool:
    pictures = [Image.open(io.BytesIO(each)).convert("RGB") for each in (one, other)]
    return ImageChops.difference(*pictures).getbbox() is None


@pytest.mark.parametrize(
    ("form", "how"),
    [
        ("JPEG", {"quality": 90, "xmp": b"<x:xmpmeta>21.186</x:xmpmeta>", "comment": b"21.186"}),
        ("JPEG", {"progressive": True, "quality": 70, "icc_profile": b"profile" * 20}),
        ("PNG", {}),
        ("WEBP", {"quality": 80, "xmp": b"<x:xmpmeta>21.186</x:xmpmeta>"}),
    ],
)
def test_a_picture_loses_its_place_and_keeps_every_pixel(form: str, how: dict[str, Any]) -> None:
    given = picture(form, **how)
    before = Image.open(io.BytesIO(given)).getexif()
    assert before.get_ifd(GPS), "the picture of this test has a place"
    (cleaned,) = bare(form.lower(), given + b"21.186 behind the end")
    assert cleaned is not None
    read = Image.open(io.BytesIO(cleaned))
    read.load()
    assert not read.getexif().get_ifd(GPS)
    assert PLACE not in cleaned and b"M\xc3\xa1y" not in cleaned
    assert same_pixels(given, cleaned)
    if form == "JPEG":
        assert dict(read.getexif()) == {ORIENTATION: 6}, "it would lie on its side"
        assert read.info.get("icc_profile") == how.get("icc_profile")


def test_a_second_picture_behind_the_first_goes_too() -> None:
    made = io.BytesIO()
    first, second = Image.effect_noise((30, 20), 60).convert("RGB"), Image.effect_noise((30, 20), 50).convert("RGB")
    first.save(made, "MPO", save_all=True, append_images=[second])
    (cleaned,) = bare("jpeg", made.getvalue())
    assert cleaned is not None and cleaned.count(b"\xff\xd8\xff") == 1 and b"MPF" not in cleaned
    assert same_pixels(made.getvalue(), cleaned)


def test_what_is_broken_is_not_taken_for_clean() -> None:
    jpeg, png = picture("JPEG"), picture("PNG")
    assert bare("jpeg", jpeg[: len(jpeg) // 2], b"\xff\xd8\xff\xe1", jpeg[:3]) == [None, None, None]
    assert bare("png", png[: len(png) // 2], png[:20]) == [None, None]
    assert bare("heic", b"\0\0\0\x18ftypheic" + b"x" * 99) == [None]
