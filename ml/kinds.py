"""What the name of an event says of itself, in the product's own history and in other people's logs.

A name that fits nothing is an update like any other: every event is one. The names are matched without case; the product's own come first.
"""

import re

#: Class of event → what its names look like. One name may be of several classes.
CLASSES: dict[str, re.Pattern[str]] = {
    "progress": re.compile(r"^progress$", re.I),
    "returned": re.compile(r"^return|reject|rework|reopen|not.?accepted|insufficient|incomplete", re.I),
    "approved": re.compile(r"^accept|approve|granted", re.I),
    "extended": re.compile(r"^extended$", re.I),
    "asked": re.compile(r"^extend_asked$|extension", re.I),
    "assigned": re.compile(r"^assign", re.I),
    "paused": re.compile(r"^pause|await|wait|pending|suspend|on.?hold|evidence", re.I),
    "resumed": re.compile(r"^resume", re.I),
    "submitted": re.compile(r"^submit", re.I),
    "remark": re.compile(r"^comment$|^check$", re.I),
}

CLASS_NAMES = tuple(CLASSES)


def classes_of(kind: str) -> tuple[bool, ...]:
    """Which of ``CLASS_NAMES`` a kind of event belongs to."""
    return tuple(bool(pattern.search(kind)) for pattern in CLASSES.values())
