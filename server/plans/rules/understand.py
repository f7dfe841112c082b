"""Tables → the plan: every row understood, with its doubts."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

import msgspec

from server.errors import Refusal
from server.plans.rules.agencies import Agencies, shown
from server.plans.rules.deadlines import Calendar, read_cell, read_deadline, read_start, written
from server.plans.rules.drafts import Draft, draft
from server.plans.rules.duplicates import row_key, title_key
from server.plans.rules.heading import read_heading
from server.plans.rules.lines import Gathered, described, gather
from server.plans.rules.text import clean, flat, fold
from server.plans.shapes import (
    DEFAULT_LIMITS,
    Agency,
    Column,
    Deadline,
    Doubt,
    Group,
    IsWorkingDay,
    Limits,
    Plan,
    Progress,
    Row,
    Table,
    Unit,
)
from server.words import say

_FILE = "plans.at.file"
_OF_A_YEAR = re.compile(
    r"(?:(?:cac )?(?:nhiem vu|noi dung|cong viec|ke hoach)(?: (?:trong tam|thuc hien|hoan thanh|cong tac))* )?(?:trong )?"
    r"(?:nam |qu[yi] (?:[ivx]+|[1-4]) ?(?:/ ?|nam )|thang \d{1,2} ?(?:/ ?|nam ))(20\d\d)"
)


def understand(
    tables: Sequence[Table],
    units: Sequence[Unit],
    is_working_day: IsWorkingDay,
    today: date,
    on_progress: Progress | None = None,
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> Plan:
    """The plan that ``tables`` hold. Raises `Refusal` when there is no table, no plan's header, no row, or too many rows."""
    name = name or say(_FILE)
    if not tables:
        raise Refusal("invalid", "plans.no_table", name=name)
    found = gather(tables)
    if not found.headers:
        if found.empty_header is not None:
            raise Refusal("invalid", "plans.empty_header", name=name, where=found.empty_header[0], known=found.empty_header[1])
        raise Refusal("invalid", "plans.no_header", name=name, count=len(tables), where=described(tables))
    drafts = draft(found.entries)
    count = sum(not row.group for row in drafts)
    if count > limits.rows:
        raise Refusal("invalid", "plans.too_many_rows", name=name, count=count, limit=limits.rows)
    if count == 0:
        raise Refusal("invalid", "plans.no_rows", name=name, where=found.places[0])
    heading = read_heading(tables)
    return _Reader(found, drafts, Agencies(units), Calendar(is_working_day, heading.year, today)).plan(tables, on_progress)


