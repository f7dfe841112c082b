"""The Bot API over HTTP: one call, and what its failures mean.

The token is a part of every address, so no address, and no exception of the HTTP library, gets out of this module.
"""

import json
import logging
import re
import ssl
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from server.notify.channels import TransportError

#: Connecting is quick or fails; an answer may take its time.
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
#: Where Telegram asks for patience without saying for how long.
PATIENCE = 30.0
#: A token that is not accepted is not accepted a second later either.
NO_TOKEN_PATIENCE = 300.0

#: The chat is there, but not for us.
_BLOCKED = ("blocked by the user", "bot was kicked", "is not a member", "can't initiate conversation")
#: There is nobody any more.
_GONE = ("chat not found", "user is deactivated", "group chat was deactivated", "peer_id_invalid", "user not found")
_IN_ADDRESS = re.compile(r"/bot[^/\s\"']+")


class _NoToken(logging.Filter):
    """The HTTP library logs every address that it asks; ours hold a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/bot" in text:
            record.msg, record.args = _IN_ADDRESS.sub("/bot***", text), ()
        return True


_filter = _NoToken()
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).addFilter(_filter)


class Refused(Exception):
    """The service said no, and the caller may know what to do about it. ``moved_to``: the group has another number now."""

    def __init__(self, status: int, description: str, retry_after: float | None = None, moved_to: int | None = None) -> None:
        self.status = status
        self.description = description
        self.retry_after = retry_after
        self.moved_to = moved_to
        super().__init__(f"{status} {description}")

    def says(self, *texts: str) -> bool:
        """Whether one of these stands in what the service said."""
        said = self.description.casefold()
        return any(text in said for text in texts)


class _Parameters(msgspec.Struct, frozen=True):
    retry_after: float | None = None
    migrate_to_chat_id: int | None = None


class _No(msgspec.Struct, frozen=True):
    """How the service says no."""

    error_code: int = 0
    description: str = ""
    parameters: _Parameters | None = None


class BotApi:
    """One bot. ``open`` before, ``close`` after."""

    def __init__(self, base: str, token: str, *, answer_seconds: float = ANSWER_SECONDS, connect_seconds: float = CONNECT_SECONDS) -> None:
        self._base = f"{base.rstrip('/')}/bot{quote(token.strip(), safe=':')}"
        self._token = token.strip()
        self._answer = answer_seconds
        self._connect = connect_seconds
        self._client: httpx.AsyncClient | None = None

    async def open(self) -> None:
        """Make the connections ready; asks nothing yet."""
        if self._client is None:
            self._client = httpx.AsyncClient(verify=_tls(), follow_redirects=False)

    async def close(self) -> None:
        """End the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def ask(self, method: str, given: dict[str, Any] | None = None, *, wait: float = 0) -> Any:
        """The ``result`` of a call. ``wait``: seconds that the service may take on top (long polling).

        Raises Refused where the service says no, TransportError where there is no answer to be had.
        """
        await self.open()
        assert self._client is not None
        timeout = httpx.Timeout(self._answer + wait, connect=self._connect)
        try:
            answer = await self._client.post(f"{self._base}/{method}", json=given or {}, timeout=timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise TransportError("notify.telegram.no_connection", detail=type(error).__name__) from None
        except httpx.HTTPError as error:
            # The question had left: it may have been carried out.
            raise TransportError("notify.telegram.no_answer", unknown=True, detail=type(error).__name__) from None
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> Any:
        try:
            said = json.loads(answer.content)
        except ValueError:
            said = None
        if isinstance(said, dict) and said.get("ok") is True and answer.status_code == httpx.codes.OK:
            return said.get("result")
        if answer.status_code < httpx.codes.BAD_REQUEST and not (isinstance(said, dict) and said.get("ok") is False):
            # A yes that can't be read: whatever it was, it may have been done.
            lost = answer.status_code == httpx.codes.OK
            raise TransportError("notify.telegram.no_answer", unknown=lost, detail=f"HTTP {answer.status_code}")
        try:
            no = msgspec.convert(said, _No)
        except msgspec.ValidationError:
            no = _No()
        asked = no.parameters or _Parameters()
        description = no.description.replace(self._token, "***")[:200]
        raise Refused(no.error_code or answer.status_code, description, _patience(asked.retry_after, answer), asked.migrate_to_chat_id)


def failure(refused: Refused, *, group: bool = False) -> TransportError:
    """What a refusal means for a letter."""
    status, detail = refused.status, str(refused)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        # Telegram does not say whether it means the chat or the bot. A private chat gets one letter a second from us, so there it
        # can't be the chat; a group has a limit of its own that others in it use up as well.
        patience = refused.retry_after or PATIENCE
        return TransportError("notify.telegram.too_many", retry_after=patience, whole_channel=not group, detail=detail)
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND):
        # The fault is the setting's, not the letter's: it waits until somebody has put it right.
        return TransportError("notify.telegram.bad_token", retry_after=NO_TOKEN_PATIENCE, whole_channel=True, detail=detail)
    if refused.says(*_GONE):
        return TransportError("notify.telegram.gone", permanent=True, address_ended="revoked", detail=detail)
    if status == httpx.codes.FORBIDDEN:
        ended = refused.says(*_BLOCKED)
        why = "notify.telegram.blocked" if ended else "notify.telegram.refused"
        return TransportError(why, permanent=True, address_ended="blocked" if ended else "", detail=detail)
    if status == httpx.codes.CONFLICT or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return TransportError("notify.telegram.trouble", retry_after=refused.retry_after, detail=detail)
    return TransportError("notify.telegram.refused", permanent=True, detail=detail)


def _patience(given: float | None, answer: httpx.Response) -> float | None:
    """Seconds to wait, as the answer or its header says."""
    if given is not None:
        return max(0.0, given)
    header = answer.headers.get("retry-after", "")
    return float(header) if header.isdecimal() else None


@cache
def _tls() -> ssl.SSLContext:
    """Reading the certificates takes a while, and every bot uses the same."""
    return httpx.create_ssl_context()
