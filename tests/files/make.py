"""Files as people send them, made on the spot."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, PngImagePlugin


def photo(width: int = 400, height: int = 200, orientation: int = 6, trailing: bytes = b"") -> bytes:
    """A JPEG with a place in Hà Nội in it, a red left half, and an orientation (6: turn a quarter clockwise)."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[0x0112] = orientation
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (21.0, 2.0, 3.0), 3: "E", 4: (105.0, 50.0, 0.0)})
    into = io.BytesIO()
    picture.save(into, "JPEG", exif=exif, xmp=b"<x:xmpmeta>exif:GPSLatitude 21,2N</x:xmpmeta>", comment=b"taken at the office", quality=90)
    return into.getvalue() + trailing


def picture(form: str, size: tuple[int, int] = (64, 48), colour: Any = "green", mode: str = "RGB", **options: Any) -> bytes:
    into = io.BytesIO()
    Image.new(mode, size, colour).save(into, form, **options)
    return into.getvalue()


def png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "secret place")
    words.add_itxt("XML:com.adobe.xmp", "GPSLatitude")
    return picture("PNG", pnginfo=words, exif=_gps())


def _gps() -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 2.0, 3.0)})
    return exif


def bomb_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that claims 900 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")


def moving_gif(frames: int = 3) -> bytes:
    pictures = [Image.new("RGB", (32, 32), (80 * n % 255, 10, 10)) for n in range(frames)]
    into = io.BytesIO()
    pictures[0].save(into, "GIF", save_all=True, append_images=pictures[1:], duration=100, loop=0)
    return into.getvalue()


def pdf(tail: bytes = b"%%EOF\n") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"
        + tail
    )


def archive_of(parts: dict[str, Any]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            # Always of one moment: tests are named by these bytes, and two processes must find the same names.
            made.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 8, 15, 0)), content, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def office(main: str, extra: dict[str, str] | None = None) -> bytes:
    """An OOXML file as far as its kind goes; ``main`` is the content type of its main part."""
    declared = f'<Types><Override PartName="/main.xml" ContentType="{main}"/></Types>'
    return archive_of({"[Content_Types].xml": declared, "main.xml": "<x/>", **(extra or {})})


def docx(extra: dict[str, str] | None = None) -> bytes:
    return office("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", extra)


def compound(name: str, content: bytes = b"", *, storage: str | None = None) -> bytes:
    """A compound file (MS-CFB) with one stream of 4096 bytes and, if wanted, one empty storage beside it."""
    free, end, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF

    def entry(called: str, kind: int, *, child: int = none, right: int = none, start: int = 0, size: int = 0) -> bytes:
        text = called.encode("utf-16-le") + b"\0\0"
        return struct.pack(
            "<64sHBB III 16s I QQ I Q", text, len(text) if called else 0, kind, 1, none, right, child, b"", 0, 0, 0, start, size
        )

    table = [0xFFFFFFFD, end, *range(3, 10), end]
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, 1, 0, 4096, end, 0, end, 0
    )
    head += struct.pack("<109I", 0, *[free] * 108)
    entries = entry("Root Entry", 5, child=1, start=end) + entry(name, 2, right=2 if storage else none, start=2, size=4096)
    entries += entry(storage, 1) if storage else bytes(128)
    return head + struct.pack("<128I", *table, *[free] * (128 - len(table))) + entries + bytes(128) + content.ljust(4096, b"\0")
