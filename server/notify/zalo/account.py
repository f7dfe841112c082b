"""Letters by the Official Account API.

Documented (docs.zaloplatforms.com, OA): ``POST /v3.0/oa/message/cs`` with the header ``access_token``, ``{"recipient": {"user_id"},
"message": {"text"}}``, 2,000 characters; answers are HTTP 200 with ``error`` (0: done) and ``data.message_id``; people who did not write
for 7 days are refused (-230, -232); 4,000 requests a minute for an application, then -32. Seen in secondary sources only: the shape of
``attachment.payload.buttons`` under a text, and that a template goes to ``POST /v3.0/oa/message/template`` by ``user_id`` since ZNS
became a part of it on 1 January 2026 (by telephone number: ``business.openapi.zalo.me``, which we do not use: no numbers are kept here).
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from server.notify.channels import ChannelName, Letter, Limit, Sent, To, TransportError
from server.notify.commands.channels import NoteChannel
from server.notify.zalo import codes, texts, wire
from server.notify.zalo.tokens import Keeper
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.ids import utc_now
from server.words import say

#: Requests a minute of one application, as documented.
PER_MINUTE = 4000


class _Says(Exception):
    """The service answered with an error code."""

    def __init__(self, code: int, message: object) -> None:
        self.code = code
        self.message = message
        super().__init__(str(code))

    def trouble(self) -> TransportError:
        return codes.trouble(self.code, self.message)


class OfficialAccount:
    """The channel, as an Official Account."""

    name: ChannelName = "zalo"
    abroad = False
    idempotent = False

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._tokens = Keeper(settings, clock)
        self._http: httpx.AsyncClient | None = None
        #: Until the service refuses a button once; the link stands in the text as well.
        self._buttons = True

    async def open(self) -> None:
        """A client; the token is asked for by the first letter."""
        self._http = wire.client()

    async def close(self) -> None:
        """End."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def limits(self, to: To) -> list[Limit]:
        """4,000 requests a minute for the application."""
        return [Limit("zalo", PER_MINUTE, 60.0)]

    async def send(self, to: To, letter: Letter) -> Sent:
        """A text with a button; outside of the 7 days a template, where one is set. Raises TransportError."""
        url = self._settings.public_url
        try:
            try:
                return await self._message(to.address, texts.message_of(letter, url, button=self._buttons))
            except _Says as no:
                if no.code not in codes.SHAPE or not self._buttons:
                    raise
                plain = await self._message(to.address, texts.message_of(letter, url, button=False))
                self._buttons = False
                return plain
        except _Says as no:
            if no.code in codes.WINDOW and self._settings.zalo_template:
                return await self._template(to.address, letter)
            raise no.trouble() from None

    async def say(self, user: str, text: str) -> Sent:
        """An answer in a chat. Raises TransportError."""
        try:
            return await self._message(user, {"text": texts.cut(text, texts.LIMIT)})
        except _Says as no:
            raise no.trouble() from None

    async def check(self) -> str:
        """The account's name, as ``GET /v2.0/oa/getoa`` says. Raises TransportError."""
        try:
            data = await self._ask("GET", "/v2.0/oa/getoa")
        except _Says as no:
            raise no.trouble() from None
        name, number = str(data.get("name") or ""), str(data.get("oa_id") or "")
        facts = {"bot": name, "link": f"https://zalo.me/{number}" if number.isascii() and number.isdigit() else None}
        await carry_out(NoteChannel(channel="zalo", facts=facts), actor=None, now=self._clock(), source="job")
        return say("notify.zalo.account_name", name=name)

    async def listen(self, stop: asyncio.Event) -> None:
        """An account is called (``/hooks/zalo``); there is nothing to ask for."""
        await stop.wait()

    async def _message(self, user: str, message: dict[str, Any]) -> Sent:
        data = await self._ask("POST", "/v3.0/oa/message/cs", {"recipient": {"user_id": user}, "message": message})
        return Sent(str(data.get("message_id") or ""))

    async def _template(self, user: str, letter: Letter) -> Sent:
        body = {"user_id": user, "template_id": self._settings.zalo_template, "template_data": texts.parameters_of(letter)}
        try:
            data = await self._ask("POST", "/v3.0/oa/message/template", body)
        except _Says as no:
            known = no.trouble()
            if known.why == "notify.zalo.refused":
                raise TransportError("notify.zalo.template", permanent=True, detail=known.detail) from None
            raise known from None
        return Sent(str(data.get("message_id") or data.get("msg_id") or ""))

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """``data`` of a request that was carried out. A token that the service refuses is changed once. Raises _Says, TransportError."""
        if self._http is None:
            raise TransportError("notify.zalo.unreachable")
        token = await self._tokens.access(self._http)
        try:
            return await self._once(method, path, body, token)
        except _Says as no:
            if no.code not in codes.TOKEN:
                raise
        token = await self._tokens.access(self._http, stale=token)
        return await self._once(method, path, body, token)

    async def _once(self, method: str, path: str, body: dict[str, Any] | None, token: str) -> dict[str, Any]:
        assert self._http is not None
        url = self._settings.zalo_api.rstrip("/") + path
        answer = await wire.call(self._http, method, url, headers={"access_token": token}, body=body)
        if answer.status == 401:
            raise _Says(-216, "HTTP 401")
        said = wire.demand(answer)
        code = said.get("error")
        if code == 0:
            data = said.get("data")
            return data if isinstance(data, dict) else {}
        if not isinstance(code, int) or isinstance(code, bool):
            raise TransportError("notify.zalo.no_answer", unknown=answer.status < 300, detail=f"HTTP {answer.status}")
        raise _Says(code, said.get("message"))
