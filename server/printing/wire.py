"""What the server and the process that prints say to each other: messages with their length before them."""

import struct
from typing import IO, Any, Literal

import msgspec

#: A sentence of ``server/words/printing.toml``.
Fault = Literal["", "failed", "no_type"]
_LENGTH = struct.Struct(">Q")


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One document: a template of ``templates/print`` and its context of plain values. Its pages are numbered from 1.

    ``contents_over``: with more pages than that it has its table of contents (``contents`` is true in the template; what follows it has the
    identifier "text"). ``contents_likely``: that is tried first, which spares laying a long paper out twice.
    """

    template: str
    context: dict[str, Any]
    contents_over: int | None = None
    contents_likely: bool = False


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Papers that become one file."""

    title: str
    papers: list[Paper]


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """The file, or why it could not be made, and the most memory that the process has used so far, in bytes."""

    pdf: bytes = b""
    fault: Fault = ""
    memory: int = 0


def send(stream: IO[bytes], message: msgspec.Struct) -> None:
    """Write one message."""
    data = msgspec.msgpack.encode(message)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, still encoded; None at the end. Raises EOFError if it breaks off in the middle."""
    head = stream.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data
