"""Which commands a device may push, and a pushed mutation as a command."""

import hashlib
import json
from typing import Any, Final

from server.errors import Refusal
from server.insight import commands as _registers_insight  # noqa: F401
from server.storage.door import Command, command, fingerprint
from server.tasks import commands as _registers  # noqa: F401
from sync.shapes import Asked

#: The table of the protocol, and what the pages of a task offer besides. Nothing of accounts, people, plans or the demo office.
PUSHED: Final = frozenset(
    {
        "task.create", "task.propose", "task.decide", "task.edit", "task.assign", "task.progress", "task.submit", "task.review",
        "task.status", "task.hand_back", "task.extend", "task.comment", "checklist.set",
        "checklist.add", "checklist.remove", "task.follow", "task.bin", "task.restore", "task.review_undo", "notice.read",
        "insight.accept", "insight.decline",
    }
)  # fmt: skip
#: What only an import of a plan says of a task.
OF_PLANS: Final = frozenset({"plan", "plan_row"})


class Understood:
    """A mutation, read: the command if there is one, what is wrong if there is not, and the mark by which it is known again."""

    def __init__(self, asked: Asked) -> None:
        self.command: Command | None = None
        self.wrong: Refusal | None = None
        try:
            self.command = _command(asked.name, asked.args)
            self.mark = fingerprint(self.command)
        except Refusal as refusal:
            self.wrong = refusal
        except (TypeError, ValueError, RecursionError):
            # What the database or JSON can't hold: a number of 60 digits, half a letter, a thousand brackets.
            self.command = None
            self.wrong = Refusal("invalid", "sync.cannot_store", name=asked.name[:60])
        if self.wrong is not None:
            self.mark = hashlib.sha256(json.dumps([asked.name, asked.args], sort_keys=True, default=str).encode()).hexdigest()


def _command(name: str, args: Any) -> Command:
    if name not in PUSHED:
        raise Refusal("invalid", "sync.not_pushed", name=name[:60])
    if not isinstance(args, dict) or any(not isinstance(key, str) for key in args):
        raise Refusal("invalid", "sync.args_bad", name=name)
    if OF_PLANS & {key for key, value in args.items() if value is not None}:
        raise Refusal("invalid", "sync.not_pushed", name=name)
    if _has_nul(args):
        raise Refusal("invalid", "sync.cannot_store", name=name)
    return command(name, args)


def _has_nul(value: Any) -> bool:
    """PostgreSQL's texts can't hold the character 0."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(one) for pair in value.items() for one in pair)
    return isinstance(value, list) and any(_has_nul(one) for one in value)
