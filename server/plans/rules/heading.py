"""What a document says of itself above its table: title, number, day, issuer, and the year it plans for."""

import re
from collections.abc import Sequence
from datetime import date

from server.plans.rules.text import clean, flat, fold
from server.plans.shapes import Heading, Table

_TITLE = re.compile(r"(?:phu luc|ke hoach|chuong trinh|danh muc|de an|bang|quyet dinh|lich|bieu|phan cong|nhiem vu)\b")
_NUMBER = re.compile(r"\b[Ss]ố\s*:?\s*(\d{1,5}\s*/\s*[\w./-]*[^\W\d_][\w-]*)")
_DAY = re.compile(r"ngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})|ngay (\d{1,2})/(\d{1,2})/(\d{4})")
_ISSUER = re.compile(
    r"\bcủa\s+((?:UBND|Ủy ban|Uỷ ban|Sở|Trung tâm|Chủ tịch|Thủ tướng|HĐND|Hội đồng|Ban|Bộ|Văn phòng|Giám đốc)[^();.,]{0,80})"
)
_YEAR = re.compile(r"\b(?:nam |qu[yi] (?:[ivx]+|\d) ?/ ?|thang \d{1,2} ?/ ?)(20\d\d)\b")
_PERIOD = re.compile(r"\b(?:20\d\d)\s*-\s*(?:20\d\d)\b")


def read_heading(tables: Sequence[Table]) -> Heading:
    """The heading of the first table that has one; empty fields where the document is silent."""
    lines: list[str] = []
    for table in tables[:3]:
        lines.extend(flat(clean(paragraph)) for paragraph in table.before)
        for line in table.lines[:12]:
            texts = [text for cell in line.cells if not cell.left and (text := flat(clean(cell.text)))]
            if len(texts) > 2:
                break
            lines.extend(texts)
        if any(_TITLE.match(fold(line)) for line in lines):
            break
    lines = [line[:600] for line in lines if line][:80]
    title = next((line for line in lines if _TITLE.match(fold(line))), "")
    whole = " ".join(lines)
    number, issuer = _NUMBER.search(whole), _ISSUER.search(whole)
    return Heading(
        title=title,
        number=number[1].replace(" ", "") if number else "",
        day=_day(whole),
        issuer=flat(issuer[1]) if issuer else "",
        year=_year(title, lines),
    )


def _day(text: str) -> date | None:
    for found in _DAY.finditer(fold(text)):
        day, month, year = (int(part) for part in found.groups() if part is not None)
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def _year(title: str, lines: Sequence[str]) -> int | None:
    """The one year that the title plans for ("KẾ HOẠCH … năm 2026"); the years of dates and of spans of years do not count."""
    at = lines.index(title) if title else 0
    near = [title, *(line for line in lines[at + 1 : at + 4] if len(line) < 250)] if title else list(lines[:6])
    for line in near:
        plain = _PERIOD.sub(" ", _DAY.sub(" ", fold(line)))
        plain = re.sub(r"ngay \d+ thang \d+ nam \d+", " ", plain)
        years = {int(found) for found in _YEAR.findall(plain)}
        if len(years) == 1:
            return years.pop()
        if years:
            return None
    return None
