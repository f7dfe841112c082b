"""Where finished files wait to be fetched: a folder of the data folder, a file an identifier, whole or not at all."""

import os
import time
from pathlib import Path
from typing import Final

from server.storage.ids import is_id

MAKING: Final = ".making"
#: Seconds after which nobody is working on what nobody touched.
IDLE: Final = 24 * 3600


class Shelf:
    """The folder. Everything here blocks: call it in a thread."""

    def __init__(self, data: Path) -> None:
        self.root = data / "downloads"

    def path(self, file: str) -> Path:
        """Where this file is or would be. ValueError if ``file`` is no identifier, so that no request ever names a path."""
        if not is_id(file):
            raise ValueError(f"not an identifier: {file[:80]!r}")
        return self.root / file

    def draft(self, file: str, maker: str) -> Path:
        """Where this maker writes it: two that make the same one by mistake do not meet."""
        for folder in (self.root, self.root / MAKING):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        assert is_id(maker)
        return self.root / MAKING / f"{self.path(file).name}.{maker}"

    def keep(self, file: str, draft: Path) -> None:
        """Give a file that is whole and on disk its place, in one step; for nobody else on this machine."""
        draft.chmod(0o600)
        os.replace(draft, self.path(file))

    def remove(self, file: str) -> None:
        """It may be gone already."""
        self.path(file).unlink(missing_ok=True)

    def files(self) -> set[str]:
        """Every file that is there."""
        return {one.name for one in self.root.iterdir() if is_id(one.name)} if self.root.is_dir() else set()

    def idle(self, file: str) -> bool:
        """Whether nobody has touched it for long; also where it is not there."""
        return _idle(self.path(file))

    def sweep(self) -> None:
        """What makers left behind who were killed."""
        making = self.root / MAKING
        for one in making.iterdir() if making.is_dir() else ():
            if _idle(one):
                one.unlink(missing_ok=True)


def _idle(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > IDLE
    except FileNotFoundError:
        return True
