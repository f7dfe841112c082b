"""The content of a file: the report and its tasks, read and written where it is made."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Final

from server.errors import Refusal
from server.ledger.grains import Period
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.reports.build import report_of
from server.reports.filed import papers
from server.reports.filed.make import made
from server.reports.filed.queries import Filed, filed
from server.reports.filed.queries import Line as FiledLine
from server.reports.filed.rules import code_of
from server.reports.making.wire import Order
from server.reports.shape import Report
from server.reports.words import as_of, period_label
from server.reports.workbook import queries, workbook
from server.reports.workbook.long import MOST_ROWS, write_list
from server.reports.workbook.tasks import MOST, Line
from server.storage.ids import LOCAL
from server.words import say

Told = Callable[[int, int], None]
#: Parts of a list that are read before the writer wants them.
AHEAD: Final = 3


def write(order: Order, run: asyncio.Runner, told: Told) -> None:
    """Write the workbook or the list to the order's path, whole and on disk. Blocks for seconds; the database is open in ``run``'s loop."""
    if order.what == "listing":
        _write_list(order, run, told)
    else:
        Path(order.path).write_bytes(run.run(_workbook(order, told)))
    with Path(order.path).open("rb") as file:
        os.fsync(file.fileno())


async def _workbook(order: Order, told: Told) -> bytes:
    period, known, today = Period.read(order.period), await read_directory(), order.now.astimezone(LOCAL).date()
    report = await report_of(order.unit, period, order.now)
    found = await queries.find(order.unit, period, order.person, known, today)
    if len(found.standings) > MOST:
        return workbook(report, told=told, remark=say("workbook.tasks_long", count=len(found.standings)))
    lines = [line async for part in queries.lines(found, period, known, today) for line in part]
    return workbook(report, lines, told, remark=_hidden(found))


def _write_list(order: Order, run: asyncio.Runner, told: Told) -> None:
    period, today = Period.read(order.period), order.now.astimezone(LOCAL).date()
    known = run.run(read_directory())
    found = run.run(queries.find(order.unit, period, order.person, known, today))
    whole = len(found.standings)
    if whole > MOST_ROWS:
        raise Refusal("invalid", "making.too_long", count=whole, most=MOST_ROWS)
    unit = known.units[order.unit].name
    write_list(
        Path(order.path),
        say("making.list_title", period=period_label(period)),
        f"{unit}. {as_of(_as_of(order, period, unit))}",
        _hidden(found) if whole else say("workbook.no_tasks"),
        _lines(run, found, period, known, order),
        lambda done: told(done, whole),
        unit=unit,
    )


def _lines(run: asyncio.Runner, found: queries.Found, period: Period, known: Directory, order: Order) -> Iterator[Line]:
    """One after the other; the next parts are read while the writer is at work, and no more of them than it can take."""
    parts = queries.lines(found, period, known, order.now.astimezone(LOCAL).date())
    ahead: Queue[list[Line] | BaseException | None] = Queue(AHEAD)

    async def following() -> list[Line] | None:
        return await anext(parts, None)

    def read() -> None:
        try:
            while (part := run.run(following())) is not None:
                ahead.put(part)
            ahead.put(None)
        except BaseException as problem:
            ahead.put(problem)

    Thread(target=read, daemon=True).start()
    while (part := ahead.get()) is not None:
        if isinstance(part, BaseException):
            raise part
        yield from part


def _as_of(order: Order, period: Period, unit: str) -> Report:
    """A report without figures, for the words on until when they are."""
    running = period.last >= order.now.astimezone(LOCAL).date()
    return Report(0, period.code, "", period.start, period.last, order.now, running, order.unit, unit, [], [])


def _hidden(found: queries.Found) -> str:
    return say("workbook.tasks_hidden", count=found.hidden) if found.hidden else ""


async def paper(order: Order, data: Path, place: str) -> bytes:
    """What the server itself has made: the files of a fixed report, which are made once and kept, and the PDF of any other.

    Raises Refusal where there is no such fixed report, or where it can't be printed now.
    """
    if order.filed is not None:
        found = await filed(order.filed)
        if found is None or found.line.state != "fixed":
            raise Refusal("not_found", "making.no_fixed")
        return await papers.kept(found, "xlsx" if order.what == "xlsx" else "pdf", papers.store_of(data), place, order.now)
    period = Period.read(order.period)
    # Whoever writes for the unit reads it on the page of its draft; here anybody asks (docs/reports.md, Rights).
    report, writing = await made(order.unit, period, order.now, reader=order.person)
    known = await read_directory()
    return await papers.made(Filed(line=_draft(order, period, known), report=report, writing=writing, stored=("", "")), "pdf", place)


def _draft(order: Order, period: Period, known: Directory) -> FiledLine:
    """Of a report that nobody has filed: it has no number, and says that it is a draft."""
    return FiledLine(
        id="", unit=order.unit, grain=period.grain, start=period.start, state="draft", version=1, made_by=order.person, made_at=order.now,
        changed_by=None, changed_at=order.now, fixed_by=None, fixed_behalf=None, fixed_at=None, number=None, number_year=None,
        code=code_of(known.units[order.unit].short, known.units[order.unit].name), replaces=None, sha256="", pdf="", xlsx="",
    )  # fmt: skip
