"""Our identifiers of what Telegram names: the same press, told twice, is the same mutation."""

import uuid

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://api.telegram.org")


def name_of(kind: str, given: object) -> str:
    """The identifier of this press, message or report."""
    return str(uuid.uuid5(_SPACE, f"{kind}:{given}"))
