"""Where the bytes are: each content once, under its SHA-256, whole or not at all."""

import fcntl
import hashlib
import io
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec

from server.errors import Refusal
from server.files.rules import MEGABYTE, is_sha

CHUNK = 256 * 1024


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes: ...


class Stored(msgspec.Struct, frozen=True):
    """A content that is in the store; ``size`` in bytes."""

    sha256: str
    size: int


class Staged(msgspec.Struct, frozen=True):
    """A content that has arrived but is not kept yet; ``path`` is a file that nobody else knows."""

    path: Path
    sha256: str
    size: int


class Store:
    """The folder of the files. Everything here blocks: call it in a thread.

    ``ab/cd…`` holds contents, ``.incoming`` what has not arrived whole. A kill leaves at most a file in ``.incoming``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / ".incoming"
        _folder(self.root)
        _folder(self.incoming)

    def path(self, sha: str) -> Path:
        """Where this content is or would be. ValueError if ``sha`` is not one, so that no request ever names a path."""
        if not is_sha(sha):
            raise ValueError(f"not a SHA-256: {sha[:80]!r}")
        return self.root / sha[:2] / sha[2:]

    def exists(self, sha: str) -> bool:
        """Whether the content is here, whole."""
        return is_sha(sha) and self.path(sha).is_file()

    def size(self, sha: str) -> int:
        """Bytes. FileNotFoundError if it is not here."""
        return self.path(sha).stat().st_size

    def open(self, sha: str) -> BinaryIO:
        """The content, to read. FileNotFoundError if it is not here."""
        return self.path(sha).open("rb")

    def put(self, source: bytes | Readable, limit: int) -> Stored:
        """Keep what ``source`` gives. Refusal (invalid) as soon as it is longer than ``limit`` bytes."""
        with self.staged(source, limit) as staged:
            return self.keep(staged)

    @contextmanager
    def staged(self, source: bytes | Readable, limit: int) -> Iterator[Staged]:
        """Write ``source`` to disk without keeping it; it is gone afterwards unless ``keep`` took it."""
        reader = io.BytesIO(source) if isinstance(source, bytes) else source
        handle, name = tempfile.mkstemp(dir=self.incoming)  # mkstemp makes mode 600
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                digest, size = hashlib.sha256(), 0
                while piece := reader.read(CHUNK):
                    size += len(piece)
                    if size > limit:
                        raise Refusal("invalid", "files.too_large", field="files", limit=limit // MEGABYTE)
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            yield Staged(path, digest.hexdigest(), size)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, staged: Staged) -> Stored:
        """Give a staged content its place, in one step. A content that is here already gets a new time, so that no sweep takes it."""
        target = self.path(staged.sha256)
        with self._locked(fcntl.LOCK_SH):
            _folder(target.parent)
            os.utime(staged.path)
            os.replace(staged.path, target)
            _sync_folder(target.parent)
        return Stored(staged.sha256, staged.size)

    def contents(self) -> Iterator[str]:
        """The SHA-256 of every content that is here."""
        for folder in sorted(self.root.iterdir()):
            if len(folder.name) == 2:
                for file in folder.iterdir():
                    if is_sha(folder.name + file.name):
                        yield folder.name + file.name

    def remove_older(self, sha: str, seconds: float) -> bool:
        """Remove a content unless somebody put it here, again perhaps, in the last ``seconds``. Whether it went."""
        path = self.path(sha)
        with self._locked(fcntl.LOCK_EX):
            try:
                if time.time() - path.stat().st_mtime < seconds:
                    return False
                path.unlink()
            except FileNotFoundError:
                return False
            return True

    def remove_unfinished(self, seconds: float) -> int:
        """Remove what began to arrive more than ``seconds`` ago and never did. How many."""
        return remove_older_than(self.incoming, seconds)

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        """Shared to put, exclusive to remove, across processes: what is being put is never removed under the one who puts it."""
        handle = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, how)
            yield
        finally:
            os.close(handle)


def remove_older_than(folder: Path, seconds: float) -> int:
    """Remove the files of a folder that nobody wrote to for so long; how many."""
    removed = 0
    for path in folder.iterdir():
        try:
            if time.time() - path.stat().st_mtime >= seconds:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed


def _folder(path: Path) -> None:
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    """A rename outlives a power cut only when its folder is on disk as well."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
