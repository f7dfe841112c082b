"""The line between devices and servers: an HTTP proxy that does to each request what the plan says, and hears every answer that is made."""

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.ledger import Ledger
from tests.faults.plan import Fault

DEVICE = "x-device"
DROPPED = {"connection", "accept-encoding", "host", DEVICE}
BUSY = {
    0: b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n",
    1: b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nConnection: close\r\n",
}
HTML = b"<html><body>Bad Gateway</body></html>"


@dataclass(frozen=True)
class Request:
    """One request, whole."""

    device: str
    method: str
    path: str
    head: bytes
    body: bytes
    cookie: str

    @property
    def pushes(self) -> bool:
        return self.path == "/sync/push"


def whole(raw: bytes, method: str) -> bool:
    """Whether these bytes are a complete answer."""
    head, found, body = raw.partition(b"\r\n\r\n")
    if not found:
        return False
    if method == "HEAD":
        return True
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
        if name.lower() == b"transfer-encoding":
            return body.endswith(b"0\r\n\r\n")
    return True


class Proxy:
    """``expect`` says what happens to the next requests of a device; those that nobody planned pass."""

    def __init__(self, ports: list[int], kill: Callable[[int], None], ledger: Ledger) -> None:
        self.ports = ports
        self.kill = kill
        self.ledger = ledger
        self.planned: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.late: list[tuple[Request, int]] = []
        self.counts: Counter[str] = Counter()
        self.passed = 0
        #: Called for a device after so many of its pushes were answered: (how many are left, what).
        self.after_pushes: dict[str, tuple[int, Callable[[], Awaitable[None]]]] = {}
        self._open: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        self.base = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        self._server.close()
        await self.rest()
        await self._server.wait_closed()

    def expect(self, device: str, faults: tuple[Fault, ...]) -> None:
        """What happens to the next requests of this device, one after the other."""
        self.planned[device] = deque(faults)

    async def rest(self) -> None:
        """Wait until no request is on its way."""
        while self._open:
            await asyncio.wait(list(self._open))

    async def release(self, *, backwards: bool) -> None:
        """Let the late requests arrive."""
        late, self.late = self.late, []
        for request, process in reversed(late) if backwards else late:
            self.counts["arrived late"] += 1
            await self._forward(request, process)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            request = await self._read(reader)
            answer = await self._carry(request)
            if answer is not None and request.pushes and answer.startswith(b"HTTP/1.1 200"):
                await self._answered(request.device)
            if answer is not None:
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _answered(self, device: str) -> None:
        left, what = self.after_pushes.get(device, (0, None))
        if what is None:
            return
        self.after_pushes[device] = left - 1, what
        if left == 1:
            await what()

    async def _read(self, reader: asyncio.StreamReader) -> Request:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        method, path, _ = first.split(" ")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "transfer-encoding" in fields:
            raise ConnectionError("a device sends bodies of a known length")
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        kept = [line for line in lines if line.partition(":")[0].lower() not in DROPPED]
        new_head = "\r\n".join([first, *kept, "Host: soviec.test", "Connection: close", "", ""]).encode("latin-1")
        return Request(fields.get(DEVICE, ""), method, path.partition("?")[0], new_head, body, fields.get("cookie", ""))

    async def _carry(self, request: Request) -> bytes | None:
        """What the device gets; None is a broken line."""
        planned = self.planned[request.device]
        fault = planned.popleft() if planned else Fault()
        process = fault.process
        if fault.kind != "none":
            self.counts[fault.kind] += 1
        match fault.kind:
            case "cut_before":
                return None
            case "late":
                self.late.append((request, process))
                return None
            case "cut_in_request":
                await self._forward(request, process, part=fault.part)
                return None
            case "cut_after":
                await self._forward(request, process)
                return None
            case "cut_in_answer":
                answer = await self._forward(request, process)
                return answer[: int(len(answer) * fault.part)] if answer else None
            case "doubled":
                both = await asyncio.gather(self._forward(request, process), self._forward(request, 1 - process))
                return both[0] or both[1]
            case "twice":
                first = await self._forward(request, process)
                return await self._forward(request, 1 - process) or first
            case "delayed":
                await asyncio.sleep(fault.wait)
            case "held":
                await self._another(fault.wait)
            case "busy":
                return BUSY[process] + b"Content-Length: 0\r\n\r\n"
            case "bad_gateway":
                await self._forward(request, process)
                return (
                    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(HTML)
                    + HTML
                )
            case "kill_in_request":
                await self._forward(request, process, part=fault.part, kill_after=0.0)
                return None
            case "kill_working":
                return await self._forward(request, process, kill_after=fault.wait)
            case "kill_answered" | "kill_heard":
                answer = await self._forward(request, process)
                self.kill(process)
                return answer if fault.kind == "kill_heard" else None
        return await self._forward(request, process)

    async def _another(self, longest: float) -> None:
        before, until = self.passed, asyncio.get_running_loop().time() + longest
        while self.passed == before and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.004)

    async def _forward(self, request: Request, process: int, *, part: float = 1.0, kill_after: float | None = None) -> bytes | None:
        """The server's whole answer; None if it made none."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.ports[process])
        except ConnectionError:
            self.counts["no server there"] += 1
            return None
        killing: asyncio.Task[None] | None = None
        if request.pushes and part == 1.0:
            self.ledger.sent(request.device, request.cookie, request.body)
        try:
            sent = request.head + request.body
            writer.write(sent[: int(len(sent) * part)])
            await writer.drain()
            if kill_after is not None:
                killing = asyncio.create_task(self._kill_later(process, kill_after))
            elif part < 1.0:
                return None
            raw = await reader.read(-1)
        except ConnectionError:
            return None
        finally:
            if killing is not None:
                await killing
            writer.close()
        if not whole(raw, request.method):
            return None
        self.passed += 1
        status, _, body = raw.partition(b"\r\n\r\n")
        code = int(status.split(b" ", 2)[1])
        if code >= 500:
            self.ledger.failed(request.method, request.path, code, body)
        if request.pushes and code == 200:
            self.ledger.answered(json.loads(body))
        return raw

    async def _kill_later(self, process: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.kill(process)
