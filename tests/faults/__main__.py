"""``make soak``: many histories on both engines at one time, with what came of them. ``python -m tests.faults 5000 --first 1``."""

import argparse
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.queues import Queue
from pathlib import Path

from tests import postgres
from tests.faults.batches import batches, lived
from tests.faults.history import Broken, Told
from tests.faults.office import fill_now

#: One office in so many has devices that run the product's own scripts.
PHONES = 5
ENGINES = ("sqlite", "postgres")
Word = tuple[str, int, Told | str | None]


def carry_out(engine: str, seeds: list[range], words: "Queue[Word]") -> None:
    """One engine's histories, one office after the other; says after each office how many it was and what came of them."""
    server = postgres.start() if engine == "postgres" else None
    try:
        left = list(seeds)
        while left:
            batch = left.pop(0)
            with tempfile.TemporaryDirectory(prefix="soviec-soak-") as folder:
                url = server.copy("office", fill_now) if server else f"sqlite:///{folder}/soviec.sqlite3"
                if server is None:
                    fill_now(url)
                try:
                    words.put((engine, len(batch), lived(url, Path(folder), batch, phones=len(left) % PHONES == 0)))
                except Broken as broken:
                    words.put((engine, broken.seed + 1 - batch.start, str(broken)))
                    # The rest of them in an office that nothing happened to.
                    left[:0] = [range(broken.seed + 1, batch.stop)] if broken.seed + 1 < batch.stop else []
                if server:
                    server.drop(url)
    finally:
        if server:
            postgres.stop(server)
        words.put((engine, 0, None))


def main() -> int:
    """Carry them out; 1 if a promise was broken."""
    asked = argparse.ArgumentParser(prog="make soak")
    asked.add_argument("count", type=int, nargs="?", default=5000, help="histories, half of them on each engine")
    asked.add_argument("--first", type=int, default=10_001, help="the first seed")
    given = asked.parse_args()
    words: Queue[Word] = multiprocessing.Queue()
    halves = {"sqlite": given.count - given.count // 2, "postgres": given.count // 2}
    at_work, began = [], time.monotonic()
    for engine, count in halves.items():
        seeds = batches(count, given.first if engine == "sqlite" else given.first + halves["sqlite"])
        at_work.append(multiprocessing.Process(target=carry_out, args=(engine, seeds, words)))
        at_work[-1].start()
    sums, done, broken, ended = {engine: Told() for engine in ENGINES}, 0, 0, 0
    while ended < len(at_work):
        engine, count, came = words.get()
        if came is None:
            ended += 1
            continue
        if isinstance(came, str):
            broken += 1
            print(f"\n{engine}: {came}\n", file=sys.stderr, flush=True)
        else:
            sums[engine].add(came)
        done += count
        print(f"{time.monotonic() - began:7.0f} s  {done:>5} of {given.count} histories, {broken} broken", flush=True)
    for one in at_work:
        one.join()
        broken += one.exitcode != 0
    for engine, told in sums.items():
        faults = ", ".join(f"{kind} {times}" for kind, times in told.faults.most_common())
        print(f"{engine}: {told.applied} of {told.mutations} mutations applied, {told.pushes} pushes, {told.kills} kills; {faults}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
