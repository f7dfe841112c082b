"""A channel that carries nothing: it notes what it was given and answers as it was told."""

import asyncio
from collections.abc import Callable, Iterable

from server.notify.channels import ChannelName, Letter, Limit, Sent, To, TransportError

Answer = Sent | BaseException | Callable[[To, Letter], Sent]


class Stub:
    """``answers`` are used up one after the other, then it says ``Sent``. An exception is raised; a function is called."""

    def __init__(
        self,
        name: ChannelName = "telegram",
        answers: Iterable[Answer] = (),
        *,
        abroad: bool = False,
        idempotent: bool = False,
        seconds: float = 0.0,
        limits: Callable[[To], list[Limit]] | None = None,
    ) -> None:
        self.name = name
        self.abroad = abroad
        self.idempotent = idempotent
        self.answers = list(answers)
        #: How long a letter takes.
        self.seconds = seconds
        self._limits = limits
        #: Every letter that was handed over, whatever came of it.
        self.given: list[tuple[To, Letter]] = []
        self.opened = 0
        #: Set it to hold letters back; ``reached`` is set once one is there.
        self.gate: asyncio.Event | None = None
        self.reached = asyncio.Event()

    async def open(self) -> None:
        self.opened += 1

    async def close(self) -> None:
        self.opened -= 1

    def limits(self, to: To) -> list[Limit]:
        return self._limits(to) if self._limits else []

    async def send(self, to: To, letter: Letter) -> Sent:
        self.given.append((to, letter))
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.seconds:
            await asyncio.sleep(self.seconds)
        answer = self.answers.pop(0) if self.answers else Sent(f"ref-{len(self.given)}")
        if isinstance(answer, BaseException):
            raise answer
        return answer if isinstance(answer, Sent) else answer(to, letter)

    async def check(self) -> str:
        return "@stub"


def refused_for_now(retry_after: float | None = None, whole_channel: bool = False) -> TransportError:
    return TransportError("sending.why.refused_now", retry_after=retry_after, whole_channel=whole_channel, detail="429")


def refused_for_good() -> TransportError:
    return TransportError("sending.why.refused", permanent=True, detail="400")


def blocked() -> TransportError:
    return TransportError("sending.why.refused", permanent=True, address_ended="blocked", detail="403")


def answer_lost() -> TransportError:
    return TransportError("sending.why.lost", unknown=True)
