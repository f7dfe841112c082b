"""A PostgreSQL server of the tests' own, started from Debian's packages and gone when they are.

One server a pytest process (so one an xdist worker), in a temporary folder, on 127.0.0.1 and a free port, without the safety of the disk:
what it holds is thrown away. Each test has its database made and dropped, so both are cheap: in memory (tests/scratch.py), copied as files,
by one client that stays. A test asks for `postgres_url` to get an empty database of its own, or copies a template:

    def test_it(postgres_server):
        url = postgres_server.copy("office", prepare=fill)   # `fill(url)` runs once a session; a copy takes a tenth of a second
"""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import pytest

USER = "soviec"
# PostgreSQL refuses to run as root; this is the user that Debian's package makes.
SYSTEM_USER = "postgres"
PREFIX = "soviec-postgres-"


class NoPostgres(Exception):
    """PostgreSQL is not installed, or would not start; the message says which."""


def binaries() -> Path:
    """The folder of the newest PostgreSQL installed from Debian's packages."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise NoPostgres("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class PostgresServer:
    """One running server. Every database made on it goes with it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    client: "Client"
    #: An open file whose lock says that this server lives.
    held: TextIO
    templates: set[str] = field(default_factory=set)
    made: int = 0

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """Make a database, empty or copied from a template that nobody is connected to; returns its URL."""
        self.made += 1
        name = f"test_{self.made}"
        self._make(name, template)
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.client.run(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def copy(self, name: str, prepare: Callable[[str], None]) -> str:
        """A database with what `prepare(url)` put into the template `name`, which happens the first time only."""
        template = f"template_{name}"
        if not re.fullmatch(r"[a-z0-9_]+", name):
            raise ValueError(f"a template's name has small letters, digits and underscores: {name}")
        if template not in self.templates:
            self._make(template, "template0")
            prepare(self.url(template))
            self.templates.add(template)
        return self.create(template)

    def _make(self, name: str, template: str) -> None:
        # A copy of files, not of pages through the log: a third of the work, and what the catalogue cached comes along.
        self.client.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING UTF8 STRATEGY file_copy')


class Client:
    """One psql that stays connected, beside every test's own loop and pool."""

    DONE = "-- done --"

    def __init__(self, bin_folder: Path, port: int) -> None:
        words = ["--host", "127.0.0.1", "--port", str(port), "--username", USER, "--dbname", "postgres", "--no-psqlrc", "--quiet"]
        pipe = subprocess.PIPE
        environment = {**os.environ, "PGOPTIONS": "--client-min-messages=error"}
        self._process = subprocess.Popen(
            [str(bin_folder / "psql"), *words], stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True, env=environment
        )

    def run(self, sql: str) -> None:
        """Carry out a statement that answers nothing. NoPostgres with what the server said against it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{sql};\n\\echo {self.DONE}\n")
        self._process.stdin.flush()
        said = []
        for line in self._process.stdout:
            if line.strip() == self.DONE:
                break
            said.append(line)
        else:
            said.append("psql has ended")
        if said:
            raise NoPostgres(f"{sql}: {''.join(said).strip()}")

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


def start() -> PostgresServer:
    """Make a cluster in a temporary folder and start it; the port is asked for again if another program takes it first."""
    bin_folder = binaries()
    _clear()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        held = (folder / "new").open("w")
        fcntl.flock(held, fcntl.LOCK_EX)
        (folder / "new").rename(folder / "held")
        if os.geteuid() == 0:
            shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)
        cluster = folder / "cluster"
        initdb = [*_as_who(), str(bin_folder / "initdb"), "--pgdata", str(cluster), "--username", USER, "--auth", "trust"]
        ran = subprocess.run(
            [*initdb, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"], capture_output=True, text=True, cwd=folder
        )
        if ran.returncode:
            raise NoPostgres(f"initdb: {ran.stderr.strip()}")
        for _ in range(3):
            port = free_port()
            log = folder / "server.log"
            process = _serve(bin_folder, cluster, port, log)
            if _answers(bin_folder, port, process):
                return PostgresServer(folder, port, process, Client(bin_folder, port), held)
            _end(process)
        raise NoPostgres(f"PostgreSQL would not start: {log.read_text(errors='replace')[-1000:]}")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def stop(server: PostgresServer) -> None:
    server.client.close()
    _end(server.process)
    shutil.rmtree(server.folder, ignore_errors=True)
    server.held.close()


def _clear() -> None:
    """Remove what tests that were killed left in memory; whoever lives holds a lock."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/held"):
        try:
            with left.open("r") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left.parent, ignore_errors=True)
        except OSError:
            continue


def _as_who() -> list[str]:
    """Words before a command, so that it does not run as root and ends when we are killed."""
    who = ["--reuid", SYSTEM_USER, "--regid", SYSTEM_USER, "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *who, "--pdeathsig", "INT"]


def _serve(bin_folder: Path, cluster: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        # Nobody copies the log or goes back to it.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "min_wal_size": "32MB",
        "max_wal_size": "128MB",
        # It would come by at its own time, and never comes to a database that lives for a second.
        "autovacuum": "off",
        "max_connections": "200",
        "shared_buffers": "64MB",
        "timezone": "UTC",
    }
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with log.open("ab") as out:
        return subprocess.Popen(
            [*_as_who(), str(bin_folder / "postgres"), "-D", str(cluster), *words], stdout=out, stderr=out, cwd=cluster.parent
        )


def _answers(bin_folder: Path, port: int, process: subprocess.Popen[bytes], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        ready = subprocess.run([str(bin_folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)], timeout=10)
        if ready.returncode == 0 and process.poll() is None:
            return True
        time.sleep(0.05)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """INT is PostgreSQL's fast shutdown: connections are cut, files are left in order."""
    if process.poll() is None:
        process.send_signal(2)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this test process. Under `make test` its absence fails; in a quick run by hand it skips."""
    try:
        server = start()
    except NoPostgres as problem:
        if os.environ.get("SOVIEC_TESTS_COMPLETE"):
            raise
        pytest.skip(str(problem))
    yield server
    stop(server)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database for one test."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)
