"""The papers as workbooks: the same values as on paper, to reckon with."""

from collections.abc import Iterable

from openpyxl import Workbook

from server.kpi.papers import texts
from server.kpi.papers.book import Column, Kind, Value, for_paper, lines, new_sheet, put, saved, table, widths
from server.kpi.papers.shapes import Agency, Annex, Person, Publication, RoomPaper, SheetPaper, YearList, YearPaper
from server.kpi.rules import general
from server.words import say


def sheet_workbook(paper: SheetPaper) -> bytes:
    """Mẫu số 01, and on a second sheet its lines with the columns of the handbook's tables."""
    book = Workbook()
    sheet = new_sheet(book, say("kpi.paper.book.form"))
    columns = [_column("rank", 6), _column("criterion", 60), *(_column(name, 14, "points") for name in ("most", "own", "confirmed"))]
    widths(sheet, columns)
    confirmed = paper.annex.general if paper.annex and paper.general is not None else {}
    rows: list[list[Value]] = []
    strong = []
    for numeral, (group, criteria) in zip(("I", "II", "III"), general.GROUPS, strict=True):
        names = [name for name, _ in criteria]
        strong.append(len(rows))
        rows.append([numeral, say(f"kpi.paper.group.{group}"), *(_sum(one, names) for one in (general.MOST, paper.self_points, confirmed))])
        for place, name in enumerate(names, 1):
            points = (_points(one.get(name)) for one in (general.MOST, paper.self_points, confirmed))
            rows.append([str(place), say(f"kpi.paper.criterion.{name}"), *points])
    strong.append(len(rows))
    whole = list(general.MOST)
    rows.append([None, say("kpi.paper.book.sum"), *(_sum(one, whole) for one in (general.MOST, paper.self_points, confirmed))])
    first = lines(sheet, _top(paper.agency, say("kpi.paper.book.sheet_title"), texts.when(paper.when) if paper.when else ""), len(columns))
    first = lines(sheet, _who(paper.person), len(columns), first) + 1
    after = table(sheet, columns, rows, first, strong) + 1
    for name, amount in (("general_sum", paper.general), ("tasks_sum", paper.tasks), ("total_sum", paper.total)):
        put(sheet, after, 2, say(f"kpi.paper.book.{name}"))
        put(sheet, after, 3, _points(amount), "points", bold=True)
        after += 1
    remarks = (("strengths", paper.strengths), ("weaknesses", paper.weaknesses), ("comment", paper.comment))
    lines(sheet, [(f"{say(f'kpi.paper.book.{name}')}: {text}", False) for name, text in remarks], len(columns), after)
    for_paper(sheet, first, landscape=False)
    if paper.annex is not None:
        _detail(book, paper, paper.annex)
    return saved(book)


def _detail(book: Workbook, paper: SheetPaper, annex: Annex) -> None:
    sheet = new_sheet(book, say("kpi.paper.book.detail"))
    columns = [
        _column("rank", 6, "whole"),
        _column("task", 46),
        _column("due", 12, "day"),
        _column("product", 18),
        _column("k", 9, "points"),
        _column("assigned", 10, "points"),
        _column("given", 11, "amount"),
        _column("accepted", 11, "points"),
        _column("done", 12, "amount"),
        _column("done_on", 12, "day"),
        _column("late", 9, "whole"),
        _column("on_time", 11, "amount"),
        _column("failed", 9, "whole"),
        _column("sound", 11, "amount"),
        _column("kind", 22),
    ]
    widths(sheet, columns)
    rows: list[list[Value]] = [
        [
            place,
            line.task,
            line.due,
            line.product,
            _points(line.k),
            _points(line.assigned),
            line.given / 10**6,
            _points(line.accepted),
            line.done / 10**6,
            line.done_on,
            0 if line.late_excused else line.late,
            line.on_time / 10**8,
            0 if line.failed_excused else line.failed,
            line.sound / 10**8,
            "" if line.kind == "planned" else say(f"kpi.paper.kind.{line.kind}"),
        ]
        for place, line in enumerate(annex.lines, 1)
    ]
    none: list[Value] = [None]
    sums: list[Value] = [annex.given / 10**6, None, annex.amount / 10**6, None, None, annex.progress / 10**8, None, annex.quality / 10**8]
    rows.append([None, say("kpi.paper.book.sum"), *none * 4, *sums, None])
    first = lines(sheet, _top(paper.agency, say("kpi.paper.book.detail_title"), texts.when(paper.when) if paper.when else ""), len(columns))
    first = lines(sheet, _who(paper.person), len(columns), first) + 1
    after = table(sheet, columns, rows, first, [len(rows) - 1]) + 1
    for one in annex.ratios:
        put(sheet, after, 2, say(f"kpi.paper.ratio.{one.letter}"))
        put(sheet, after, 3, one.percent / 1000, "percent", bold=True)
        after += 1
    for_paper(sheet, first, landscape=True)


