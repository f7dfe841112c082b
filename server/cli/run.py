"""``run``: the server, on every address of the settings, until it is told to stop."""

import asyncio
import contextlib
import errno
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator

import msgspec
import uvicorn
import uvloop

from server.cli.crew import Crew
from server.cli.database import fill, is_empty, make_data_folder, open_engine
from server.cli.ending import Ending
from server.reports.dashboard.live import pulse
from server.schema.upgrade import upgrade
from server.settings import Settings
from server.words import say

BACKLOG = 2048
#: Seconds that open requests get to end when the server is told to stop.
PATIENCE = 10


class Server(uvicorn.Server):
    """Uvicorn that ends with 0 when it is asked to stop; its own way raises the signal again."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None], ending: Callable[[], None]) -> None:
        super().__init__(config)
        self.begun, self.ending = begun, ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, then call who may begin once the pages are served."""
        await super().startup(sockets)
        if self.started:
            self.begun()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop gracefully on SIGTERM and SIGINT, at once on the second."""
        loop = asyncio.get_running_loop()

        def stop() -> None:
            self.force_exit = self.should_exit
            self.ending()
            self.should_exit = True

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


def listen(host: str, port: int) -> socket.socket | None:
    """A socket for one address; None, with a warning, where this machine has no such address."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        made = socket.socket(family, kind, protocol)
    except OSError as problem:
        print(say("cli.no_address", host=host, why=problem.strerror), file=sys.stderr)
        return None
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(address)
        made.listen(BACKLOG)
    except OSError as problem:
        made.close()
        if problem.errno == errno.EADDRINUSE:
            raise Ending(say("cli.port_taken", port=port, host=host)) from None
        if problem.errno == errno.EACCES:
            raise Ending(say("cli.port_forbidden", port=port)) from None
        print(say("cli.no_address", host=host, why=problem.strerror), file=sys.stderr)
        return None
    return made


def sockets_of(settings: Settings) -> list[socket.socket]:
    """A socket for every address that there is. Raises Ending where there is none, or the port is taken."""
    found: list[socket.socket] = []
    try:
        for host in settings.hosts:
            made = listen(host, settings.port)
            if made is not None:
                found.append(made)
    except Ending:
        for one in found:
            one.close()
        raise
    if not found:
        raise Ending(say("cli.nowhere", hosts=settings.host))
    return found


def address_of(listening: socket.socket) -> str:
    """The address as people type it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if listening.family == socket.AF_INET6 else f"http://{host}:{port}"


def calm_collector() -> None:
    """Take what was loaded at the start out of the garbage collector's sight, and let it look less often.

    Its full rounds went over every module and template: pauses of some 20 ms that one page in twenty had to wait for.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def serve(settings: Settings, listening: list[socket.socket], *, demo: bool) -> int:
    """Bring the database up to date and serve; where nobody is stored yet, make the demo office if it is wanted, else say how to begin."""
    from server.app import create_app

    used = await open_engine(settings)
    try:
        await upgrade()
        # A real office must not wake up with 36 strangers: the demo office comes only where somebody asked for it.
        if demo or settings.demo_password:
            await fill(settings)
        elif await is_empty():
            print(say("cli.nobody_yet"), flush=True)
    finally:
        await used.close()
    crew = Crew(settings)
    app = create_app(msgspec.structs.replace(settings, redis_url=crew.url))

    def ending() -> None:
        # An open event stream would hold the end up for as long as there is patience.
        app.state.news.end_all()
        pulse.end()
        crew.tell()

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        http="httptools",
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=PATIENCE,
    )
    server = Server(config, crew.begin, ending)
    calm_collector()
    print(say("cli.running", addresses=", ".join(address_of(one) for one in listening)), flush=True)
    try:
        await server.serve(sockets=listening)
    finally:
        await crew.end()
    if not server.started:
        raise Ending(say("cli.would_not_start"))
    print(say("cli.stopped"), flush=True)
    return 0


def run(settings: Settings, *, demo: bool) -> int:
    """Serve until SIGTERM or SIGINT; 0 then, 1 if the server can't start."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    make_data_folder(settings)
    listening = sockets_of(settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(serve(settings, listening, demo=demo))
