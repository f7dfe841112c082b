"""Starts servers quickly: it has loaded the product once, and each server is a fork of it that does what ``python -m server run`` does.

A start takes a fifth of a second instead of most of one, so that many histories can have many deaths. For each server it reads an
environment, as JSON on one line of its input, and says the process number. When its input ends, it ends, and its servers with it.
"""

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
from typing import NoReturn

#: What a server loads on its way up.
LOADED = (
    "server.cli.run",
    "server.schema.upgrade",
    "server.demo.make",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.lifespan.on",
    "anyio._backends._asyncio",
    # What the first pull of each server would load: the holidays of every country.
    "holidays.countries",
)


def load() -> None:
    """Load everything; making an application, which nobody asks anything, loads what Litestar and Piccolo load late."""
    for name in LOADED:
        importlib.import_module(name)
    from server.app import create_app
    from server.settings import Settings
    from server.web.assets import assets
    from server.words import catalogue

    with tempfile.TemporaryDirectory() as folder:
        create_app(Settings(data_dir=folder, secret_key="of nobody"))
    assets()
    catalogue()
    # What is loaded stays: no server looks through it for what could be thrown away, nor gets a copy of its own of it.
    gc.collect()
    gc.freeze()


def serve(environment: dict[str, str]) -> NoReturn:
    """Become a server."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    log = os.open(environment["SOVIEC_TEST_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, there in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(here, there)
    from server.cli.main import main

    code = main(["run"])
    sys.stdout.flush()
    os._exit(code)


def main() -> None:
    """Listen for orders."""
    load()
    # Nobody asks how a server ended: the system takes it away at once.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    servers: list[int] = []
    # Not buffered: what is read ahead would be read again by every fork.
    orders = os.fdopen(0, "rb", buffering=0)
    while order := orders.readline():
        born = os.fork()
        if born == 0:
            serve(json.loads(order))
        servers.append(born)
        print(born, flush=True)
    for one in servers:
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