class _Reader:
    """Reads the drafts one after the other; each knows the rows above it."""

    def __init__(self, found: Gathered, drafts: list[Draft], agencies: Agencies, calendar: Calendar) -> None:
        self.found, self.drafts, self.agencies, self.calendar = found, drafts, agencies, calendar
        self.rows: list[Row] = []
        self.numbers: dict[int, int] = {}
        self.deadlines: dict[tuple[str, int | None], Deadline] = {}
        self.lists: dict[str, list[Agency]] = {}

    def plan(self, tables: Sequence[Table], on_progress: Progress | None) -> Plan:
        groups: list[Group] = []
        for place, row in enumerate(self.drafts):
            if row.group:
                groups.append(Group(row.number.text, row.title, self._path(row, groups_only=False)))
            else:
                self.rows.append(self._row(place, row))
                self.numbers[place] = len(self.rows)
            if on_progress is not None and (place % 50 == 49 or place + 1 == len(self.drafts)):
                on_progress(place + 1, len(self.drafts))
        self._keys()
        header = self.found.headers[0]
        fields = {column: field for field, columns in header.fields.items() for column in columns}
        columns = [Column(name, fields.get(at)) for at, name in enumerate(header.names)]
        return Plan(rows=self.rows, groups=groups, columns=columns, heading=read_heading(tables), warnings=self._warnings())

    def _above(self, row: Draft) -> list[Draft]:
        """The rows above ``row`` in the tree, the nearest first."""
        above: list[Draft] = []
        parent = row.parent
        while parent is not None:
            above.append(self.drafts[parent])
            parent = self.drafts[parent].parent
        return above

    def _path(self, row: Draft, *, groups_only: bool) -> list[str]:
        return [above.title for above in reversed(self._above(row)) if above.group or not groups_only]

    def _row(self, place: int, row: Draft) -> Row:
        doubts: list[Doubt] = []
        lead, lead_cell = self._inherited(row, "lead", doubts)
        person = flat(row.text("person"))
        if not lead and person:
            lead, person = person, ""
        partners = row.text("partners")
        if not partners and ":" in lead:
            lead, partners = _led(lead)
        deadline, due_text = self._deadline(row, doubts)
        title = re.sub(r"^[-–+•*]\s+", "", row.title)
        if row.header.guessed_title:
            doubts.append(self._doubt(row, "title", say("plans.doubt.title_guessed"), title))
        if not title:
            doubts.append(self._doubt(row, "title", say("plans.doubt.no_title"), ""))
        has_lead = "lead" in row.header.fields
        if has_lead and not lead:
            doubts.append(self._doubt(row, "lead", say("plans.doubt.no_lead"), lead_cell))
        leads, helpers = self._agencies(lead), self._agencies(partners)
        for field, agencies in (("lead", leads), ("partners", helpers)):
            doubts.extend(
                self._doubt(row, field, say("plans.doubt.unit_near", text=agency.text, name=agency.name), agency.text)
                for agency in agencies
                if agency.near
            )
        doubts.extend(self._unnamed(row))
        path = self._path(row, groups_only=True)
        group_column = flat(row.text("group"))
        if group_column:
            path = [*path, group_column]
        parent = row.parent if row.parent is not None and not self.drafts[row.parent].group else None
        return Row(
            row=len(self.rows) + 1,
            where=row.where,
            number=row.number.text,
            title=title,
            group=path[-1] if path else None,
            group_path=[*self._path(row, groups_only=False), *([group_column] if group_column else [])],
            parent=self.numbers.get(parent) if parent is not None else None,
            leads=leads,
            partners=helpers,
            lead_text=shown(lead),
            partners_text=shown(partners),
            person=person,
            room=_answering(leads, helpers),
            product=flat(row.text("product")),
            due=deadline.due,
            start=deadline.start,
            cadence=deadline.cadence,
            recurrence=deadline.recurrence,
            due_text=due_text,
            note=_note(row),
            doubts=doubts,
            originals=_originals(row),
        )

    def _unnamed(self, row: Draft) -> list[Doubt]:
        """What stands in columns whose name the header leaves empty: it is kept, but nobody knows what it is."""
        found: list[Doubt] = []
        for column, name in enumerate(row.header.names):
            text = flat(clean(row.cells[column].text)) if not name and not row.cells[column].left else ""
            if text:
                what = say("plans.doubt.unnamed_column", number=column + 1, text=_short(text))
                found.append(Doubt("note", say("plans.doubt.row_place", where=_capital(row.where), what=what), text))
        return found

    def _inherited(self, row: Draft, field: str, doubts: list[Doubt]) -> tuple[str, str]:
        """The words of a field; if empty those of the nearest row above, which is doubted."""
        text = row.text(field)
        if text or field not in row.header.fields:
            return text, text
        above = next((above for above in self._above(row) if above.text(field)), None)
        if above is None:
            return "", ""
        doubts.append(self._doubt(row, field, say("plans.doubt.inherited", above=_short(above.title)), ""))
        return above.text(field), ""

    def _deadline(self, row: Draft, doubts: list[Doubt]) -> tuple[Deadline, str]:
        cell = row.cell("due")
        text = flat(row.text("due"))
        if not text and cell.day is None and "due" in row.header.fields:
            inherited, _ = self._inherited(row, "due", doubts)
            text = flat(inherited)
            if not text:
                doubts.append(self._doubt(row, "due", say("plans.doubt.no_due"), ""))
        if cell.day is not None:
            deadline = read_cell(cell, self.calendar)
        else:
            calendar = self._calendar(row)
            key = (text, calendar.year)
            if key not in self.deadlines:
                self.deadlines[key] = read_deadline(text, calendar)
            deadline = self.deadlines[key]
        doubts.extend(self._doubt(row, "due", problem, text) for problem in deadline.problems)
        others = {flat(clean(row.cells[column].text)) for column in row.header.fields.get("due", ())} - {"", text}
        if others and not deadline.problems and deadline.due is not None:
            whole = "; ".join([text, *sorted(others)])
            doubts.append(self._doubt(row, "due", say("plans.doubt.first_of", text=whole, day=written(deadline.due)), whole))
        return self._started(row, deadline, doubts), text

    def _calendar(self, row: Draft) -> Calendar:
        """The calendar of the year that a group above the row is for ("Năm 2026", "Quý I/2026"); else that of the plan."""
        for above in self._above(row):
            if above.group and (found := _OF_A_YEAR.fullmatch(fold(above.title))) is not None:
                return msgspec.structs.replace(self.calendar, year=int(found[1]))
        return self.calendar

    def _started(self, row: Draft, deadline: Deadline, doubts: list[Doubt]) -> Deadline:
        cell, text = row.cell("start"), flat(row.text("start"))
        if not text and cell.day is None:
            return deadline
        begun = read_start(cell, text, self.calendar)
        doubts.extend(self._doubt(row, "start", problem, text) for problem in begun.problems)
        start = begun.start
        if start is not None and deadline.due is not None and start > deadline.due:
            whole = f"{text} - {flat(row.text('due'))}"
            doubts.append(self._doubt(row, "start", say("plans.doubt.reversed_range", text=whole), text))
            start = None
        return msgspec.structs.replace(deadline, start=start or deadline.start)

    def _doubt(self, row: Draft, field: str, what: str, original: str) -> Doubt:
        column = row.header.first(field)
        if column is None:
            return Doubt(field, say("plans.doubt.row_place", where=_capital(row.where), what=what), original)
        return Doubt(field, say("plans.doubt.place", where=_capital(row.where), column=row.header.names[column], what=what), original)

    def _agencies(self, text: str) -> list[Agency]:
        known = self.lists.get(text)
        if known is None:
            known = self.lists[text] = self.agencies.read(text)
        return known

    def _keys(self) -> None:
        """Give each row its key; a row whose words occurred before is doubted."""
        seen: Counter[str] = Counter()
        first: dict[tuple[str, ...], int] = {}
        for row, source in zip(self.rows, (row for row in self.drafts if not row.group), strict=True):
            plain = row_key(row)
            row.key = row_key(row, seen[plain])
            seen[plain] += 1
            place = (*row.group_path, title_key(row.title))
            earlier = first.setdefault(place, row.row)
            if earlier != row.row and row.title and seen[plain] > 1:
                row.doubts.append(self._doubt(source, "title", say("plans.doubt.same_row", row=earlier), row.title))

    def _warnings(self) -> list[str]:
        found = list(self.found.warnings)
        header = self.found.headers[0]
        if header.guessed_title:
            guessed = header.names[header.fields["title"][0]]
            found.append(say("plans.warning.title_guessed", where=_capital(self.found.places[0]), header=guessed))
        if "due" not in header.fields:
            found.append(say("plans.warning.no_due"))
        if "lead" not in header.fields:
            found.append(say("plans.warning.no_lead"))
        last: dict[int | None, int] = {}
        for row in self.drafts:
            number = row.number.last if row.number.style == "arabic" else None
            if number is None:
                continue
            before = last.get(row.parent, 0)
            if number > before + 1 and before:
                found.append(say("plans.warning.gap", where=_capital(row.where), before=before, after=number))
            last[row.parent] = number
        return found


