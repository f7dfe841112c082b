"""The context of proposals: who might take over what, why, and what it does to both."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from server.words import say

#: The keys of reasons, as ``jobs.reasons`` names them.
WHY: Final = ("load", "room", "begun", "not_begun", "begun_no_due", "not_begun_no_due", "product", "field", "on_time")


def why_texts(reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    """Stored reasons ``[{key, values}]`` as sentences; one that this release does not know is left out."""
    return [say(f"insight.proposal.why.{one['key']}", **one["values"]) for one in reasons if one["key"] in WHY]
