"""Telegram: letters to a person's chat or a room's group, buttons that act, linking by a code."""

from collections.abc import Callable
from datetime import datetime

from server.notify.telegram.api import BotApi
from server.notify.telegram.channel import Telegram
from server.settings import Settings
from server.storage.ids import utc_now


def make(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Telegram | None:
    """The channel, or None where ``SOVIEC_TELEGRAM_TOKEN`` is not set."""
    if not settings.telegram_token.strip():
        return None
    return Telegram(settings, clock, BotApi(settings.telegram_api, settings.telegram_token))
