"""One letter to one browser, by way of its maker's push service."""

import time
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpx
from py_vapid import Vapid02, VapidException

from server.notify.channels import ChannelName, Letter, Limit, Sent, To, TransportError
from server.notify.webpush.endpoint import allowed
from server.notify.webpush.keys import kept, public_key, subject
from server.notify.webpush.seal import Signer, headers, payload, sealed
from server.settings import Settings
from server.words import say

#: Seconds for a connection, and for an answer.
CONNECT, ANSWER = 5.0, 15.0
CONNECTIONS = 20
DETAIL = 200
#: How Windows' service says that it is asked too often.
WNS_THROTTLED = 406
#: How Apple's service says that the subscription was made with another key of ours.
OTHER_KEY = "VapidPkHashMismatch"


class WebPush:
    """The channel ``webpush``. What comes twice the device shows once, under its tag."""

    name: ChannelName = "webpush"
    abroad = True
    idempotent = True

    def __init__(self, vapid: Vapid02, about: str, hosts: str, clock: Callable[[], float] = time.time) -> None:
        self._vapid = vapid
        self._about = about
        self._hosts = hosts
        self._clock = clock
        self._signer = Signer(vapid, about, clock)
        self._client: httpx.AsyncClient | None = None

    async def open(self) -> None:
        """Begin: connections that many letters share. Redirects are not followed: they would lead past the list of hosts."""
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(ANSWER, connect=CONNECT),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            follow_redirects=False,
        )

    async def close(self) -> None:
        """End."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def limits(self, to: To) -> list[Limit]:
        """None of the push services documents a number; they answer 429 where they have enough."""
        return []

    async def send(self, to: To, letter: Letter) -> Sent:
        """Hand it to the push service. Raises TransportError."""
        assert self._client is not None, "open the channel first"
        if not allowed(to.address, self._hosts):
            raise TransportError("notify.push.why_host", permanent=True, address_ended="revoked")
        try:
            content = sealed(to, payload(to, letter, self._clock()))
        except ValueError:
            raise TransportError("notify.push.why_keys", permanent=True, address_ended="revoked") from None
        try:
            answer = await self._client.post(to.address, content=content, headers=headers(letter, self._signer.authorization(to.address)))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise TransportError("notify.push.why_unreachable", detail=type(error).__name__) from None
        except httpx.HTTPError as error:
            # The letter had left, as far as we know; the device would show a second one in the place of the first.
            raise TransportError("notify.push.why_no_answer", unknown=True, detail=type(error).__name__) from None
        if answer.is_success:
            return Sent(answer.headers.get("location", "").rpartition("/")[2][:DETAIL])
        raise refused(answer, self._clock())

    async def check(self) -> str:
        """Whom the services take us for: a contact and a key. They are asked nothing, since they answer nothing but letters."""
        try:
            self._signer.authorization("https://push.invalid/")
        except VapidException as error:
            raise TransportError("notify.push.why_subject", permanent=True, detail=str(error)[:DETAIL]) from None
        return say("notify.push.checked", subject=self._about, end=public_key(self._vapid)[-8:])


def refused(answer: httpx.Response, now: float) -> TransportError:
    """What an answer that is no success makes of the letter. ``now``: seconds since 1970."""
    status = answer.status_code
    # Services repeat the address in what they say, and whoever knows the address may try to send to it.
    said = answer.text.replace(str(answer.request.url), "…").replace(answer.request.url.path, "…")
    detail = f"{status} {said}"[:DETAIL].strip()
    wait = patience(answer.headers.get("retry-after"), now)
    if status in (404, 410) or (status == 400 and OTHER_KEY in said):
        return TransportError("notify.push.why_gone", permanent=True, address_ended="revoked", detail=detail)
    if status in (429, WNS_THROTTLED):
        return TransportError("notify.push.why_too_many", retry_after=wait, detail=detail)
    if status >= 500 or status in (408, 425):
        return TransportError("notify.push.why_service", retry_after=wait, detail=detail)
    if status == 413:
        return TransportError("notify.push.why_too_large", permanent=True, detail=detail)
    if status in (401, 403):
        return TransportError("notify.push.why_key", permanent=True, detail=detail)
    return TransportError("notify.push.why_refused", permanent=True, detail=detail)


def patience(text: str | None, now: float) -> float | None:
    """Seconds that ``Retry-After`` asks for, as a number or as a moment; None where it says nothing that can be read."""
    if not text:
        return None
    if text.strip().isdecimal():
        return float(text.strip()[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - now) if moment.tzinfo else max(0.0, moment.replace(tzinfo=UTC).timestamp() - now)


def make(settings: Settings) -> WebPush | None:
    """The channel of this installation; None where nobody is named whom a push service may write to."""
    about = subject(settings)
    return WebPush(kept(settings.data), about, settings.push_hosts) if about else None
