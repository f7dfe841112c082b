"""E-mail, by the mail server of ``SOVIEC_SMTP_URL``."""

from collections.abc import Callable
from datetime import datetime

from server.notify.email.channel import Email
from server.notify.email.server_url import parse, sender_of
from server.settings import Settings
from server.storage.ids import utc_now


def make(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Email | None:
    """The channel, or None where it is not set up. Raises BadAddress for a setting that can't be read; the password is not in it."""
    if not settings.smtp_url or not settings.smtp_from:
        return None
    return Email(settings, parse(settings.smtp_url), sender_of(settings.smtp_from), clock)
