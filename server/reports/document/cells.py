"""Values as a printed table shows them."""

import re
import unicodedata

from server.reports.shape import Kind, Value
from server.reports.words import number as written

#: Letters of a text in a table: a row is never broken, so it must not grow higher than a page.
MOST_LETTERS = 240
_PERCENT = re.compile(r"(?<=\d) %")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """Composed, without letters that are not seen or turn the others round, in one line; a percent sign stays with its number."""
    return _PERCENT.sub("\u00a0%", " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split()))


def shortened(text: str, most: int = MOST_LETTERS) -> str:
    """Clean and not longer than ``most``."""
    whole = clean(text)
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def shown(value: Value, kind: Kind) -> str:
    """One value as every face of the report says it; a text or a day that is missing leaves its place empty."""
    if isinstance(value, str) and kind != "date":
        return shortened(value)
    if value in (None, "") and kind in ("text", "date"):
        return ""
    return written(value, kind)
