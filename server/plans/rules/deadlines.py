"""A deadline cell → the day a task is due, when it starts, and whether it comes again.

What is decided here, because plans do not say it:

* a period ("Quý III/2021", "7/2021", "2022", "cuối năm 2026") is due on its last working day;
* a single day is kept as written, even on a holiday;
* "Trước 30/9/2026" is due on 30/9/2026: in the office's usage the day named is the last day, like "chậm nhất";
  "trước Quý III/2026", where no day is named, is read as the last working day before that period, and doubted;
* a recurring task ("Quý I, hằng năm") has no day of its own unless the cell names a year;
* what is vague ("đầu năm 2026") or only partly read gets a proposal **and** a doubt; what is not read gets no day.
"""

import re
from datetime import date, timedelta
from itertools import pairwise

import msgspec

from server.plans.rules.periods import Impossible, Period, point
from server.plans.rules.recurrences import FILLER, ONGOING, RECURRING, recurrence_of
from server.plans.rules.text import clean, flat, fold
from server.plans.shapes import Cadence, Cell, Deadline, IsWorkingDay, Recurrence
from server.words import say

_LEAD_IN = re.compile(
    r"(?:(?:thoi gian(?: (?:thuc hien|hoan thanh|trien khai))?|thoi han(?: hoan thanh)?|han(?: chot| hoan thanh)?|"
    r"hoan thanh|hoan tat|ket thuc|xong|thuc hien|bao cao|ban hanh|phe duyet|trinh|gui|to chuc|"
    r"trien khai|du kien|trong|vao|den het|den|toi|cham nhat|muon nhat|khong (?:qua|muon hon|cham hon)|la|ngay "
    r"(?=thang)|(?P<before>truoc))(?=[\s:,]|$)|<=?|≤)[\s:,]*"
)
_REMARK = re.compile(
    r"\(\s*(?:du kien|dk|du dinh|tam thoi|(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat))\s*\)|"
    r"\b\d\d?\s*(?:h|gio|:)\s*(?:\d\d)?(?:\s*phut)?\s*,?\s*(?=ngay|thu |chu nhat|\d\d?/\d)|\s*\[\d{1,2}\]$|\s\d\d:\d\d(?::\d\d)?$|"
    r"\b(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)(?:\s*,\s*|\s+)(?=ngay|\d\d?[/.-])|\b(?:sang|trua|chieu)\s+(?=ngay|\d\d?/\d)"
)
#: A farther aim behind the period that counts: "Đến năm 2030, định hướng 2045".
_OUTLOOK = re.compile(r"\s*[,;]?\s*(?:va\s+)?(?:tam nhin|dinh huong)\s+(?:den\s+)?(?:nam\s+)?(?:20|21)\d\d$")
_YEAR_IN_BRACKETS = re.compile(r"\((?:nam )?((?:19|20)\d\d)\)")
_RANGE = re.compile(r"\s*(?:->?|=>|[→÷~]|\bden het\b|\bden\b|\btoi\b)\s*")
_PARTS = re.compile(r"\s*(?:[,;&+]|\bva\b)\s*")
_INSIDE = re.compile(
    r"(?<!\d)(?:(?:ngay\s*)?\d\d?\s*[./-]\s*\d\d?\s*[./-]\s*\d{4}|(?:ngay\s*)?\d\d?\s*thang\s*\d\d?\s*(?:/|"
    r",?\s*nam)\s*\d{4}|(?:thang\s*)?\d\d?\s*[./-]\s*\d{4}|"
    r"thang\s*\d\d?\s*,?\s*nam\s*\d{4}|qu[yi]\s*(?:[ivx]+|\d)\s*(?:[/,.-]|,?\s*nam)\s*\d{4}|\d\d?\s*thang (?:dau|cuoi) nam\s*\d{4}|"
    r"(?:cuoi\s+)?nam\s*\d{4}|(?<![\d/.])(?:20)\d\d(?![\d/.]))(?!\d)"
)
#: Words around a point that may change what it means.
_OTHER_WORDS = re.compile(r"\b(?!(?:trong|hoan|thanh|truoc|ngay|den|het|cham|nhat|xong|la|va|thang|quy|nam)\b)[a-z0-9]+")


