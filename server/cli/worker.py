"""``worker``: sends the messages and looks ahead, over the same database as the server; ``run`` starts one beside itself."""

import asyncio
import logging
import os
import signal
import sys
import threading
from functools import partial

import uvloop

from server.cli.database import opened
from server.cli.ending import Ending
from server.insight import commands as _registers  # noqa: F401
from server.insight import jobs as insight
from server.notify import registry
from server.notify.channels import Channel, ChannelName
from server.notify.rules.quiet import quiet_of
from server.notify.valkey import NoValkey, Valkey
from server.notify.worker import Worker, calendar
from server.reports import commands as _registers_reports  # noqa: F401  (registers the commands)
from server.reports import jobs as reports
from server.reports.person import jobs as exports
from server.settings import Settings
from server.words import say

log = logging.getLogger("soviec.worker")

#: Seconds after which a process that was told to stop is gone, whatever it waits for. What it had claimed counts as lost then.
LAST = 40.0


async def work(settings: Settings, *, child: bool, channels: dict[ChannelName, Channel] | None = None) -> int:
    """Work until SIGTERM or SIGINT, or until the parent is gone. ``channels``: those of tests, instead of the settings'."""
    own = None if settings.redis_url else Valkey()
    if own is not None:
        try:
            await own.start()
        except NoValkey as problem:
            await own.close()
            raise Ending(say("cli.no_queue", why=problem)) from None
    try:
        async with opened(settings):
            made = registry.make(settings) if channels is None else channels
            worker = Worker(made, settings.redis_url if own is None else own.url, quiet_of(settings.quiet_hours))
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, stop, worker)
            if child:
                loop.add_reader(sys.stdin.fileno(), _heard, worker)
            else:
                print(say("cli.worker_running"), flush=True)
            await worker.run(
                calendar(settings), partial(insight.run, settings), partial(exports.run, settings), partial(reports.run, settings)
            )
    finally:
        if own is not None:
            await own.close()
    return 0


def stop(worker: Worker) -> None:
    """Let it end in good order; if a database or a service that hangs does not let it, it ends all the same."""
    worker.stop.set()
    end = threading.Timer(LAST, os._exit, (1,))
    end.daemon = True
    end.start()


def _heard(worker: Worker) -> None:
    """The other end of the pipe is the parent's and carries nothing: something to read is its end."""
    if not os.read(sys.stdin.fileno(), 1):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stop(worker)


def run_worker(settings: Settings, *, child: bool = False, channels: dict[ChannelName, Channel] | None = None) -> int:
    """The process from its start to its end; 0 when it was told to stop."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    try:
        number = runner.run(work(settings, child=child, channels=channels))
    except BaseException:
        runner.close()
        raise
    # A thread that scores or learns would be waited for, minutes perhaps; nothing of it is kept before it has ended, so nothing is lost.
    logging.shutdown()
    sys.stdout.flush()
    os._exit(number)
