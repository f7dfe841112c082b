"""``POST /hooks/zalo``: Zalo calls. No session, no cookie; who calls proves it by a signature or by the bot's secret."""

import hmac
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from litestar import Request, post
from litestar.background_tasks import BackgroundTask
from litestar.enums import MediaType
from litestar.response import Response

from server.notify.channels import TransportError
from server.notify.commands.link import is_on
from server.notify.zalo import make
from server.notify.zalo.hears import Heard, account_event, answer_to, bot_events, signed
from server.settings import Settings

log = logging.getLogger("soviec.notify")

#: Bytes of an event; a text of Zalo has 2,000 characters.
MOST = 256 * 1024
AnyRequest = Request[Any, Any, Any]


@post("/hooks/zalo", status_code=200, request_max_body_size=MOST)
async def zalo_called(request: AnyRequest) -> Response[bytes]:
    """Answers at once, as Zalo wants it within 2 s; what the chat is told goes afterwards."""
    office = request.app.state.office
    settings: Settings = office.settings
    if not settings.zalo_kind or not settings.zalo_oa_secret:
        return _answer(404)
    raw = await request.body()
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        log.warning("zalo: a call with a body of %d bytes that is no event", len(raw))
        return _answer(400)
    if not body and "x-zevent-signature" not in request.headers:
        # The console tries the address with {} before it keeps it; that asks for nothing.
        return _answer(200)
    if not _is_zalo(request, settings, raw, body):
        log.warning("zalo: a call with a wrong signature from %s", request.client.host if request.client else "?")
        return _answer(403)
    event = account_event(body) if settings.zalo_kind == "oa" else next(iter(bot_events(body.get("result"))), None)
    if event is None or not await is_on("zalo"):
        return _answer(200)
    text = await answer_to(office.brake, event, office.clock())
    answer = _answer(200)
    if text:
        answer.background = BackgroundTask(_say, settings, office.clock, event, text)
    return answer


def _answer(status: int) -> Response[bytes]:
    return Response(b"", status_code=status, media_type=MediaType.TEXT)


def _is_zalo(request: AnyRequest, settings: Settings, raw: bytes, body: dict[str, Any]) -> bool:
    if settings.zalo_kind == "bot":
        given = request.headers.get("x-bot-api-secret-token", "")
        return hmac.compare_digest(given.encode(), settings.zalo_oa_secret.encode())
    given = request.headers.get("x-zevent-signature", "")
    stamps = {str(body.get("timestamp", "")), request.headers.get("x-zevent-timestamp", "")}
    return any(signed(settings.zalo_app_id, settings.zalo_oa_secret, raw, stamp, given) for stamp in stamps)


async def _say(settings: Settings, clock: Callable[[], datetime], event: Heard, text: str) -> None:
    channel = make(settings, clock)
    if channel is None:
        return
    await channel.open()
    try:
        await channel.say(event.chat, text)
    except TransportError as trouble:
        log.warning("zalo: an answer did not arrive: %s %s", trouble.why, trouble.detail)
    finally:
        await channel.close()


routes = [zalo_called]