def _answering(leads: Sequence[Agency], partners: Sequence[Agency]) -> str | None:
    """The unit of this office that answers: a room that leads, else the office that leads, else a room that helps."""
    for agencies, kind in ((leads, "room"), (leads, "office"), (partners, "room"), (partners, "office")):
        unit = next((agency.unit for agency in agencies if agency.kind == kind), None)
        if unit is not None:
            return unit
    return None


def _led(text: str) -> tuple[str, str]:
    """ "Chủ trì: A; phối hợp: B" in one cell."""
    at = fold(text).find("phoi hop:")
    if at < 0:
        return text, ""
    plain = flat(text)
    lead, partners = plain[:at], plain[at:].split(":", 1)[-1]
    if fold(lead).startswith("chu tri:"):
        lead = lead.split(":", 1)[1]
    return lead.strip(" ;,.\n-"), partners.strip()


def _note(row: Draft) -> str:
    """The notes, and what stands in further columns of a field that was already taken ("Mục tiêu" beside "Sản phẩm")."""
    parts = [flat(row.text("note"))]
    for field in ("title", "product", "due", "lead"):
        for column in row.header.fields.get(field, ()):
            if column == (row.header.first(field) if field == "title" else row.column(field)):
                continue
            text = flat(clean(row.cells[column].text))
            if text:
                parts.append(f"{row.header.names[column]}: {text}")
    return "; ".join(part for part in parts if part)


def _originals(row: Draft) -> dict[str, str]:
    originals: dict[str, str] = {}
    title_at = row.header.first("title")
    for column, cell in enumerate(row.cells):
        name = row.header.names[column] or f"#{column + 1}"
        text = row.title if column == title_at and not cell.text else cell.text.strip()
        if text:
            originals[name] = f"{originals[name]}\n{text}" if name in originals else text
    return originals


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
