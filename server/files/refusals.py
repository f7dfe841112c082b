"""How a file is told that it is not welcome."""

from server.errors import Refusal


def unwelcome(why: str, name: str, **values: object) -> Refusal:
    """The refusal ``files.<why>`` of the file that its sender calls ``name``; the form field is ``files``."""
    return Refusal("invalid", f"files.{why}", field="files", name=name, **values)