def year_workbook(paper: YearPaper) -> bytes:
    """Mẫu số 02."""
    book = Workbook()
    sheet = new_sheet(book, say("kpi.paper.book.year_form"))
    columns = [_column("month", 34, "whole"), _column("month_total", 24, "points"), _column("note", 44)]
    widths(sheet, columns)
    known = {one.number: one for one in paper.months}
    rows: list[list[Value]] = [
        [number, _points(known[number].total), known[number].note] if number in known else [number, None, None] for number in range(1, 13)
    ]
    rows.append([say("kpi.paper.book.mean"), _points(paper.mean), paper.mean_note])
    first = lines(sheet, _top(paper.agency, say("kpi.paper.book.year_form_title"), _year(paper.year)), len(columns))
    first = lines(sheet, _who(paper.person), len(columns), first) + 1
    after = table(sheet, columns, rows, first, [12]) + 1
    said = (("self_band", texts.band(paper.self_band)), ("decided_band", texts.band(paper.band)), ("proposal", paper.proposal))
    lines(sheet, [(f"{say(f'kpi.paper.book.{name}')}: {text}", False) for name, text in said], len(columns), after)
    for_paper(sheet, first, landscape=False)
    return saved(book)


def room_workbook(paper: RoomPaper) -> bytes:
    """A room's period: a, b, c, points, totals, what is missing."""
    columns = [
        _column("rank", 6, "whole"),
        _column("name", 28),
        _column("title", 20),
        _column("a", 11, "percent"),
        _column("b", 11, "percent"),
        _column("c", 11, "percent"),
        _column("tasks", 12, "points"),
        _column("general", 12, "points"),
        _column("total", 11, "points"),
        _column("level", 22),
        _column("state", 16),
        _column("missing", 28),
    ]
    rows: list[list[Value]] = [
        [
            place,
            one.person.name,
            one.person.title,
            *(None if ratio is None else ratio / 1000 for ratio in (one.a, one.b, one.c)),
            *(_points(amount) for amount in (one.tasks, one.general, one.total)),
            texts.band(one.band),
            one.state,
            one.missing,
        ]
        for place, one in enumerate(paper.rows, 1)
    ]
    top = [*_top(paper.agency, say("kpi.paper.book.room_title"), texts.when(paper.when)), (paper.unit, True)]
    return _listing(say("kpi.paper.book.room"), top, columns, rows, landscape=True)


def years_workbook(paper: YearList) -> bytes:
    """The year of many people: twelve totals, the mean, both ratings."""
    columns = [
        _column("rank", 6, "whole"),
        _column("name", 28),
        _column("title", 18),
        _column("unit", 26),
        *(Column(say("kpi.paper.column.short_month", number=number), 7, "points") for number in range(1, 13)),
        _column("mean", 11, "points"),
        _column("self_band", 20),
        _column("band", 20),
        _column("note", 26),
    ]
    rows: list[list[Value]] = [
        [
            place,
            one.person.name,
            one.person.title,
            one.person.unit,
            *(_points(total) for total in (*one.months, *[None] * 12)[:12]),
            _points(one.mean),
            texts.band(one.self_band),
            texts.band(one.band),
            one.note,
        ]
        for place, one in enumerate(paper.rows, 1)
    ]
    top = _top(paper.agency, say("kpi.paper.book.years_title"), _year(paper.year))
    return _listing(say("kpi.paper.book.years"), top, columns, rows, landscape=True)


def publication_workbook(paper: Publication) -> bytes:
    """The list that is published: never points."""
    columns = [
        _column("rank", 6, "whole"),
        _column("name", 30),
        _column("title", 24),
        _column("unit", 34),
        _column("band", 30),
        _column("note", 18),
    ]
    rows: list[list[Value]] = [
        [place, one.person.name, one.person.title, one.person.unit, texts.band(one.band) or say("kpi.paper.not_rated"), one.note]
        for place, one in enumerate(paper.rows, 1)
    ]
    top = _top(paper.agency, say("kpi.paper.book.list_title"), texts.when(paper.when))
    return _listing(say("kpi.paper.book.list"), top, columns, rows, landscape=True)


def _listing(name: str, top: list[tuple[str, bool]], columns: list[Column], rows: list[list[Value]], *, landscape: bool) -> bytes:
    book = Workbook()
    sheet = new_sheet(book, name)
    widths(sheet, columns)
    first = lines(sheet, top, len(columns)) + 1
    table(sheet, columns, rows, first)
    for_paper(sheet, first, landscape=landscape)
    return saved(book)


def _column(name: str, width: float, kind: Kind = "text") -> Column:
    return Column(say(f"kpi.paper.column.{name}"), width, kind)


def _top(agency: Agency, title: str, period: str) -> list[tuple[str, bool]]:
    said = [(agency.parent, False), (agency.name, False), (title, True), (period, True)]
    return [one for one in said if one[0]]


def _who(person: Person) -> list[tuple[str, bool]]:
    return [(f"{say(f'kpi.paper.column.{name}')}: {getattr(person, name)}", False) for name in ("name", "title", "unit")]


def _year(year: int | None) -> str:
    return "" if year is None else say("kpi.paper.when.year", year=year)


def _points(value: int | None) -> float | None:
    return None if value is None else value / 1000


def _sum(points: dict[str, int], names: Iterable[str]) -> float | None:
    known = [points.get(name) for name in names]
    return None if None in known else sum(one for one in known if one is not None) / 1000
