"""How a person wants to be told: the defaults, what he changed, and what that means for one message on one channel."""

from collections.abc import Mapping

import msgspec

from server.notify.rules.kinds import DEFAULT_MODE, GROUPS, Mode, kind_of
from server.notify.rules.quiet import Quiet

#: {group: {channel: mode}}, only what differs from the defaults.
Choices = Mapping[str, Mapping[str, Mode]]

#: Letters to this service leave the country: off until an administrator has understood that (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15).
ABROAD = frozenset({"telegram", "webpush"})
#: A second letter of the same tag takes the place of the first on the device: one that was sent twice is seen once.
REPLACES = frozenset({"webpush"})
#: Somebody pressed a button for these: they go where he asked, whatever was chosen.
ASKED_FOR = frozenset({"notify.test"})
MODES: tuple[Mode, ...] = ("now", "digest", "off")


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a person chose; ``quiet`` None: he may be told at any hour."""

    choices: dict[str, dict[str, Mode]] = {}
    quiet: Quiet | None = None
    #: A push may carry the title, not the number and the kind alone.
    show_content: bool = False


def mode_of(choices: Choices, kind: str, channel: str) -> Mode:
    """``now``, ``digest`` or ``off`` for a message of this kind on this channel. The inbox is told everything at once."""
    if channel == "inbox" or kind in ASKED_FOR:
        return "now"
    group = kind_of(kind).group
    return choices.get(group, {}).get(channel, DEFAULT_MODE[group])


def modes(choices: Choices, channels: tuple[str, ...]) -> dict[str, dict[str, Mode]]:
    """The whole table as people see it: {group: {channel: mode}}, the defaults filled in."""
    return {group: {channel: choices.get(group, {}).get(channel, DEFAULT_MODE[group]) for channel in channels} for group in GROUPS}


def differing(table: Choices) -> dict[str, dict[str, Mode]]:
    """What of a whole table is to be kept: what differs from the defaults, so that a better default reaches who never chose."""
    kept = {
        group: {channel: mode for channel, mode in row.items() if mode != DEFAULT_MODE[group]}
        for group in GROUPS
        if (row := table.get(group)) is not None
    }
    return {group: row for group, row in kept.items() if row}
