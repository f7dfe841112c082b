"""Cells as people write them → plain text: one spelling of Unicode, no markup, no invisible characters."""

import html
import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u034f\u180e\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]"
)
_TAGS = (
    "a|abbr|b|big|blockquote|body|br|center|cite|code|col|colgroup|dd|del|div|dl|dt|em|font|footer|form|"
    "h[1-6]|head|header|hr|html|i|img|input|ins|kbd|"
    "label|li|main|mark|meta|nobr|o:p|ol|p|pre|q|s|samp|section|small|span|strike|strong|sub|sup|table|tbody|"
    "td|tfoot|th|thead|title|tr|tt|u|ul|var|wbr"
)
_DROPPED = re.compile(r"<(script|style|iframe|object|svg)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_FOOTNOTE_TAG = re.compile(r"<sup\b[^<>]*>\s*[\[(]?\d{1,3}[\])]?\s*</sup\s*>", re.IGNORECASE)
_NEW_LINE = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|tr|h[1-6])\s*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
_MARKDOWN = (
    (re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)"), r"\1"),
    (re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1", re.DOTALL), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]+)(?<=[^\s_])_(?![\w_])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"^\s{0,3}#{1,6}\s+", re.MULTILINE), ""),
)
_FOOTNOTE = re.compile(
    r"(?<=[^\W\d_])\[\d{1,3}\]|(?<![mM\d])[¹²³⁴⁵⁶⁷⁸⁹⁰]+(?=[\s.,;:)]|$)|\s*\(\*{1,3}\)|(?<=\w)\*{1,3}(?=\s*$)|[†‡]", re.MULTILINE
)
_SPACES = re.compile(r"[^\S\n]+")
#: What people put into a cell to say that it is empty.
_EMPTY = re.compile(r"[-‐-―−_.…/\\*\s]*|n/a|\(trống\)", re.IGNORECASE)


# Every cell is looked at several times: as a header, as a group, as a value.
@lru_cache(maxsize=65_536)
def clean(text: str) -> str:
    """``text`` in NFC without markup, footnote marks and invisible characters; lines stay, empty ones go; "-" is empty."""
    if not text:
        return ""
    text = unicodedata.normalize(
        "NFC", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x85", "\n"))
    )
    if "<" in text:
        text = without_tags(text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
        if "<" in text:
            text = without_tags(text)
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if any(mark in text for mark in "*_~`[#"):
        for pattern, kept in _MARKDOWN:
            text = pattern.sub(kept, text)
    text = _FOOTNOTE.sub("", text).replace("Ð", "Đ").replace("\u2028", "\n").replace("\u2029", "\n")
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    text = "\n".join(line for line in lines if line)
    return "" if _EMPTY.fullmatch(text) else text


def without_tags(text: str) -> str:
    """``text`` without HTML: scripts go with their content, breaks become new lines, other tags leave their text."""
    text = _FOOTNOTE_TAG.sub("", _DROPPED.sub("", text))
    return _TAG.sub("", _NEW_LINE.sub("\n", text))


def flat(text: str) -> str:
    """``text`` in one line."""
    return " ".join(text.split())


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """``text`` in lower case without marks, ``đ`` as ``d``, every dash as "-", in one line: for comparing, not for showing."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("ð", "d"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[‐-―−]", "-", plain).split())


def words(text: str) -> list[str]:
    """The words and numbers of ``text``, folded."""
    return re.findall(r"[a-z0-9]+", fold(text))
