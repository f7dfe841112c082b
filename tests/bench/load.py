"""Many clients of one server: keep-alive connections over plain asyncio, so that the client is not what is measured."""

import asyncio
import time
from collections.abc import Callable, Iterator
from statistics import quantiles

import msgspec


class Result(msgspec.Struct):
    """What a run gave; times in milliseconds."""

    clients: int
    per_second: float
    p50: float
    p95: float
    p99: float
    failed: int

    def line(self) -> str:
        """One line of a table."""
        failed = f"  failed {self.failed}" if self.failed else ""
        times = f"p50 {self.p50:>6.1f}  p95 {self.p95:>6.1f}  p99 {self.p99:>6.1f} ms"
        return f"{self.clients:>4} clients {self.per_second:>8.0f}/s   {times}{failed}"


async def _read(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    at = lower.find(b"content-length:")
    length = int(lower[at + 15 : lower.find(b"\r\n", at)]) if at >= 0 else 0
    if length:
        await reader.readexactly(length)
    return status


async def _client(
    port: int, requests: Iterator[bytes], until: float, times: list[float], failures: list[int], good: Callable[[int], bool]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while time.perf_counter() < until:
            began = time.perf_counter()
            writer.write(next(requests))
            status = await _read(reader)
            times.append((time.perf_counter() - began) * 1000)
            if not good(status):
                failures.append(status)
    finally:
        writer.close()


async def run(port: int, requests: Callable[[int], Iterator[bytes]], clients: int, seconds: float) -> Result:
    """``requests(n)`` gives the requests of client ``n``, one after another, for that many seconds."""
    times: list[float] = []
    failures: list[int] = []
    began = time.perf_counter()
    good = lambda status: status in (200, 303)  # noqa: E731
    await asyncio.gather(*(_client(port, requests(n), began + seconds, times, failures, good) for n in range(clients)))
    took = time.perf_counter() - began
    cuts = quantiles(times, n=100) if len(times) > 1 else [times[0]] * 99
    return Result(clients, len(times) / took, cuts[49], cuts[94], cuts[98], len(failures))
