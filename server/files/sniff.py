"""What a file is, by its content. The name is believed in one thing only: which of the two kinds of text it is.

The list of what is welcome is closed, so each kind is opened with the library that knows it instead of guessed from its first bytes:
pictures by Pillow (``pictures.py``), OOXML, ODF and zip by ``zipfile``, the old Office formats by ``olefile``.
"""

import re
from pathlib import Path
from typing import BinaryIO, Final

from server.files import rules
from server.files.archives import looks_like_zip, office_or_zip
from server.files.compound import office_97
from server.files.refusals import unwelcome

_HEAD: Final = 4096
_TAIL: Final = 64 * 1024

#: (magic number, media type) of the pictures; WebP and HEIC have theirs further in.
_PICTURES: Final = (
    (b"\xff\xd8\xff", rules.JPEG),
    (b"\x89PNG\r\n\x1a\n", rules.PNG),
    (b"GIF87a", rules.GIF),
    (b"GIF89a", rules.GIF),
)
_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1")
#: Programs: Windows, Linux, macOS (both orders, and its fat binaries), Java, Android, WebAssembly, shortcuts, cabinets.
_PROGRAMS: Final = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"\0asm",
    b"L\0\0\0\x01\x14\x02\0",
    b"MSCF",
)
_ARCHIVES: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf'\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"(\xb5/\xfd")
_MARKUP = re.compile(
    r"<\s*(!doctype|\?xml|\?php|\?=|%@?|!--|html|head|body|script|svg|iframe|object|embed|style|meta|img|a\s|table|div|math)", re.IGNORECASE
)
_TEXT_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def sniff(path: Path, name: str) -> str:
    """The media type of the file, one of ``rules.KINDS``. Blocks. Refusal (invalid) says why a file is not welcome.

    A picture is only named here; whether it can be read shows when ``pictures`` opens it.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not head:
            raise unwelcome("empty", name)
        if head.startswith(_PROGRAMS):
            raise unwelcome("program", name)
        picture = _picture(head)
        if picture:
            return picture
        if head.startswith(b"%PDF-"):
            return _pdf(file, name)
        if head.startswith(b"PK\x03\x04"):
            return office_or_zip(file, name)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return office_97(file, name)
        if head.startswith(_ARCHIVES):
            raise unwelcome("other_archive", name)
        if head[4:8] == b"ftyp":
            raise unwelcome("video", name)
        return _text(file, name)


def _picture(head: bytes) -> str | None:
    for magic, media_type in _PICTURES:
        if head.startswith(magic):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return rules.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return rules.HEIC
    return None


def _pdf(file: BinaryIO, name: str) -> str:
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    # A PDF is read from its end: without the end mark the upload broke off.
    if b"%%EOF" not in file.read():
        raise unwelcome("broken_document", name)
    if looks_like_zip(file):
        raise unwelcome("two_in_one", name)
    return rules.PDF


def _text(file: BinaryIO, name: str) -> str:
    file.seek(0)
    raw = file.read()
    text = _decoded(raw)
    if text is None or _TEXT_CONTROLS.search(text):
        raise unwelcome("unknown", name)
    start = text.lstrip("\ufeff \t\r\n\f\v")
    if start.startswith("#!") or rules.extension_of(name) in rules.RUNNABLE:
        raise unwelcome("script", name)
    if _MARKUP.match(start):
        raise unwelcome("web_page", name)
    if looks_like_zip(file):
        raise unwelcome("two_in_one", name)
    return rules.text_kind(name)


def _decoded(raw: bytes) -> str | None:
    """The text, or None if it is none. What is not Unicode is taken for one of the old Vietnamese 8-bit codes, letter by letter."""
    try:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16")
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # TCVN3 and windows-1258 put letters anywhere above 127; at least half of a Vietnamese text stays ASCII, of noise a third.
        plain = sum(byte in b"\t\r\n" or 32 <= byte < 127 for byte in raw)
        return raw.decode("latin-1") if plain > len(raw) * 0.5 else None
