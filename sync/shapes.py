"""What crosses the border: the body of a push, and what is answered."""

from typing import Annotated, Any, Literal

import msgspec

#: The version of the protocol that this server speaks.
SCHEMA = 1
MOST_MUTATIONS = 1000
#: Bytes of one push.
LARGEST_PUSH = 8 * 1024 * 1024

Seq = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class Asked(msgspec.Struct, frozen=True):
    """One mutation as it was sent. What can be wrong with one of them alone is looked at one by one, so that only that one is rejected."""

    seq: Seq
    id: str
    name: str
    at: Any = None
    args: Any = None


class Push(msgspec.Struct, frozen=True):
    """The body of ``POST /sync/push``; ``person`` is whose outbox it is, where the device says so."""

    client_id: str
    schema: int
    mutations: list[Asked]
    person: str | None = None


class Result(msgspec.Struct, frozen=True):
    """The answer to one mutation; the same again whenever the mutation comes again."""

    seq: int
    id: str
    status: Literal["applied", "rejected"]
    code: str = ""
    message: str = ""
    data: dict[str, Any] = {}


class Pushed(msgspec.Struct, frozen=True):
    """The answer to a push: the results so far, and the last number that was answered."""

    last_seq: int
    results: list[Result]


class Change(msgspec.Struct, frozen=True):
    """One row of a replica that is put or dropped."""

    kind: str
    id: str
    op: Literal["put", "drop"]
    data: dict[str, Any] = {}


class Pulled(msgspec.Struct, frozen=True):
    """The answer to a pull. ``reset``: forget every row before taking these."""

    cursor: str
    more: bool
    reset: bool
    changes: list[Change]
