"""A letter as Zalo shows it: plain text, a link, a button. Zalo counts 2,000 characters (tin Tư vấn dạng văn bản; sendMessage)."""

import unicodedata
from typing import Any

from server.notify.channels import Letter
from server.words import say

LIMIT = 2000
#: What is left of a title that goes on a line of its own.
TITLE = 300
#: Of a button's title and of a parameter of a template: the smallest figures that secondary sources name.
BUTTON = 100
PARAMETER = 100


def text_of(letter: Letter, public_url: str) -> str:
    """The whole letter with its link in the last line; what is too long ends in "…", never the link."""
    link = link_of(letter, public_url)
    tail = f"\n{link}" if link else ""
    said = "\n".join([cut(letter.title, TITLE), *letter.lines])
    return cut(said, LIMIT - _units(tail)) + tail


def link_of(letter: Letter, public_url: str) -> str:
    """The address that opens it, or nothing where the installation does not know its own."""
    return public_url.rstrip("/") + letter.link if public_url else ""


def message_of(letter: Letter, public_url: str, *, button: bool) -> dict[str, Any]:
    """``message`` of ``oa/message/cs``. The link stands in the text as well: a button that is not shown loses nothing."""
    message: dict[str, Any] = {"text": text_of(letter, public_url)}
    link = link_of(letter, public_url)
    if button and link:
        title = next((one.label for one in letter.buttons if one.action == "open"), say("notify.zalo.open"))
        buttons = [{"title": cut(title, BUTTON), "type": "oa.open.url", "payload": {"url": link}}]
        message["attachment"] = {"type": "template", "payload": {"buttons": buttons}}
    return message


def parameters_of(letter: Letter) -> dict[str, str]:
    """The parameters of the ZNS template: ``title``, ``number``, and ``link``, the path without its first stroke, as a button's end."""
    return {"title": cut(letter.title, PARAMETER), "number": cut(letter.number or "-", 30), "link": letter.link.lstrip("/")[:PARAMETER]}


def cut(text: str, limit: int) -> str:
    """At most ``limit`` UTF-16 units, as Zalo counts them in its styles; composed, so that a Vietnamese letter counts once."""
    text = unicodedata.normalize("NFC", text).strip()
    if _units(text) <= limit:
        return text
    kept: list[str] = []
    room = limit - 1
    for letter in text:
        room -= _units(letter)
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
