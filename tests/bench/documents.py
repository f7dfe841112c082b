"""How long documents of reports take: a month of an office of 36 people, the same again, and a province whose lists are cut."""

import asyncio
import time
from datetime import date, timedelta

import msgspec

from server.printing.printer import Printer
from server.reports.document import pdf_of
from server.reports.document.shapes import Head
from server.reports.shape import Report, Row, Section
from tests.reports.sample import sample_report

#: Everybody of the demo office; a province with its units and people, and the tasks of its plans.
OFFICE, UNITS, PEOPLE, TASKS = 36, 100, 3000, 2000
HEAD = Head(agency="Trung tâm Phục vụ hành chính công", symbol="TTPVHCC", place="Bắc Ninh")


def province() -> Report:
    """A year of a hundred units."""
    report = sample_report(PEOPLE)
    return msgspec.structs.replace(report, sections=[_large(one) for one in report.sections])


def _large(section: Section) -> Section:
    rows = section.table.rows
    first = date(2026, 1, 1)
    if section.key in ("units", "flow", "load"):
        rows = [msgspec.structs.replace(rows[0], label=f"Ủy ban nhân dân xã số {place}") for place in range(UNITS)]
    elif section.key == "plans":
        rows = [rows[0], *[rows[2]] * TASKS]
    elif section.key == "calendar":
        rows = [Row(f"{first + timedelta(days=place)}", "", [place % 50]) for place in range(365)]
    return msgspec.structs.replace(section, table=msgspec.structs.replace(section.table, rows=rows))


async def printing() -> None:
    """PDF, from the report to the bytes."""
    printer = Printer()
    try:
        for name, report in (
            (f"{OFFICE} people, the process starting", sample_report(OFFICE)),
            (f"{OFFICE} people, again", sample_report(OFFICE)),
            (f"{UNITS} units and {PEOPLE} people, lists cut", province()),
        ):
            began = time.perf_counter()
            pdf = await pdf_of(report, None, HEAD, printer)
            print(f"  {name}   {time.perf_counter() - began:.2f} s   {len(pdf) // 1024} kB")
    finally:
        printer.close()


def main() -> None:
    """Print the figures."""
    print("\ndocuments of reports")
    asyncio.run(printing())


if __name__ == "__main__":
    main()
