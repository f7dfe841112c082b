"""Channels in words: what each is, whether it can be used here, why not."""

from collections.abc import Mapping
from typing import Any

from server.notify.channels import CHANNELS, OUTSIDE
from server.notify.queries import Standing
from server.words import catalogue, say

#: The icon of each channel.
ICONS = {"inbox": "bell", "webpush": "phone", "telegram": "send", "zalo": "comment", "email": "document"}
assert set(ICONS) == set(CHANNELS)


def name_of(channel: str) -> str:
    """``Telegram``, ``Thư điện tử``."""
    return say(f"sending.channel.{channel}") if channel in OUTSIDE else channel


def why_text(why: str) -> str:
    """Why something waits or failed: a key of the words, or words already."""
    return catalogue().get(why, why)


def standing_of(channel: str, standing: Standing, set_up: Mapping[str, Any], trouble: str = "") -> str:
    """``on``, ``off`` (set up, nobody has turned it on) or ``absent`` (no setting, or one that can't be read)."""
    if channel not in set_up or trouble:
        return "absent"
    return "on" if standing.on else "off"
