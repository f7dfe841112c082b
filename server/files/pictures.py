"""Pictures: turned upright, scaled down, freed of everything that is not the picture, with a thumbnail.

A picture is written anew from its pixels. That is what takes away the place (EXIF, XMP), the camera's number and whatever was hidden
behind or inside it: no list of things to remove has to be complete.
"""

import io
import warnings
from pathlib import Path
from typing import Final

import msgspec
from pi_heif import register_heif_opener
from PIL import Image, ImageCms, ImageFile, ImageOps, ImageSequence

from server.errors import Refusal
from server.files import rules
from server.files.refusals import unwelcome

register_heif_opener()  # the photographs of iPhones
# Pillow warns of large pictures by its own measure; ours is taken before a pixel is decoded.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)

#: Pixels of the long side.
LONGEST_SIDE: Final = 2560
THUMB_SIDE: Final = 320
#: Pixels that are decoded at most: 60 million are 180 MB of memory.
MOST_PIXELS: Final = 60_000_000
#: WebP is decoded with three canvases of four bytes a pixel: 60 million took 940 MB.
MOST_PIXELS_WEBP: Final = 25_000_000
MOST_FRAMES: Final = 600
#: All frames of an animation together.
MOST_PIXELS_MOVING: Final = 300_000_000
JPEG_QUALITY: Final = 82
#: A PNG that stays larger than this although it is scaled down, and has no transparency, is a photograph in the wrong clothes.
LARGE_PNG: Final = 2 * rules.MEGABYTE

_FORMATS: Final = {rules.JPEG: ("JPEG", "MPO"), rules.PNG: ("PNG",), rules.WEBP: ("WEBP",), rules.GIF: ("GIF",), rules.HEIC: ("HEIF",)}


class Picture(msgspec.Struct, frozen=True):
    """A picture as it is kept. ``thumb`` is WebP, at most ``THUMB_SIDE`` pixels."""

    content: bytes
    media_type: str
    width: int
    height: int
    thumb: bytes


def tidy(path: Path, media_type: str, name: str) -> Picture:
    """The picture at ``path`` as it may be kept. Blocks. Refusal (invalid) if it is too big or can't be read."""
    # Whoever lays out documents in this process asks Pillow to pass over what is missing; of a photograph nothing may be.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    most = MOST_PIXELS_WEBP if media_type == rules.WEBP else MOST_PIXELS
    try:
        with Image.open(path, formats=_FORMATS[media_type]) as picture:
            if picture.width * picture.height > most:
                raise unwelcome("picture_too_big", name, most=most // 1_000_000)
            if getattr(picture, "is_animated", False) and media_type in (rules.GIF, rules.WEBP):
                return _moving(path, picture, media_type, name)
            return _still(picture, media_type)
    except Refusal:
        raise
    except MemoryError:
        raise
    except Image.DecompressionBombError:
        # Pillow's own guard: it stops before ours can measure, from 179 megapixels on.
        raise unwelcome("picture_too_big", name, most=most // 1_000_000) from None
    except Exception:
        # A decoder that meets a broken file raises whatever it happens to trip over: OSError, SyntaxError, struct.error, KeyError …
        raise unwelcome("broken_picture", name) from None


def _still(picture: ImageFile.ImageFile, media_type: str) -> Picture:
    if media_type == rules.JPEG:
        # The decoder itself can halve a JPEG: a photograph of 48 megapixels never takes its full size in memory.
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    if picture.mode in ("RGB", "RGBA", "L", "CMYK"):
        # Small first: each step after this one makes a copy. What has a palette or one bit a pixel is scaled once it has colours.
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright = _in_srgb(ImageOps.exif_transpose(picture))
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    content, kept_as = _written(upright, media_type)
    return Picture(content, kept_as, upright.width, upright.height, _thumb(upright))


def _in_srgb(picture: Image.Image) -> Image.Image:
    """RGB, RGBA or L in the colours of the web, holding nothing but pixels."""
    profile = picture.info.get("icc_profile")
    transparent = picture.has_transparency_data
    if picture.mode == "CMYK" and profile is None:
        picture = picture.convert("RGB")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            picture = (
                ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGBA" if transparent else "RGB")
                or picture
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that nobody can read is left out; the colours may be a little off, the picture is not lost
    if transparent:
        mode = "RGBA"
    elif picture.mode in ("1", "L"):
        mode = "L"
    elif picture.mode.startswith("I"):
        # 16 bits of grey: convert() would cut them off at 255 instead of scaling them.
        picture, mode = picture.convert("I").point(lambda value: value * (1 / 256)), "L"
    else:
        mode = "RGB"
    bare = Image.new(mode, picture.size)
    bare.paste(picture if picture.mode == mode else picture.convert(mode))
    return bare


def _written(picture: Image.Image, media_type: str) -> tuple[bytes, str]:
    if media_type in (rules.PNG, rules.GIF):
        content = _saved(picture, "PNG", optimize=picture.width * picture.height < 1_000_000)
        if len(content) <= LARGE_PNG or picture.mode == "RGBA":
            return content, rules.PNG
        as_jpeg = _saved(picture, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True)
        # A large scan of text compresses better as PNG, a photograph several times better as JPEG.
        return (as_jpeg, rules.JPEG) if len(as_jpeg) * 2 < len(content) else (content, rules.PNG)
    if media_type == rules.WEBP or picture.mode == "RGBA":
        return _saved(picture, "WEBP", quality=JPEG_QUALITY), rules.WEBP
    return _saved(picture, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True), rules.JPEG


def _moving(path: Path, picture: ImageFile.ImageFile, media_type: str, name: str) -> Picture:
    """An animation: every frame is looked at, then an animated GIF stays as it is; WebP can carry a place and is written anew."""
    frames = getattr(picture, "n_frames", 1)
    if frames > MOST_FRAMES or frames * picture.width * picture.height > MOST_PIXELS_MOVING:
        raise unwelcome("picture_too_long", name)
    first: Image.Image | None = None
    for frame in ImageSequence.Iterator(picture):
        frame.load()
        first = first or frame.convert("RGBA")
    if first is None:
        raise unwelcome("broken_picture", name)
    if media_type == rules.WEBP:
        content = _saved(picture, "WEBP", save_all=True, quality=JPEG_QUALITY, exif=b"", xmp=b"", icc_profile=b"")
    else:
        content = path.read_bytes()
        if not content.endswith(b";"):
            # 0x3B closes a GIF; what comes after it is no picture.
            raise unwelcome("broken_picture", name)
    return Picture(content, media_type, picture.width, picture.height, _thumb(first))


def _thumb(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return _saved(small, "WEBP", quality=75)


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    into = io.BytesIO()
    picture.save(into, form, **options)
    return into.getvalue()
