"""How long papers take: one Mẫu số 01, those of a whole office in one file, and the same as workbooks."""

import asyncio
import time
from collections.abc import Callable

from server.kpi.papers import contexts, workbooks
from server.kpi.papers.shapes import SheetPaper
from server.printing.printer import Printer
from tests.bench.more import spread
from tests.kpi import paper_samples as samples

#: Everybody of the demo office.
OFFICE = 36


async def _printed(printer: Printer, papers: list[SheetPaper]) -> tuple[float, int]:
    pages = [page for paper in papers for page in contexts.sheet_papers(paper)]
    began = time.perf_counter()
    pdf = await printer.pdf(pages, contexts.sheet_title(papers))
    return time.perf_counter() - began, len(pdf)


async def printing() -> None:
    """PDF, from the call to the bytes."""
    printer = Printer()
    try:
        form = samples.sheet(annex=False)
        first, size = await _printed(printer, [form])
        print(f"  một Mẫu số 01 (PDF), the process starting   {first:.2f} s   {size // 1024} kB")
        again = [(await _printed(printer, [form]))[0] * 1000 for _ in range(5)]
        print(f"  một Mẫu số 01 (PDF)   {spread(again)}")
        took, size = await _printed(printer, [samples.sheet(lines=20)])
        print(f"  with the annex of 20 lines   {took:.2f} s   {size // 1024} kB")
        took, size = await _printed(printer, [form] * OFFICE)
        print(f"  {OFFICE} Mẫu số 01 in one PDF   {took:.1f} s   {size // 1024} kB")
    finally:
        printer.close()


def _timed(what: Callable[[], bytes]) -> list[float]:
    took = []
    for _ in range(5):
        began = time.perf_counter()
        what()
        took.append((time.perf_counter() - began) * 1000)
    return took


def main() -> None:
    """Print the figures."""
    print("\npapers")
    asyncio.run(printing())
    paper = samples.sheet(lines=20)
    print(f"  một Mẫu số 01 (Excel), 20 lines   {spread(_timed(lambda: workbooks.sheet_workbook(paper)))}")


if __name__ == "__main__":
    main()
