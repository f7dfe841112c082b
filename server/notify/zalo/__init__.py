"""Zalo: an Official Account or a bot, by ``SOVIEC_ZALO_KIND``. What is documented, and what is not, stands in the modules."""

from collections.abc import Callable
from datetime import datetime

from server.notify.zalo.account import OfficialAccount
from server.notify.zalo.bot import Bot
from server.settings import Settings
from server.storage.ids import utc_now


def make(settings: Settings, clock: Callable[[], datetime] = utc_now) -> OfficialAccount | Bot | None:
    """The channel, or None where it is not set up."""
    if settings.zalo_kind == "oa" and settings.zalo_app_id and settings.zalo_app_secret:
        return OfficialAccount(settings, clock)
    if settings.zalo_kind == "bot" and settings.zalo_bot_token:
        return Bot(settings, clock)
    return None
