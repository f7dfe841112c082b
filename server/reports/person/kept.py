"""The copies that wait to be taken away: a ZIP each and a note beside it, in a folder of their own, for 24 hours."""

import os
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from server.storage.ids import is_id

MAKING: Final = ".making"


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A finished copy. ``size`` in bytes; ``missing``: files whose content the store has lost."""

    id: str
    person: str
    made_by: str
    reason: str
    made_at: datetime
    until: datetime
    size: int
    rows: int
    files: int
    missing: int = 0


class Shelf:
    """The folder. Everything here blocks: call it in a thread."""

    def __init__(self, data: Path) -> None:
        self.root = data / "exports"

    def path(self, copy: str) -> Path:
        """Where this ZIP is or would be. ValueError if ``copy`` is no identifier, so that no request ever names a path."""
        if not is_id(copy):
            raise ValueError(f"not an identifier: {copy[:80]!r}")
        return self.root / f"{copy}.zip"

    def _note(self, copy: str) -> Path:
        return self.path(copy).with_suffix(".json")

    def workshop(self, copy: str) -> Path:
        """A new folder in which this copy is put together; it is gone when the copy is kept, or when the server starts anew."""
        self.path(copy)
        folder = self.root / MAKING / copy
        for one in (self.root, self.root / MAKING, folder):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def keep(self, copy: Copy, made: Path) -> None:
        """Give a finished ZIP its place. The note comes last: what has none is not there."""
        made.chmod(0o600)
        with made.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(made, self.path(copy.id))
        note = self._note(copy.id)
        draft = note.with_suffix(".new")
        draft.write_bytes(msgspec.json.encode(copy))
        os.replace(draft, note)
        shutil.rmtree(self.root / MAKING / copy.id, ignore_errors=True)
        for one in self.all():
            if one.id != copy.id and (one.person, one.made_by) == (copy.person, copy.made_by):
                self.remove(one.id)

    def of(self, copy: str, now: datetime) -> Copy | None:
        """A copy that may still be taken away."""
        if not is_id(copy):
            return None
        found = self._read(self._note(copy))
        return found if found is not None and found.until > now and self.path(copy).is_file() else None

    def made_by(self, person: str, now: datetime) -> list[Copy]:
        """The copies that somebody made, the newest first."""
        found = [one for one in self.all() if one.made_by == person and one.until > now]
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    def all(self) -> list[Copy]:
        """Every copy with a note, too old ones as well."""
        notes = self.root.glob("*.json") if self.root.is_dir() else iter(())
        return [one for note in notes if (one := self._read(note)) is not None]

    def remove(self, copy: str) -> None:
        """The note first: a kill in between leaves a ZIP that nobody can ask for, and that the next sweep takes."""
        self._note(copy).unlink(missing_ok=True)
        self.path(copy).unlink(missing_ok=True)

    def abandon(self, copy: str) -> None:
        """What was begun of a copy that will not be finished."""
        shutil.rmtree(self.root / MAKING / copy, ignore_errors=True)

    def sweep(self, now: datetime, *, all_unfinished: bool = False) -> int:
        """Remove copies whose time is over, and what a kill left behind; how many ZIPs went.

        ``all_unfinished``: nobody is making any, for the only process that does has just started.
        """
        if not self.root.is_dir():
            return 0
        for one in self.all():
            if one.until <= now:
                self.remove(one.id)
        noted = {one.id for one in self.all()}
        gone = 0
        for path in self.root.iterdir():
            if path.is_file() and path.stem not in noted and (all_unfinished or _idle(path)):
                path.unlink(missing_ok=True)
                gone += 1
        making = self.root / MAKING
        for folder in making.iterdir() if making.is_dir() else ():
            if all_unfinished or _idle(folder):
                shutil.rmtree(folder, ignore_errors=True)
        return gone

    @staticmethod
    def _read(note: Path) -> Copy | None:
        try:
            return msgspec.json.decode(note.read_bytes(), type=Copy)
        except (FileNotFoundError, msgspec.DecodeError):
            return None


#: Seconds after which nobody is working on what nobody touched.
IDLE: Final = 24 * 3600


def _idle(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > IDLE
    except FileNotFoundError:
        return False
