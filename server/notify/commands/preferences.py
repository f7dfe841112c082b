"""What a person chooses about being told."""

from typing import Any

from server.errors import Refusal
from server.notify.channels import OUTSIDE
from server.notify.rules.choices import MODES, differing
from server.notify.rules.kinds import GROUPS, Mode
from server.notify.rules.quiet import DAY, Quiet, after_quiet
from server.notify.tables import NoticeChoice
from server.storage.door import Command, handles
from server.storage.engine import insert, rows
from server.storage.transaction import Transaction, as_json


class SetPreferences(Command, tag="notify.preferences"):
    """The actor's own choices, all of them: {group: {channel: mode}}, quiet hours in local minutes (both None: none)."""

    choices: dict[str, dict[str, Mode]]
    quiet_from: int | None = None
    quiet_to: int | None = None
    show_content: bool = False


@handles(SetPreferences)
async def set_preferences(tx: Transaction, given: SetPreferences) -> dict[str, Any]:
    """Keep them; what waits for the end of quiet hours goes by the new ones. Refuses groups, channels and hours that there are not."""
    if tx.actor is None:
        raise Refusal("not_allowed", "sending.own_only")
    for group, row in given.choices.items():
        if group not in GROUPS or any(channel not in OUTSIDE or mode not in MODES for channel, mode in row.items()):
            raise Refusal("invalid", "sending.no_such_choice", field="choices")
    if not _hours(given.quiet_from, given.quiet_to):
        raise Refusal("invalid", "sending.quiet_wrong", field="quiet_from")
    await rows("DELETE FROM notice_choice WHERE person = $1", tx.actor)
    await insert(
        NoticeChoice,
        {
            "person": tx.actor,
            "choices": as_json(differing(given.choices)),
            "quiet_from": given.quiet_from,
            "quiet_to": given.quiet_to,
            "show_content": given.show_content,
            "changed_at": tx.now,
        },
    )
    hours = None if given.quiet_from is None or given.quiet_to is None else Quiet(given.quiet_from, given.quiet_to)
    await rows(
        "UPDATE delivery SET next_at = $1 WHERE person = $2 AND state = 'waiting' AND attempts = 0 AND queued_at IS NULL",
        after_quiet(hours, tx.now),
        tx.actor,
    )
    return {}


def _hours(start: int | None, end: int | None) -> bool:
    if start is None or end is None:
        return start is None and end is None
    return 0 <= start < DAY and 0 <= end < DAY and start != end
