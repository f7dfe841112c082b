"""The old Office formats (doc, xls, ppt): offices still send them every day. Macros are looked for, in both of their forms."""

import struct
from typing import BinaryIO, Final

import olefile

from server.files import rules
from server.files.refusals import unwelcome

_KINDS: Final = (("worddocument", rules.DOC), ("workbook", rules.XLS), ("book", rules.XLS), ("powerpoint document", rules.PPT))
_MACRO_STORAGES: Final = frozenset({"vba", "_vba_project", "_vba_project_cur", "macros"})
_BOUNDSHEET: Final = 0x0085
_END_OF_GLOBALS: Final = 0x000A
#: The kind of sheet, by its second byte: 1 is a sheet of Excel 4.0 macros, 6 a Visual Basic module.
_MACRO_SHEETS: Final = (1, 6)


def office_97(file: BinaryIO, name: str) -> str:
    """The media type of a compound file. Refusal (invalid) for macros, for what is under a password, and for what can't be read."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as compound:
            streams = {"/".join(parts).lower() for parts in compound.listdir(streams=True, storages=True)}
            if "encryptedpackage" in streams:
                raise unwelcome("locked", name)
            if any(_MACRO_STORAGES & set(stream.split("/")) for stream in streams):
                raise unwelcome("macros", name)
            for stream, media_type in _KINDS:
                if stream in streams:
                    if media_type == rules.XLS and _has_macro_sheet(compound.openstream(stream).read()):
                        raise unwelcome("macros", name)
                    return media_type
    except (OSError, ValueError, IndexError, struct.error, RecursionError):
        raise unwelcome("broken_document", name) from None
    raise unwelcome("unknown", name)


def _has_macro_sheet(workbook: bytes) -> bool:
    """Walk the records of the workbook's globals (MS-XLS 2.4.28): each sheet says its kind there."""
    place = 0
    while place + 4 <= len(workbook):
        record, length = struct.unpack_from("<HH", workbook, place)
        if record == _BOUNDSHEET and length >= 6 and workbook[place + 9] in _MACRO_SHEETS:
            return True
        if record == _END_OF_GLOBALS:
            return False
        place += 4 + length
    return False
