"""A letter as mail: plain text, the same as simple HTML, and the headers that say what it is."""

import html
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from server.notify.channels import Letter
from server.words import say

#: A subject; more is in the letter.
SUBJECT = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def message_of(letter: Letter, *, sender: tuple[str, str], to: str, public_url: str, now: datetime) -> EmailMessage:
    """The mail. ``Message-ID`` comes from the letter's own identifier: sent once more it is the same, and a mailbox may drop it."""
    name, mailbox = sender
    domain = mailbox.rpartition("@")[2]
    settings_link = public_url.rstrip("/") + "/me/notices" if public_url else ""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name=line(name), addr_spec=mailbox)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = line(letter.title)[:SUBJECT]
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{_word(letter.id)}@{domain}>"
    if letter.task:
        # Letters about one task stand together.
        mail["References"] = f"<task.{_word(letter.task)}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Id"] = f"<soviec.{domain}>"
    if settings_link:
        mail["List-Unsubscribe"] = f"<{settings_link}>"
    link = public_url.rstrip("/") + letter.link if public_url else ""
    lines = [paragraph(one) for one in letter.lines]
    foot = say("notify.email.foot", link=settings_link) if settings_link else say("notify.email.foot_bare")
    mail.set_content("\n".join([paragraph(letter.title), *lines, *(["", link] if link else []), "", "--", foot, ""]))
    mail.add_alternative(_html(paragraph(letter.title), lines, link, foot), subtype="html")
    return mail


def line(text: str) -> str:
    """One line: whatever would begin another header is a space."""
    return " ".join(_CONTROL.sub(" ", text).split())


def paragraph(text: str) -> str:
    """Text of a body: its line ends stay, other control characters go."""
    return "\n".join(line(one) for one in text.splitlines())


def _word(text: str) -> str:
    return _NAME.sub("-", text)[:80]


def _html(title: str, lines: list[str], link: str, foot: str) -> str:
    said = "".join(f"<p>{html.escape(one).replace(chr(10), '<br>')}</p>" for one in lines)
    way = f'<p><a href="{html.escape(link)}">{html.escape(say("notify.email.open"))}</a></p>' if link else ""
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{html.escape(line(title))}</title></head><body>'
        f"<p><strong>{html.escape(title)}</strong></p>{said}{way}<hr><p><small>{html.escape(foot)}</small></p></body></html>\n"
    )
