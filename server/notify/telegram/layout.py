"""A letter as Telegram shows it: HTML with everything escaped, 4,096 characters at most, buttons under it. Plain functions."""

import html
import ipaddress
import unicodedata
from urllib.parse import urlsplit

from server.notify.channels import Letter
from server.notify.telegram.shapes import InlineButton, Keyboard

#: Characters of a message after its markup is read. Telegram counts UTF-16 units in markup; so do we, which is never too many.
LONGEST = 4096
LONGEST_TITLE = 1000
#: What the service takes as the text of an answer to a press.
LONGEST_ANSWER = 200
PERCENTS = (25, 50, 75, 100)
#: What a button calls back with, before the delivery's identifier (36 characters; 64 bytes are allowed).
SEEN, ASK, DONE = "seen", "ask", "pct"
_CUT = "…"
_JOINER = "\u200d"


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """At most so many UTF-16 units, cut between characters as people see them: no mark without its letter, no half of an emoji."""
    if length(text) <= most:
        return text
    units, end = 0, 0
    for letter in text:
        units += length(letter)
        if units > most - 1:
            break
        end += 1
    while end > 0 and not _may_cut(text, end):
        end -= 1
    return text[:end].rstrip() + _CUT


def _may_cut(text: str, at: int) -> bool:
    after, before = text[at], text[at - 1]
    if unicodedata.combining(after) or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return False
    if _JOINER in (after, before) or "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return False
    if _is_flag(after) and _is_flag(before):
        # Two letters make one flag: between flags there is an even number of them before the cut.
        run = 0
        while at - 1 - run >= 0 and _is_flag(text[at - 1 - run]):
            run += 1
        return run % 2 == 0
    return True


def _is_flag(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def clean(text: str) -> str:
    """Without characters that no service and no database takes: controls, halves of pairs."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))


def opens(public_url: str, path: str) -> str:
    """The address of a path of the app, or "" where no address is set."""
    return f"{public_url.rstrip('/')}{path}" if public_url.startswith(("http://", "https://")) else ""


def takes_button(url: str) -> bool:
    """Whether Telegram accepts this address behind a button: a real host. Others stand in the text."""
    host = urlsplit(url).hostname or ""
    if not url.startswith(("http://", "https://")) or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host


def written(letter: Letter, url: str, *, button: bool) -> tuple[str, str]:
    """The letter as HTML and as plain text; the address stands in it where no button can hold it."""
    tail = f"\n{url}" if url and not button else ""
    title = cut(clean(letter.title).strip() or letter.bare, LONGEST_TITLE)
    room = LONGEST - length(title) - length(tail) - 1
    body = cut(clean("\n".join(letter.lines)).strip(), room) if letter.lines and room > 1 else ""
    body = f"\n{body}" if body else ""
    return f"<b>{html.escape(title, quote=False)}</b>{html.escape(body + tail, quote=False)}", title + body + tail


def keyboard(letter: Letter, url: str, *, button: bool) -> Keyboard | None:
    """The buttons under a letter, or None."""
    acts = []
    links = []
    for one in letter.buttons:
        if one.action == "open":
            if button and url:
                links.append(InlineButton(text=one.label, url=url))
        else:
            acts.append(InlineButton(text=one.label, callback_data=f"{SEEN if one.action == 'seen' else ASK}:{letter.id}"))
    found = [line for line in (acts, links) if line]
    return Keyboard(inline_keyboard=found) if found else None


def with_percents(shown: Keyboard, delivery: str) -> Keyboard:
    """The same with a row of percents, once."""
    percents = [InlineButton(text=f"{one} %", callback_data=f"{DONE}:{one}:{delivery}") for one in PERCENTS]
    return Keyboard(inline_keyboard=[*without(shown, DONE).inline_keyboard, percents])


def without(shown: Keyboard, what: str) -> Keyboard:
    """The same without the buttons that call back with this."""
    lines = [[one for one in line if not one.callback_data.startswith(f"{what}:")] for line in shown.inline_keyboard]
    return Keyboard(inline_keyboard=[line for line in lines if line])
