"""What a channel is: a folder that carries one letter to one address, and says how that went."""

from typing import Literal, Protocol

import msgspec

ChannelName = Literal["inbox", "telegram", "zalo", "webpush", "email"]
#: In the order in which people see them. The inbox is not sent: it is the outbox table itself.
CHANNELS: tuple[ChannelName, ...] = ("inbox", "webpush", "telegram", "zalo", "email")
OUTSIDE: tuple[ChannelName, ...] = ("webpush", "telegram", "zalo", "email")


class Button(msgspec.Struct, frozen=True):
    """Something to do from a chat: ``seen``, ``progress`` (then the service shows the percents) or ``open`` (a link into the app)."""

    action: Literal["seen", "progress", "open"]
    label: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is said, ready to be laid out as the channel does it. Plain text everywhere: the channel escapes."""

    #: The delivery's identifier, the same on every attempt.
    id: str
    #: The kind of the message; "bundle" for several together.
    kind: str
    #: On a device a newer letter with the same tag takes the place of an older one.
    tag: str
    #: One line: "Việc mới: 26-014 Rà soát …".
    title: str
    #: The kind and the number alone, for screens that strangers see: "Việc mới 26-014".
    bare: str
    lines: list[str] = []
    #: A path of the app: "/tasks/26-014".
    link: str = "/notices"
    task: str | None = None
    number: str = ""
    #: The outbox messages in it.
    messages: list[str] = []
    buttons: list[Button] = []
    #: The person allows a push to carry ``title`` and ``lines``.
    show_content: bool = False


class To(msgspec.Struct, frozen=True, kw_only=True):
    """Where it goes: a row of ``Address`` with its ``data`` read."""

    id: str
    channel: str
    address: str
    person: str | None = None
    unit: str | None = None
    data: dict[str, str] = {}


class Sent(msgspec.Struct, frozen=True):
    """It arrived, as far as the service says; ``ref`` is the service's own name of it."""

    ref: str = ""


class Limit(msgspec.Struct, frozen=True):
    """At most ``count`` letters in ``seconds`` for all letters with the same ``key`` ("telegram", "telegram:chat:42")."""

    key: str
    count: int
    seconds: float


class TransportError(Exception):
    """It did not arrive, or nobody knows.

    ``why`` is a key of the words. ``permanent``: trying again is no use. ``retry_after`` (seconds): the service asks for patience;
    ``whole_channel`` says that it asks for all letters, not for this address alone. ``unknown``: the answer was lost after the letter
    had left, so it may have arrived. ``address_ended``: the address refuses us for good and is put out of use ("blocked" or "revoked").
    """

    def __init__(
        self,
        why: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        whole_channel: bool = False,
        unknown: bool = False,
        address_ended: Literal["", "blocked", "revoked"] = "",
        detail: str = "",
    ) -> None:
        self.why = why
        self.permanent = permanent
        self.retry_after = retry_after
        self.whole_channel = whole_channel
        self.unknown = unknown
        self.address_ended = address_ended
        #: What the service said, for the log and the administrator; never a token.
        self.detail = detail
        super().__init__(f"{why} {detail}".strip())


class Channel(Protocol):
    """One way to reach people. Made once a process by ``<folder>.make(settings)``; None there means: not set up here."""

    name: ChannelName
    #: Whether letters leave the country: then it is off until an administrator has understood that.
    abroad: bool
    #: The receiver shows a letter that comes twice once: what is sent again after a lost answer is not doubled, and not marked.
    idempotent: bool

    async def open(self) -> None:
        """Begin: connections, tokens."""

    async def close(self) -> None:
        """End."""

    def limits(self, to: To) -> list[Limit]:
        """The service's documented limits that a letter to this address counts against."""

    async def send(self, to: To, letter: Letter) -> Sent:
        """Carry it. Raises TransportError."""

    async def check(self) -> str:
        """A sentence on whom the service takes us for ("@SoViecBot"). Raises TransportError; sends nothing."""
