"""Which channels there are: one folder each, made from the settings once a process."""

import importlib
import importlib.util

from server.notify.channels import OUTSIDE, Channel, ChannelName
from server.settings import Settings


def make(settings: Settings) -> dict[ChannelName, Channel]:
    """The channels that are set up here, by name, in the order in which people see them; not opened yet."""
    made: dict[ChannelName, Channel] = {}
    for name in OUTSIDE:
        folder = f"server.notify.{name}"
        if importlib.util.find_spec(folder) is None:
            continue
        build = getattr(importlib.import_module(folder), "make", None)
        channel = build(settings) if build is not None else None
        if channel is not None:
            made[name] = channel
    return made