class Calendar(msgspec.Struct, frozen=True):
    """What a deadline is read against: the working days, the plan's year if it has one, and the years that make sense."""

    is_working_day: IsWorkingDay
    year: int | None
    today: date

    def close(self, period: Period) -> date:
        """The day that a period is due: itself if it is a day, else its last working day."""
        return period.last if period.span == "day" else self.back(period.last)

    def back(self, day: date) -> date:
        """The last working day on or before ``day``."""
        for _ in range(60):
            if self.is_working_day(day):
                break
            day -= timedelta(days=1)
        return day


class _Found(msgspec.Struct, frozen=True):
    """A period that was read, with the problems met on the way."""

    period: Period
    start: date | None = None
    problems: tuple[str, ...] = ()


def written(day: date) -> str:
    """A day as people write it here."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def read_cell(cell: Cell, calendar: Calendar) -> Deadline:
    """The deadline of a cell that may be a real date of a workbook."""
    if cell.day is None:
        return read_deadline(cell.text, calendar)
    far = _far(cell.day.year, calendar)
    if cell.day.day == 1 or cell.month_shown:
        # "7/2021" typed into Excel becomes the first of July: a person has to say which was meant.
        due = calendar.back(_end(cell.day)) if cell.month_shown else cell.day
        month = f"{cell.day.month}/{cell.day.year}"
        return Deadline(due=due, problems=(say("plans.doubt.excel_day_one", day=written(cell.day), month=month), *far))
    return Deadline(due=cell.day, problems=far)


def read_deadline(text: str, calendar: Calendar) -> Deadline:
    """What ``text`` says of time. An empty text is an empty deadline without problems; nothing is ever raised."""
    shown = flat(clean(text))
    folded = _YEAR_IN_BRACKETS.sub(r"\1", _REMARK.sub("", fold(shown))).strip(" .;,:")
    if not folded:
        return Deadline()
    nearer = _OUTLOOK.sub("", folded)
    if nearer and nearer != folded:
        near = read_deadline(nearer, calendar)
        rest = (say("plans.doubt.rest", text=shown, day=written(near.due)),) if near.due is not None else ()
        return msgspec.structs.replace(near, problems=near.problems or rest)
    recurring, ongoing = RECURRING.search(folded), ONGOING.search(folded)
    if recurring is not None and "6 thang" in recurring.group() and not recurring["half"]:
        recurring = None
    if recurring is not None or ongoing is not None:
        cadence: Cadence = (
            "recurring"
            if recurring is not None and (ongoing is None or recurring.start() < ongoing.start() or recurring["fixed"])
            else "ongoing"
        )
        return _repeated(folded, shown, cadence, recurring, calendar)
    try:
        found = _read(folded, shown, calendar, calendar.year)
    except Impossible as error:
        return Deadline(problems=(error.problem,))
    if found is None:
        return _searched(folded, shown, calendar)
    return _deadline(found, shown, calendar)


def _deadline(found: _Found, shown: str, calendar: Calendar, cadence: Cadence = "once", recurrence: Recurrence | None = None) -> Deadline:
    period = found.period
    due = calendar.close(period)
    problems = [*found.problems, *_far(period.last.year, calendar)]
    if period.vague:
        problems.append(say("plans.doubt.vague", text=shown, day=written(due)))
    if period.short_year:
        problems.append(say("plans.doubt.short_year", text=shown, year=period.last.year))
    if found.start is not None and found.start > due:
        return Deadline(cadence=cadence, recurrence=recurrence, problems=(say("plans.doubt.reversed_range", text=shown),))
    return Deadline(due=due, start=found.start, cadence=cadence, recurrence=recurrence, problems=tuple(problems))


def _far(year: int, calendar: Calendar) -> tuple[str, ...]:
    near = calendar.today.year - 20 <= year <= calendar.today.year + 30
    return () if near else (say("plans.doubt.far_year", year=year),)


def _end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _read(text: str, shown: str, calendar: Calendar, year: int | None) -> _Found | None:
    """A point, a range or a list of points; None if ``text`` is none of them. Raises `Impossible`."""
    before = False
    while (lead_in := _LEAD_IN.match(text)) is not None and lead_in.end() < len(text):
        before = before or lead_in["before"] is not None
        text = text[lead_in.end() :]
    single = point(text, year, shown)
    if single is not None:
        if before and single.span != "day" and not text.startswith(("cuoi", "het")):
            day = calendar.back(single.first - timedelta(days=1))
            problem = say("plans.doubt.before_period", text=shown, day=written(day))
            return _Found(Period("day", day, day), problems=(problem,))
        return _Found(single)
    if text.startswith("bat dau tu "):
        text = text.removeprefix("bat dau ")
    return _range(text, shown, year) or _started(text, shown, year) or _list(text, shown, calendar, year)


def _range(text: str, shown: str, year: int | None) -> _Found | None:
    body = re.sub(r"^(?:(?:trong\s+)?(?:giai doan|nhiem ky|thoi ky)\s*:?\s*|tu\s+)+", "", text)
    for split in _RANGE.finditer(body):
        left, right = body[: split.start()].strip(" ,"), body[split.end() :].strip(" ,")
        if not left or not right:
            continue
        kind = re.match(r"qu[yi]|thang|nam|ngay", left)
        right_word = right if kind is None or re.match(r"qu[yi]|thang|nam|ngay|cuoi|het|dau|giua", right) else f"{kind.group()} {right}"
        last = _quiet(right_word, year) or point(right, year, shown)
        if last is None:
            continue
        endings = ("", f"/{last.last.year}", f"/{last.last.month}/{last.last.year}")
        # "10-15/6/2026": a bare number before a day is a day of the same month.
        for ending in reversed(endings) if last.span == "day" and re.fullmatch(r"(?:ngay\s*)?\d\d?", left) else endings:
            first = _quiet(left + ending, None)
            if first is not None and (first.span == last.span or "day" in (first.span, last.span)):
                return _Found(msgspec.structs.replace(last, first=min(first.first, last.first)), start=first.first)
    return None


def _quiet(text: str, year: int | None) -> Period | None:
    """`point`, where one of several readings is tried and an impossible one is only not it."""
    try:
        return point(text, year)
    except Impossible:
        return None


def read_start(cell: Cell, text: str, calendar: Calendar) -> Deadline:
    """The start that a cell of its own names: a period begins on its first day, and the first of a month is what it is."""
    if cell.day is not None:
        return Deadline(start=cell.day.replace(day=1) if cell.month_shown else cell.day, problems=_far(cell.day.year, calendar))
    folded = _REMARK.sub("", fold(flat(clean(text)))).strip(" .;,:")
    try:
        period = point(re.sub(r"^(?:tu|bat dau)\s+", "", folded), calendar.year, text)
    except Impossible as error:
        return Deadline(problems=(error.problem,))
    if period is not None:
        return Deadline(start=period.first, problems=_far(period.first.year, calendar))
    found = read_deadline(text, calendar)
    return msgspec.structs.replace(found, start=found.start or found.due)


def _started(text: str, shown: str, year: int | None) -> _Found | None:
    if not text.startswith("tu ") or _quiet(text.removeprefix("tu ").removesuffix("tro di").strip(), year) is None:
        return None
    raise Impossible(say("plans.doubt.only_start", text=shown))


def _list(text: str, shown: str, calendar: Calendar, year: int | None) -> _Found | None:
    """ "Quý II, IV/2022", "2021, 2022", "30/6 và 31/12/2026": the last one counts, and unless they touch, that is doubted."""
    pieces = [piece for piece in _PARTS.split(text) if piece]
    if not 2 <= len(pieces) <= 12:
        return None
    kind = re.match(r"qu[yi]|thang|nam|ngay", pieces[0])
    word = f"{kind.group()} " if kind is not None else ""
    dateless = year is None and re.search(r"(?:19|20|21)\d\d", text) is None
    if dateless and all(_quiet(piece, 2024) or _quiet(word + piece, 2024) for piece in pieces):
        raise Impossible(say("plans.doubt.no_year", text=shown), lacks_year=True)
    periods: list[Period] = []
    for piece in reversed(pieces):
        known = str(periods[-1].last.year) if periods else ""
        # In "Quý 1, 2/2026" the last piece reads as a month of its own; the word before the list says otherwise.
        worded = word.startswith("qu") and re.fullmatch(r"(?:\d\d?|[ivx]+)\s*/\s*\d{4}", piece) is not None
        candidates = (*(() if worded else (piece,)), word + piece, f"{piece}/{known}", f"{word}{piece}/{known}")
        period = next((found for form in candidates if (found := _quiet(form, year)) is not None), None)
        if period is None:
            return None
        periods.append(period)
    periods.sort(key=lambda period: period.last)
    last, first = periods[-1], periods[0].first
    touching = all(a.last + timedelta(days=1) == b.first for a, b in pairwise(periods))
    problems = () if touching else (say("plans.doubt.several", text=shown, day=written(calendar.close(last))),)
    return _Found(last, start=first if touching else None, problems=problems)


def _searched(text: str, shown: str, calendar: Calendar) -> Deadline:
    """Points inside words that are not understood: a proposal that is always doubted."""
    periods: list[Period] = []
    for found in _INSIDE.finditer(text):
        try:
            period = point(found.group(), None, shown)
        except Impossible as error:
            return Deadline(problems=(error.problem,))
        if period is not None:
            periods.append(period)
    if not periods or re.search(r"\b(?:sau|ke tu|tuan)\b", text):
        return Deadline(problems=(say("plans.doubt.unreadable", text=shown),))
    last = max(periods, key=lambda period: period.last)
    due = calendar.close(last)
    closed = {calendar.close(period) for period in periods}
    if len(periods) > 1 and len(closed) == 1 and _OTHER_WORDS.search(_INSIDE.sub(" ", text)) is None:
        return Deadline(due=due, problems=_far(due.year, calendar))  # "Quý III/2026 (trước 30/9/2026)": both say the same day
    sentence = "plans.doubt.several" if len(closed) > 1 else "plans.doubt.rest"
    return Deadline(due=due, problems=(say(sentence, text=shown, day=written(due)), *_far(due.year, calendar)))


def _repeated(text: str, shown: str, cadence: Cadence, recurring: re.Match[str] | None, calendar: Calendar) -> Deadline:
    """A task that comes again or never ends; a day only if the rest of the words names its year."""
    rest = ONGOING.sub(" ", RECURRING.sub(" ", text))
    rest = " ".join(rest.split())
    while rest != (shorter := FILLER.sub("", rest)):
        rest = shorter
    recurrence = recurrence_of(rest, recurring) if cadence == "recurring" else None
    if not rest:
        return Deadline(cadence=cadence, recurrence=recurrence)
    try:
        found = _read(rest, shown, calendar, None)
        if found is not None:
            return _deadline(found, shown, calendar, cadence, recurrence)
    except Impossible as error:
        if not error.lacks_year:
            return Deadline(cadence=cadence, recurrence=recurrence, problems=(error.problem,))
        return Deadline(cadence=cadence, recurrence=recurrence)
    told = recurrence or (recurrence_of(rest, recurring) if recurring is not None else None)
    understood = told is not None and (told.months or told.day)
    if not re.search(r"\d", rest) or understood:
        return Deadline(cadence=cadence, recurrence=recurrence)
    searched = _searched(rest, shown, calendar)
    return msgspec.structs.replace(searched, cadence=cadence, recurrence=recurrence)
