"""The ZIP: JSON, workbook, text and files, written piece by piece. Everything here blocks: call it in a thread."""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import orjson

from server.files.store import CHUNK, Store
from server.reports.person.book import write_book
from server.reports.person.labels import column_name, part_name
from server.reports.person.sent import Sent
from server.reports.person.shapes import Part
from server.storage.ids import LOCAL
from server.words import say

#: Raised when what stands in the JSON is named or read otherwise than before.
SCHEMA_VERSION: Final = 1
#: Contents that are small already: pressing them again takes time and gains nothing.
PRESSED: Final = ("image/", "video/", "audio/", "application/zip", "application/pdf", "application/vnd.openxmlformats", "application/x-7z")


class Stopped(Exception):
    """The server is told to stop; the copy is not finished."""


class Rows(msgspec.Struct, frozen=True):
    """The rows of a part: in a file, one JSON object a line."""

    part: Part
    path: Path
    count: int


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Whose copy it is, who made it, when, and why if it is another's. ``until``: as long as it waits."""

    person: str
    name: str
    username: str
    unit: str
    made_by: str
    made_at: datetime
    reason: str


#: Told how many bytes were written more; raises Stopped.
Tell = Callable[[int], None]


def pack(target: Path, about: About, rows: Sequence[Rows], files: Sequence[Sent], store: Store, tell: Tell) -> list[Sent]:
    """Write the ZIP; gives the files that the store has lost, which the text names."""
    # One look at the store tells the text and the ZIP the same.
    lost = [one for one in files if not store.exists(one.sha)]
    here = [one for one in files if one not in lost]
    book = target.with_suffix(".xlsx")
    lines = _about(about)
    write_book(book, ((one.part, one.path, one.count) for one in rows), lines, tell)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        stamp = about.made_at.astimezone(LOCAL).timetuple()[:6]
        _put(archive, stamp, "README.txt", [_readme(about, rows, files, lost).encode("utf-8-sig")], tell)
        _put(archive, stamp, "du-lieu.json", _json(about, rows, lost), tell)
        with book.open("rb") as made:
            _put(archive, stamp, "du-lieu.xlsx", _pieces(made), lambda _: tell(0), pressed=True)
        book.unlink()
        for one in here:
            pressed = one.media_type.startswith(PRESSED)
            with store.open(one.sha) as file:
                _put(archive, stamp, one.path, _pieces(file), tell, pressed=pressed)
    return lost


def _put(archive: zipfile.ZipFile, stamp: Any, name: str, pieces: Iterable[bytes], tell: Tell, *, pressed: bool = False) -> None:
    info = zipfile.ZipInfo(name, stamp)
    info.compress_type = zipfile.ZIP_STORED if pressed else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
            tell(len(piece))


def _pieces(file: BinaryIO) -> Iterable[bytes]:
    while piece := file.read(CHUNK):
        yield piece


def _json(about: About, rows: Sequence[Rows], lost: Sequence[Sent]) -> Iterable[bytes]:
    """One object: what it is of, how columns are to be read, the rows of every part, the files that are lost."""
    head = {"schema_version": SCHEMA_VERSION, "about": msgspec.to_builtins(about), "columns": {
        one.part.name: {column: {"label": column_name(one.part, column), "kind": one.part.kind(column)} for column in one.part.shown}
        for one in rows
    }, "lost_files": [one.path for one in lost]}  # fmt: skip
    yield orjson.dumps(head)[:-1] + b',"data":{'
    for place, one in enumerate(rows):
        yield (b",\n" if place else b"\n") + orjson.dumps(one.part.name) + b":["
        with one.path.open("rb") as file:
            for number, line in enumerate(file):
                yield (b",\n" if number else b"\n") + line.rstrip(b"\n")
        yield b"]"
    yield b"}}\n"


def _about(about: About) -> list[tuple[str, str]]:
    values = {
        "name": about.name,
        "username": about.username,
        "unit": about.unit,
        "made_at": about.made_at.astimezone(LOCAL).strftime("%d/%m/%Y %H:%M"),
        "made_by": about.made_by,
        "reason": about.reason,
    }
    return [(say(f"export.about.{name}"), value) for name, value in values.items() if value]


def _readme(about: About, rows: Sequence[Rows], files: Sequence[Sent], lost: Sequence[Sent]) -> str:
    parts = [f"- {part_name(one.part)}: {one.count}" for one in rows]
    gone = [say("export.readme.lost", count=len(lost)), *(f"- {one.path}" for one in lost)] if lost else []
    blocks = [
        [say("export.readme.title")],
        [f"{name}: {value}" for name, value in _about(about)],
        [
            say("export.readme.what"),
            say("export.readme.json"),
            say("export.readme.book"),
            say("export.readme.files", count=len(files) - len(lost)),
        ],
        [say("export.readme.parts"), *parts],
        gone,
        [say("export.readme.others")],
        [say("export.readme.correct")],
        [say("export.readme.law")],
        [say("export.readme.keep")],
    ]
    return "\r\n\r\n".join("\r\n".join(block) for block in blocks if block) + "\r\n"
