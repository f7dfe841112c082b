"""Words that say that a task comes again or never ends, and how often."""

import re

import msgspec

from server.plans.shapes import Recurrence

ONGOING = re.compile(r"\b(?:duy tri\s*,?\s*)?thuong xuyen(?:\s*,?\s*(?:va\s*)?lien tuc)?\b|\blien tuc\b|\bduy tri\b|\bkhong thoi han\b")
_EVERY = {"nam": "year", "quy": "quarter", "thang": "month", "tuan": "week", "ngay": "day", "ky": None}
RECURRING = re.compile(
    r"\b(?:dinh ky\s*[,:]?\s*)?(?:(?:hang|moi)\s+(?P<unit>nam|quy|thang|tuan|ngay|ky)\b|thuong nien|"
    r"(?:moi\s+)?(?P<half>0?6|sau)\s+thang(?:\s*/?\s*(?:0?1\s*|mot\s*)?lan\b|(?=\s*$|\s*,\s*(?:0?1\s+)?nam\s*$))|"
    r"0?(?P<many>[1-9])\s*(?P<each>nam|quy|thang|tuan|ngay)\s*/?\s*(?:0?1\s*|mot\s*)?lan\b|"
    r"(?:\d+|mot|hai|ba|bon)\s*lan\s*/\s*(?:0?1\s*)?(?P<per>nam|quy|thang|tuan|ngay)\b)|\b(?P<fixed>dinh "
    r"ky)(?:\s+(?:theo\s+)?(?P<plain>nam|quy|thang|tuan|ngay)\b)?"
)
#: What is left around the words of a cadence and says nothing more.
FILLER = re.compile(
    r"^(?:[\s,;:.&()/-]|\b(?:va|theo|dinh ky|cac|trong|thuc hien|bao cao|vao)\b)+|(?:[\s,;:.&()/-]|\b(?:va|trong|vao|cua)\b)+$|"
    r"^\(?\d\d?\s+lan\)?$|^(?:(?:0?[69]\s+)?thang|quy|0?1\s+nam|nam)\s*,\s*|^(?:0?1\s+)?nam$|^(?:0?[69] thang|quy)$|^thu [2-7]$"
)


def recurrence_of(rest: str, recurring: re.Match[str] | None) -> Recurrence:
    """How often, from the match of `RECURRING` and the words around it."""
    given = recurring.groupdict() if recurring is not None else {}
    word = given.get("unit") or given.get("plain") or given.get("per")
    if (each := given.get("each")) is not None:
        # "3 tháng/lần" is a quarter; "2 năm/lần" has no name here, the words stay.
        count = given["many"] or ""
        every = {"3 thang": "quarter", "6 thang": "half", f"1 {each}": _EVERY[each]}.get(f"{count} {each}")
    elif given.get("half"):
        every = "half"
    else:
        every = _EVERY.get(word or "", "year" if recurring and recurring.group() == "thuong nien" else None)
    quarters = {"i": 3, "ii": 6, "iii": 9, "iv": 12, "1": 3, "2": 6, "3": 9, "4": 12}
    months = [quarters[found] for found in re.findall(r"\bqu[yi]\s*(iv|i{1,3}|[1-4])\b", rest)]
    months += [int(found) for found in re.findall(r"\bthang\s*(\d\d?)\b", rest)]
    day = re.search(r"\bngay\s*(\d\d?)\b|\b(\d\d?)\s*(?=[/.]\s*\d)", rest)
    if day is not None:
        months += [int(found) for found in re.findall(r"\d\d?\s*[/.]\s*(\d\d?)\b(?!\s*[/.]\s*\d)", rest)]
    number = int(day[1] or day[2]) if day is not None else None
    kept = tuple(sorted({month for month in months if 1 <= month <= 12}))
    return msgspec.convert({"every": every, "months": kept, "day": number if number and number <= 31 else None}, Recurrence)
