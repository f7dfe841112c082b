"""Where Telegram calls in, if a secret for it is set. No session and no form: the secret in the header is the proof."""

import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from server.notify.commands.link import is_on
from server.notify.telegram import make
from server.notify.telegram.commands import CHANNEL
from server.notify.telegram.listen import HOOK
from server.notify.telegram.updates import deal_with
from server.settings import Settings

log = logging.getLogger("soviec.telegram")

HEADER = "x-telegram-bot-api-secret-token"
#: An update is a few kilobytes.
LARGEST = 1024 * 1024


def routes(settings: Settings, clock: Callable[[], datetime]) -> list[HTTPRouteHandler]:
    """The one address that Telegram calls."""
    bot = make(settings, clock)
    calls = 0

    @post(HOOK, status_code=200, request_max_body_size=LARGEST)
    async def called(request: Request[Any, Any, Any]) -> Response[bytes]:
        """An update. What can't be read is logged and taken: sent again it would be no better."""
        if bot is None or not settings.telegram_webhook_secret:
            return _answer(404)
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), settings.telegram_webhook_secret.encode()):
            log.warning("telegram: a call with a wrong secret from %s", request.client.host if request.client else "?")
            return _answer(403)
        try:
            raw = json.loads(await request.body())
        except ValueError:
            log.warning("telegram: a call that is no JSON was left aside")
            return _answer(200)
        if not await is_on(CHANNEL):
            return _answer(200)
        nonlocal calls
        calls += 1
        try:
            await deal_with(bot, raw)
        except Exception:
            # Telegram sends it again.
            log.exception("telegram: an update failed")
            return _answer(500)
        finally:
            calls -= 1
            if not calls:
                await bot.close()
        return _answer(200)

    return [called]


def _answer(status: int) -> Response[bytes]:
    return Response(b"", status_code=status, media_type="text/plain", headers={"Cache-Control": "no-store"})
