"""Every kind of message: the group in which people choose its channels, and what a chat may do about it."""

from typing import Literal

import msgspec

Group = Literal["assigned", "due", "verdict", "to_review", "talk", "changed", "kpi", "risk", "daily", "weekly", "office"]
Mode = Literal["now", "digest", "off"]

#: In the order in which people see them.
GROUPS: tuple[Group, ...] = ("assigned", "due", "verdict", "to_review", "talk", "changed", "kpi", "risk", "daily", "weekly", "office")

#: A person may silence a channel for these, never the inbox.
#: What is not said here at once is said by the morning's digest, so that a phone rings only for what wants somebody to act.
DEFAULT_MODE: dict[Group, Mode] = {
    "assigned": "now",
    "due": "now",
    "verdict": "now",
    "to_review": "now",
    "talk": "now",
    "changed": "digest",
    "kpi": "now",
    "risk": "now",
    "daily": "now",
    "weekly": "now",
    "office": "digest",
}


class Kind(msgspec.Struct, frozen=True):
    """What is known of a kind. ``acts``: the person has something to do on the task, so a chat shows buttons.

    ``alone``: it goes in a letter of its own, for it says more than one line of a list can.
    """

    group: Group
    acts: bool = False
    alone: bool = False


KINDS: dict[str, Kind] = {
    "task.assigned": Kind("assigned", acts=True),
    "task.unassigned": Kind("assigned"),
    "task.assignment_changed": Kind("assigned", acts=True),
    "task.handed_back": Kind("to_review"),
    "task.due_soon": Kind("due", acts=True),
    "task.overdue": Kind("due", acts=True),
    "task.returned": Kind("verdict", acts=True),
    "task.accepted": Kind("verdict"),
    "task.review_undone": Kind("verdict"),
    "task.decided": Kind("verdict"),
    "extension.decided": Kind("verdict"),
    "task.submitted": Kind("to_review"),
    "task.proposed": Kind("to_review"),
    "extension.asked": Kind("to_review"),
    "task.mentioned": Kind("talk"),
    "task.edited_over": Kind("changed"),
    "task.due_changed": Kind("changed"),
    "task.status": Kind("changed"),
    "task.binned": Kind("changed"),
    "task.risk": Kind("risk", acts=True),
    "kpi.period.opened": Kind("kpi"),
    "kpi.period.closed": Kind("kpi"),
    "kpi.period.reopened": Kind("kpi"),
    "kpi.sheet.waiting": Kind("kpi"),
    "kpi.sheet.confirmed": Kind("kpi"),
    "kpi.sheet.returned": Kind("kpi"),
    "kpi.petition.filed": Kind("kpi"),
    "kpi.petition.answered": Kind("kpi"),
    "kpi.excuse.confirmed": Kind("kpi"),
    "kpi.year.published": Kind("kpi"),
    "kpi.remind.self": Kind("kpi"),
    "kpi.remind.confirm": Kind("kpi"),
    "report.filed": Kind("office"),
    "report.fixed": Kind("office"),
    "digest.daily": Kind("daily", alone=True),
    "digest.weekly": Kind("weekly", alone=True),
    "digest.room": Kind("daily", alone=True),
    "delegation_granted": Kind("office"),
    "delegation_ended": Kind("office"),
    "export.made": Kind("office"),
    "notify.test": Kind("office", alone=True),
    "notify.linked": Kind("office"),
}

#: Kinds that are never one line of a list.
ALONE: tuple[str, ...] = tuple(name for name, kind in KINDS.items() if kind.alone)

#: A kind that nobody entered here is said like a change: in the inbox and in the digest.
UNKNOWN = Kind("changed")


def kind_of(kind: str) -> Kind:
    """What is known of this kind."""
    return KINDS.get(kind, UNKNOWN)
