"""The printer: a process beside the server that may fail, be slow or be killed, and is there for the next paper."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.errors import Refusal
from server.kpi.papers import contexts
from server.kpi.papers.shapes import SheetPaper
from server.printing.printer import Printer
from server.printing.wire import Job, Paper

BLANK = contexts.sheet_papers(SheetPaper())


@pytest.fixture
def printer() -> Iterator[Printer]:
    made = Printer()
    yield made
    made.close()


def process_of(printer: Printer) -> int:
    assert printer._process is not None
    return printer._process.pid


def test_a_paper_becomes_a_pdf_and_the_same_paper_the_same_bytes(printer):
    first = asyncio.run(printer.pdf(BLANK, "Mẫu"))
    assert first.startswith(b"%PDF-")
    assert asyncio.run(printer.pdf(BLANK, "Mẫu")) == first


def test_a_paper_that_cannot_be_laid_out_is_refused_and_the_process_goes_on(printer, capfd):
    asyncio.run(printer.pdf(BLANK, "Mẫu"))
    before = process_of(printer)
    with pytest.raises(Refusal) as refused:
        asyncio.run(printer.pdf([Paper(template="sheet.html", context={})], "Mẫu"))
    assert (refused.value.code, refused.value.key) == ("invalid", "printing.failed")
    assert "is undefined" in capfd.readouterr().err, "the operator reads why"
    assert asyncio.run(printer.pdf(BLANK, "Mẫu")).startswith(b"%PDF-")
    assert process_of(printer) == before


def test_a_paper_that_takes_too_long_is_stopped():
    hasty = Printer(patience=0.05, each=0)
    with pytest.raises(Refusal) as refused:
        asyncio.run(hasty.pdf(BLANK, "Mẫu"))
    assert refused.value.key == "printing.took_too_long"
    assert hasty._process is None


def test_a_process_that_dies_is_a_refusal_and_the_next_paper_has_a_new_one(printer):
    async def scenario() -> None:
        printing = asyncio.create_task(printer.pdf(BLANK, "Mẫu"))
        while printer._process is None:
            await asyncio.sleep(0.001)
        printer._process.kill()
        with pytest.raises(Refusal) as refused:
            await printing
        assert refused.value.key == "printing.ended"
        assert (await printer.pdf(BLANK, "Mẫu")).startswith(b"%PDF-")

    asyncio.run(scenario())


def test_the_end_of_the_server_ends_a_paper_that_is_being_printed(printer):
    async def scenario() -> None:
        printing = asyncio.create_task(printer.pdf(BLANK * 20, "Mẫu"))
        while printer._process is None:
            await asyncio.sleep(0.001)
        process = printer._process
        printer.close()
        with pytest.raises(Refusal):
            await printing
        assert process.poll() is not None

    asyncio.run(scenario())


def test_who_comes_when_too_many_wait_is_told_so():
    narrow = Printer(queue=1)

    async def scenario() -> tuple[bytes | BaseException, bytes | BaseException]:
        return await asyncio.gather(narrow.pdf(BLANK, "1"), narrow.pdf(BLANK, "2"), return_exceptions=True)

    first, second = asyncio.run(scenario())
    narrow.close()
    assert isinstance(first, bytes)
    assert isinstance(second, Refusal) and (second.code, second.key) == ("conflict", "printing.busy")


def test_the_server_goes_on_while_a_paper_is_printed(printer):
    async def scenario() -> int:
        turns = 0
        printing = asyncio.create_task(printer.pdf(BLANK, "Mẫu"))
        while not printing.done():
            await asyncio.sleep(0)
            turns += 1
        await printing
        return turns

    assert asyncio.run(scenario()) > 100


def test_the_process_gets_no_setting_of_the_server(printer, monkeypatch):
    monkeypatch.setenv("SOVIEC_SECRET_KEY", "known-to-the-server-only")
    asyncio.run(printer.pdf(BLANK, "Mẫu"))
    assert b"SOVIEC" not in Path(f"/proc/{process_of(printer)}/environ").read_bytes()


def test_an_unused_process_is_let_go():
    impatient = Printer(idle=0.05)
    asyncio.run(impatient.pdf(BLANK, "Mẫu"))
    for _ in range(1000):
        if impatient._process is None:
            break
        asyncio.run(asyncio.sleep(0.01))
    assert impatient._process is None
    assert asyncio.run(impatient.pdf(BLANK, "Mẫu")).startswith(b"%PDF-")
    impatient.close()


def test_nothing_is_fetched_whatever_a_template_asks_for(tmp_path):
    from server.printing import worker

    secret = tmp_path / "secret.css"
    secret.write_text("body { color: red }")
    with pytest.raises(ValueError, match="disallowed"):
        worker.NOTHING.fetch(secret.as_uri())


def test_another_type_never_takes_the_place_of_times_in_silence(monkeypatch):
    from weasyprint import CSS

    from server.printing import worker

    monkeypatch.setattr(worker, "styles", lambda: [CSS(string="html { font-family: 'A type that nobody has', 'DejaVu Sans' }")])
    worker._type_is_there.cache_clear()
    try:
        with pytest.raises(worker.NoType):
            worker.pdf_of(Job(title="Mẫu", papers=BLANK))
    finally:
        worker._type_is_there.cache_clear()


def test_a_large_parent_does_not_count_as_the_processes_own_memory(printer):
    held = bytearray(500 * 1024**2)
    held[::4096] = b"1" * len(held[::4096])
    asyncio.run(printer.pdf(BLANK, "Mẫu"))
    assert process_of(printer)
