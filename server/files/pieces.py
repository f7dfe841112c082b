"""Uploads in pieces: a phone on a bad line sends what is missing and never starts again (sync protocol, ``PUT /files/{sha256}``).

The pieces of a person are his own: nobody else adds to them, and nobody learns from them which contents exist.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.errors import Refusal
from server.files.rules import MEGABYTE, is_sha
from server.files.store import CHUNK, Readable, Staged, Store, remove_older_than


class Pieces:
    """What has arrived of contents that are not whole yet. Everything here blocks: call it in a thread."""

    def __init__(self, store: Store) -> None:
        self.folder = store.root / ".pieces"
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def received(self, sha: str, by: str) -> int:
        """Bytes that are here; the next piece starts there."""
        try:
            return self._path(sha, by).stat().st_size
        except FileNotFoundError:
            return 0

    def add(self, sha: str, by: str, first: int, source: Readable, limit: int) -> int:
        """Add a piece that starts at byte ``first``; how many bytes are here now.

        A piece that starts earlier than what is here overwrites it: its sender did not hear of our last answer. Refusal ``conflict``
        if it starts later, or if another piece is arriving at this moment; ``invalid`` beyond ``limit`` bytes. What arrived before a
        line broke off stays.
        """
        handle = os.open(self._path(sha, by), os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refusal("conflict", "files.piece_at_once") from None
            here = file.seek(0, os.SEEK_END)
            if first > here:
                raise Refusal("conflict", "files.piece_missing", received=here)
            file.seek(first)
            while piece := source.read(CHUNK):
                if file.tell() + len(piece) > limit:
                    raise Refusal("invalid", "files.too_large", field="files", limit=limit // MEGABYTE)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return self.received(sha, by)

    @contextmanager
    def whole(self, sha: str, by: str) -> Iterator[Staged]:
        """The content, once every piece is here, as ``intake.take_staged`` wants it; its pieces are gone afterwards.

        Refusal (invalid) if they are not what their name says: then it starts again from nothing.
        """
        path = self._path(sha, by)
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest != sha:
                raise Refusal("invalid", "files.piece_wrong", field="files")
            yield Staged(path, sha, path.stat().st_size)
        finally:
            path.unlink(missing_ok=True)

    def remove_abandoned(self, seconds: float) -> int:
        """Remove pieces to which nothing was added for so long; how many uploads that ended."""
        return remove_older_than(self.folder, seconds)

    def _path(self, sha: str, by: str) -> Path:
        if not is_sha(sha):
            raise Refusal("invalid", "files.piece_wrong", field="files")
        return self.folder / f"{sha}.{hashlib.sha256(by.encode()).hexdigest()[:16]}"
