"""Pictures as they are kept."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from server.errors import Refusal
from server.files import pictures, rules
from server.files.pictures import Picture, tidy
from tests.files import make

HERE = Path(__file__).parent
SECRETS = (b"Exif", b"GPS", b"xmpmeta", b"PhoneMaker", b"secret place", b"taken at", b"Apple", b"ICC_PROFILE")


def _tidy(tmp_path: Path, content: bytes, media_type: str = rules.JPEG) -> Picture:
    path = tmp_path / "sent"
    path.write_bytes(content)
    return tidy(path, media_type, "ảnh.jpg")


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def _colour(content: bytes, x: int, y: int) -> tuple[int, ...]:
    colour = _opened(content).getpixel((x, y))
    assert isinstance(colour, tuple)
    return colour


def test_it_takes_the_place_out_and_turns_the_picture_upright(tmp_path: Path) -> None:
    sent = make.photo(400, 200, orientation=6)
    assert _opened(sent).getexif().get_ifd(0x8825)
    kept = _tidy(tmp_path, sent)
    picture = _opened(kept.content)
    assert (kept.width, kept.height) == picture.size == (200, 400)
    assert _colour(kept.content, 100, 20)[0] > 200, "the red half is on top now"
    assert _colour(kept.content, 100, 380)[2] > 200
    for content in (kept.content, kept.thumb):
        assert not _opened(content).getexif()
        assert not any(secret in content for secret in SECRETS)


@pytest.mark.parametrize("media_type", [rules.PNG, rules.WEBP])
def test_it_takes_the_words_out_of_other_pictures(tmp_path: Path, media_type: str) -> None:
    sent = make.png_with_words() if media_type == rules.PNG else make.picture("WEBP", exif=make._gps(), xmp=b"<x:xmpmeta>GPS</x:xmpmeta>")
    assert b"GPS" in sent
    kept = _tidy(tmp_path, sent, media_type)
    assert kept.media_type == media_type
    assert not _opened(kept.content).getexif()
    assert not any(secret in kept.content for secret in SECRETS)
    assert _opened(kept.content).info.keys() <= {"loop", "background", "timestamp", "duration"}


def test_it_takes_out_what_hides_behind_a_picture(tmp_path: Path) -> None:
    behind = make.archive_of({"evil.txt": "hidden words"})
    kept = _tidy(tmp_path, make.photo(trailing=behind + b"<script>"))
    assert b"PK\x03\x04" not in kept.content
    assert b"<script>" not in kept.content


def test_it_scales_down_what_is_large(tmp_path: Path) -> None:
    kept = _tidy(tmp_path, make.photo(6000, 3000, orientation=1))
    assert (kept.width, kept.height) == (2560, 1280)
    assert max(_opened(kept.thumb).size) == 320
    assert _opened(kept.thumb).format == "WEBP"
    assert _opened(kept.content).info["progressive"]


def test_it_never_makes_a_picture_larger(tmp_path: Path) -> None:
    kept = _tidy(tmp_path, make.picture("PNG", (20, 10)), rules.PNG)
    assert (kept.width, kept.height) == _opened(kept.thumb).size == (20, 10)


def test_it_gives_the_same_bytes_for_the_same_picture(tmp_path: Path) -> None:
    assert _tidy(tmp_path, make.photo()) == _tidy(tmp_path, make.photo())


@pytest.mark.parametrize("side", [30_000, 8_000])
def test_it_refuses_a_bomb_before_it_decodes_a_pixel(tmp_path: Path, side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _: pytest.fail("decoded"))
    with pytest.raises(Refusal) as refused:
        _tidy(tmp_path, make.bomb_png(side, side), rules.PNG)
    assert refused.value.key == "files.picture_too_big"
    assert "60 triệu điểm ảnh" in refused.value.message


def test_it_takes_less_of_what_needs_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS_WEBP", 3000)
    with pytest.raises(Refusal) as refused:
        _tidy(tmp_path, make.picture("WEBP"), rules.WEBP)
    assert refused.value.key == "files.picture_too_big"
    assert _tidy(tmp_path, make.picture("PNG"), rules.PNG)


@pytest.mark.parametrize("media_type", [rules.JPEG, rules.PNG, rules.WEBP, rules.GIF, rules.HEIC])
def test_it_says_that_a_picture_broke_off(tmp_path: Path, media_type: str) -> None:
    whole = {
        rules.JPEG: make.photo(),
        rules.PNG: make.picture("PNG", (200, 200)),
        rules.WEBP: make.picture("WEBP", (200, 200)),
        rules.GIF: make.moving_gif(),
        rules.HEIC: (HERE / "data" / "phone.heic").read_bytes(),
    }[media_type]
    for content in (whole[: len(whole) // 2], whole[:20]):
        with pytest.raises(Refusal) as refused:
            _tidy(tmp_path, content, media_type)
        assert refused.value.key == "files.broken_picture"
        assert "ảnh.jpg" in refused.value.message


def test_it_keeps_an_animation_as_it_is(tmp_path: Path) -> None:
    sent = make.moving_gif(4)
    kept = _tidy(tmp_path, sent, rules.GIF)
    assert kept.content == sent
    assert _opened(kept.thumb).size == (32, 32)


def test_it_refuses_what_hides_behind_an_animation(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        _tidy(tmp_path, make.moving_gif() + make.archive_of({"a": "b"}), rules.GIF)
    assert refused.value.key == "files.broken_picture"


def test_it_refuses_an_animation_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_FRAMES", 2)
    with pytest.raises(Refusal) as refused:
        _tidy(tmp_path, make.moving_gif(3), rules.GIF)
    assert refused.value.key == "files.picture_too_long"


def test_it_reads_the_photographs_of_iphones(tmp_path: Path) -> None:
    sent = (HERE / "data" / "phone.heic").read_bytes()
    assert b"Apple" in sent
    kept = _tidy(tmp_path, sent, rules.HEIC)
    assert (kept.media_type, kept.width, kept.height) == (rules.JPEG, 96, 64)
    assert not any(secret in kept.content for secret in SECRETS)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
def test_it_reads_every_kind_of_png(tmp_path: Path, mode: str) -> None:
    kept = _tidy(tmp_path, make.picture("PNG", mode=mode, colour=0), rules.PNG)
    assert kept.media_type == rules.PNG
    assert _opened(kept.content).size == (64, 48)


def test_it_scales_grey_of_sixteen_bits(tmp_path: Path) -> None:
    kept = _tidy(tmp_path, make.picture("PNG", mode="I;16", colour=32768), rules.PNG)
    assert _opened(kept.content).getpixel((5, 5)) == 128


def test_it_reads_the_jpegs_of_print_shops(tmp_path: Path) -> None:
    kept = _tidy(tmp_path, make.picture("JPEG", mode="CMYK", colour=(0, 255, 255, 0)))
    assert _opened(kept.content).mode == "RGB"


def test_it_keeps_transparency(tmp_path: Path) -> None:
    kept = _tidy(tmp_path, make.picture("PNG", mode="RGBA", colour=(1, 2, 3, 0)), rules.PNG)
    assert _colour(kept.content, 0, 0)[3] == 0


def test_it_makes_a_jpeg_of_a_photograph_in_png(tmp_path: Path) -> None:
    into = io.BytesIO()
    # A photograph, as far as compression goes: soft shapes with noise.
    noise = Image.effect_noise((1800, 1400), 40)
    Image.merge("RGB", (noise, noise.transpose(Image.Transpose.ROTATE_180), noise)).save(into, "PNG", compress_level=1)
    kept = _tidy(tmp_path, into.getvalue(), rules.PNG)
    assert kept.media_type == rules.JPEG
    assert len(kept.content) < len(into.getvalue()) / 2
