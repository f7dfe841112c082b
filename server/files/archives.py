"""Zip files, and the documents that are zip files: OOXML (docx, xlsx, pptx) and ODF (odt, ods, odp)."""

import struct
import zipfile
import zlib
from typing import BinaryIO, Final

from server.files import rules
from server.files.refusals import unwelcome

_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x06"
_END_LOCATOR_64: Final = b"PK\x06\x07"
#: A directory larger than this (about 20,000 entries) would cost the server its memory before anything is known of the file.
_LARGEST_DIRECTORY: Final = 2 * rules.MEGABYTE
_LARGEST_PART: Final = 4 * rules.MEGABYTE

_OOXML: Final = (
    (b"wordprocessingml.document.main+xml", rules.DOCX),
    (b"spreadsheetml.sheet.main+xml", rules.XLSX),
    (b"presentationml.presentation.main+xml", rules.PPTX),
)
_MACRO_TYPES: Final = (b"macroenabled", b"vbaproject", b"ms-excel.macrosheet", b"ms-excel.intlmacrosheet")
_MACRO_PARTS: Final = ("vbaproject", "vbadata", "macrosheets/", "basic/", "scripts/")


def looks_like_zip(file: BinaryIO) -> bool:
    """Whether the file can be opened as a zip, wherever in it that begins: a document that is also an archive is two things in one."""
    if not _directory_is_small(file):
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return False


def office_or_zip(file: BinaryIO, name: str) -> str:
    """The media type of a file that begins as a zip. Refusal (invalid) for macros, programs inside, and what can't be read."""
    if not _directory_is_small(file):
        raise unwelcome("broken_document", name)
    try:
        with zipfile.ZipFile(file) as archive:
            return _inside(archive, name)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, struct.error, zlib.error):
        raise unwelcome("broken_document", name) from None


def _inside(archive: zipfile.ZipFile, name: str) -> str:
    parts = {part.filename.replace("\\", "/").lower(): part for part in archive.infolist()}
    if not parts:
        raise unwelcome("empty", name)
    content_types = parts.get("[content_types].xml")
    mimetype = parts.get("mimetype")
    if content_types is None and mimetype is None:
        if any(rules.extension_of(part.rpartition("/")[2].rstrip(". ")) in rules.RUNNABLE - _HARMLESS_INSIDE for part in parts):
            raise unwelcome("program_inside", name)
        return rules.ZIP
    if any(mark in part for part in parts for mark in _MACRO_PARTS[:3]) or any(part.startswith(_MACRO_PARTS[3:]) for part in parts):
        raise unwelcome("macros", name)
    if content_types is not None:
        declared = _read(archive, content_types).lower()
        if any(mark in declared for mark in _MACRO_TYPES):
            raise unwelcome("macros", name)
        for mark, media_type in _OOXML:
            if mark in declared:
                return media_type
    elif mimetype is not None:
        declared = _read(archive, mimetype).strip()
        if declared.decode("ascii", "replace") in (rules.ODT, rules.ODS, rules.ODP):
            return declared.decode("ascii")
    raise unwelcome("unknown", name)


#: Web pages and data are no danger inside an archive that nobody opens by a double click on a page of ours.
_HARMLESS_INSIDE: Final = frozenset({"xml", "xsl", "svg", "htm", "html", "url"})


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as stream:
        return stream.read(_LARGEST_PART)


def _directory_is_small(file: BinaryIO) -> bool:
    """Look at the size of the directory before ``zipfile`` reads it; True where there is none."""
    size = file.seek(0, 2)
    start = max(0, size - 65536 - 22)
    file.seek(start)
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        return True
    length: int = struct.unpack_from("<I", tail, end + 12)[0]
    if end >= 20 and tail[end - 20 : end - 16] == _END_LOCATOR_64:
        # zipfile looks for the 64-bit record right before its locator, nowhere else.
        record = end - 20 - 56
        if record >= 0 and tail[record : record + 4] == _END_64:
            length = struct.unpack_from("<Q", tail, record + 40)[0]
    return length <= _LARGEST_DIRECTORY
