"""What a file is, by its first bytes and its inside, never by its name."""

import zipfile
from io import BytesIO

from server.errors import Refusal
from server.plans.shapes import MEGABYTE, Kind, Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")


def kind_of(data: bytes, name: str, limits: Limits) -> Kind:
    """The kind of document. Raises `Refusal`, with what to do, for all that is not read: old forms, macros, pictures, locked files."""
    if len(data) > limits.file_bytes:
        size = -(-len(data) // MEGABYTE)
        raise Refusal("invalid", "plans.too_large", name=name, size=size, limit=limits.file_bytes // MEGABYTE)
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Refusal("invalid", "plans.empty", name=name)
    if data.startswith(b"PK"):
        return _office(data, name)
    if data.startswith(_OLE):
        raise _old_office(data, name)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.lstrip().startswith(b"{\\rtf"):
        raise Refusal("invalid", "plans.old_form", name=name, form="RTF", kind=".docx")
    if data.startswith(_PICTURES) and b"\0" in data[:4096]:
        raise Refusal("invalid", "plans.picture", name=name)
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table")):
        return "html"
    return "text"


def _office(data: bytes, name: str) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = [part.lower() for part in package.namelist()]
            types = b""
            if "[content_types].xml" in names:
                with package.open(package.namelist()[names.index("[content_types].xml")]) as stream:
                    types = stream.read(2 * MEGABYTE).lower()
            elif "mimetype" in names:
                with package.open(package.namelist()[names.index("mimetype")]) as stream:
                    types = stream.read(200)
    except Exception as error:
        raise Refusal("invalid", "plans.broken", name=name, form="Office") from error
    word = any(part.startswith("word/") for part in names)
    if any(part.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in part for part in names) or b"macroenabled" in types:
        raise Refusal("invalid", "plans.macro", name=name, program="Word" if word else "Excel", kind=".docx" if word else ".xlsx")
    if b"opendocument" in types:
        sheet = b"spreadsheet" in types
        raise Refusal("invalid", "plans.old_form", name=name, form="OpenDocument", kind=".xlsx" if sheet else ".docx")
    if "xl/workbook.bin" in names:
        raise Refusal("invalid", "plans.old_form", name=name, form=".xlsb", kind=".xlsx")
    if "encryptedpackage" in names:
        raise Refusal("invalid", "plans.locked", name=name)
    if b"wordprocessingml" in types or "word/document.xml" in names:
        return "docx"
    if b"spreadsheetml" in types or "xl/workbook.xml" in names:
        return "xlsx"
    raise Refusal("invalid", "plans.unknown_kind", name=name)


def _old_office(data: bytes, name: str) -> Refusal:
    """The streams of an OLE file are named in UTF-16; that is enough to say what it is."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return Refusal("invalid", "plans.locked", name=name)
    if holds("WordDocument"):
        return Refusal("invalid", "plans.old_form", name=name, form=".doc", kind=".docx")
    if holds("Workbook") or holds("Book"):
        return Refusal("invalid", "plans.old_form", name=name, form=".xls", kind=".xlsx")
    return Refusal("invalid", "plans.unknown_kind", name=name)
