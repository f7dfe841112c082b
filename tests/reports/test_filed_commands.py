"""Commands on filed reports, on both engines: one draft, no lost text, one who fixes, no gaps, and nothing that moves afterwards."""

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest

from server.audit.queries import broken_at
from server.errors import Refusal
from server.people.commands import EditPerson, EditUnit
from server.reports.filed.commands import DropReport, FileReport, KeepFile, RenewReport, WriteReport
from server.reports.filed.rules import seal
from server.reports.shape import Part, Writing, encoded
from server.storage.door import Command, carry_out
from server.storage.engine import row, rows
from server.storage.ids import new_id
from server.storage.transaction import Source
from sync.allowed import PUSHED
from tests.office import CAST, NOW
from tests.reports.filing import OCTOBER, TEXT, draft, fixed, found, report_on

pytestmark = pytest.mark.anyio
OTHER = Writing([Part("results", "Kết quả", ["Viết lại."])])


async def refused(command: Command, actor: str | None, source: Source = "page") -> Refusal:
    """The refusal, which changes nothing."""
    before = await contents()
    with pytest.raises(Refusal) as caught:
        await carry_out(command, actor=actor, now=NOW, source=source)
    assert await contents() == before
    return caught.value


async def contents() -> list[Any]:
    counted = await rows("SELECT name, value FROM counter ORDER BY name")
    chain = await rows("SELECT count(*) AS entries FROM audit_entry")
    return [await rows("SELECT * FROM filed_report ORDER BY id"), counted, chain, await rows("SELECT id FROM outbox ORDER BY id")]


def filing(unit: str = CAST.cntt, **more: Any) -> FileReport:
    return FileReport(**{"id": new_id(), "unit": unit, "period": OCTOBER, "report": report_on(unit), "writing": TEXT, **more})


async def test_one_draft_a_unit_and_period_even_when_many_ask_at_once(engine: object) -> None:
    async def ask() -> str:
        try:
            return await draft()
        except Refusal as problem:
            return problem.key

    answers = await asyncio.gather(*(ask() for _ in range(6)))
    assert sorted(answers)[1:] == ["filed.draft_there"] * 5
    # Another unit, another period and another length have their own.
    await draft(CAST.centre)
    await draft(code="2026-09")
    await draft(code="2026-Q3")
    assert await row("SELECT count(*) AS drafts FROM filed_report WHERE state = 'draft'") == {"drafts": 4}
    one = await rows("SELECT * FROM outbox WHERE kind = 'report.filed'")
    assert one == [], "what somebody made himself is not announced"


async def test_nobody_else_may_and_nothing_forged_is_taken(engine: object) -> None:
    report = await draft()
    version = (await found(report)).line.version
    others = [CAST.officer, CAST.stranger, CAST.admin, new_id()]
    for command in (
        filing(code := CAST.cntt),
        WriteReport(id=report, version=version, writing=OTHER),
        RenewReport(id=report, version=version, report=report_on(code)),
        DropReport(id=report),
    ):
        for actor in others:
            assert (await refused(command, actor)).code == "not_allowed"
        # What a device kept, or a program without a person, says nothing about figures.
        assert (await refused(command, CAST.director, "sync")).key == "filed.page_only"
        assert (await refused(command, None, "job")).code == "not_allowed"
    assert (await refused(filing(CAST.hcth), CAST.head)).key == "filed.rule.not_yours"
    assert (await refused(filing(scheduled=True), CAST.director)).key == "filed.job_only"
    assert (await refused(KeepFile(id=report, what="pdf", sha256="0" * 64), CAST.director)).key == "filed.job_only"
    assert (await refused(filing(report=report_on(CAST.hcth)), CAST.director)).key == "filed.other_report"
    assert (await refused(filing(report=report_on(code="2026-09")), CAST.director)).key == "filed.other_report"
    assert (await refused(filing(unit=new_id()), CAST.director)).code in ("not_found", "invalid")
    assert (await refused(filing(period="2026-13"), CAST.director)).key == "reports.period_bad"
    assert (await refused(RenewReport(id=report, version=1, report=report_on(code="2026-09")), CAST.director)).key == "filed.other_report"
    assert not [name for name in PUSHED if name.startswith("report.")]


async def test_a_text_is_written_over_only_by_who_has_seen_it(engine: object) -> None:
    report = await draft()
    answer = await carry_out(WriteReport(id=report, version=1, writing=OTHER), actor=CAST.head, now=NOW, source="page")
    assert answer["version"] == 2
    # The same again, as a second press sends it, is no conflict; something else is, and says who and when.
    assert await carry_out(WriteReport(id=report, version=1, writing=OTHER), actor=CAST.head, now=NOW, source="page") == answer
    problem = await refused(WriteReport(id=report, version=1, writing=TEXT), CAST.director)
    assert (problem.code, problem.key) == ("conflict", "filed.changed_meanwhile")
    assert "Đặng Hoài Sang đã sửa báo cáo này lúc 08:15 23/11/2026" in problem.message
    bad = Writing([Part("a", "", ["chữ"])])
    assert (await refused(WriteReport(id=report, version=2, writing=bad), CAST.director)).key == "filed.title_missing"
    entry = await row("SELECT actor, before, after FROM audit_entry WHERE action = 'report.write'")
    assert entry is not None and entry["actor"] == CAST.head
    assert "Đã xong 3 việc." in entry["before"] and "Viết lại." in entry["after"]
    assert (await refused(DropReport(id=report, version=1), CAST.director)).key == "filed.changed_not_dropped"


async def test_new_figures_keep_the_text_or_bring_their_own(engine: object) -> None:
    report = await draft(running=True)
    problem = await _refused_fix(report, 1)
    assert problem.key == "filed.stale" and "Tháng 10 năm 2026 đã kết thúc" in problem.message
    now = await draft(code="2026-11", running=True)
    assert (await _refused_fix(now, 1)).key == "filed.still_running"
    await carry_out(RenewReport(id=report, version=1, report=report_on()), actor=CAST.head, now=NOW, source="page")
    one = await found(report)
    assert not one.report.running and one.writing == TEXT and one.line.version == 2
    await carry_out(RenewReport(id=report, version=2, report=report_on(rows=5), writing=OTHER), actor=CAST.head, now=NOW, source="page")
    assert (await found(report)).writing == OTHER
    assert (await fixed(report, version=3))["number"] == "01/BC-CNTT"


async def _refused_fix(report: str, version: int, by: str = CAST.director) -> Refusal:
    before = await contents()
    with pytest.raises(Refusal) as caught:
        await fixed(report, by, version)
    assert await contents() == before
    return caught.value


async def test_exactly_one_of_two_fixes_it_and_the_other_is_told_who_and_when(engine: object) -> None:
    report = await draft()

    async def press(by: str) -> Any:
        try:
            return await fixed(report, by, writing=TEXT)
        except Refusal as problem:
            return problem

    answers = await asyncio.gather(*(press(by) for by in (CAST.director, CAST.deputy, CAST.delegate, CAST.head)))
    won = [one for one in answers if isinstance(one, dict)]
    lost = [one for one in answers if isinstance(one, Refusal)]
    assert [one["number"] for one in won] == ["01/BC-CNTT"]
    line = (await found(report)).line
    names = {CAST.director: "Đỗ Khắc Tường", CAST.deputy: "Ngô Thị Hạnh Dung", CAST.delegate: "Phùng Thế Vịnh", CAST.head: "Đặng Hoài Sang"}
    assert line.fixed_by is not None and line.fixed_behalf == (CAST.director if line.fixed_by == CAST.delegate else None)
    assert {(one.code, one.key) for one in lost} == {("conflict", "filed.fixed_already")} and len(lost) == 3
    assert all(f"đã được {names[line.fixed_by]} chốt lúc 08:15 23/11/2026, số 01/BC-CNTT" in one.message for one in lost)
    # Whoever pressed twice is told the same twice; nobody writes, renews, drops or fixes it any more.
    assert await fixed(report, line.fixed_by, writing=TEXT) == won[0]
    assert (await _refused_fix(report, 2, next(one for one in names if one != line.fixed_by))).key == "filed.fixed_already"
    for command in (
        WriteReport(id=report, version=2, writing=TEXT),
        RenewReport(id=report, version=2, report=report_on()),
        DropReport(id=report),
    ):
        assert (await refused(command, CAST.director)).key == "filed.fixed_already"
    assert await row("SELECT count(*) AS entries FROM audit_entry WHERE action = 'report.fix'") == {"entries": 1}


async def test_numbers_have_no_gaps_a_unit_and_year(engine: object) -> None:
    months = ("2026-09", "2026-08", "2026-07", "2026-06")
    drafts = [await draft(code=code) for code in months]
    stale = await draft(code="2026-05", running=True)
    await _refused_fix(stale, 1)
    await asyncio.gather(*(fixed(one) for one in drafts))
    assert await _numbers() == [(CAST.cntt, 2026, one) for one in (1, 2, 3, 4)]
    await fixed(await draft(CAST.centre))
    new_year = NOW + timedelta(days=60)
    await fixed(await draft(now=new_year), now=new_year)
    assert await _numbers() == sorted([(CAST.centre, 2026, 1), *((CAST.cntt, 2026, one) for one in (1, 2, 3, 4)), (CAST.cntt, 2027, 1)])


async def _numbers() -> list[tuple[str, int, int]]:
    found = await rows("SELECT unit, number_year, number FROM filed_report WHERE state = 'fixed'")
    return sorted((one["unit"], one["number_year"], one["number"]) for one in found)


async def test_the_seal_in_the_chain_is_of_what_is_stored_and_nothing_moves_it(engine: object) -> None:
    report = await draft(by=CAST.head)
    typed = Writing([Part("results", "Kết quả", ["Nguyê\u0303n văn {x} 100%"])])
    await fixed(report, CAST.delegate, writing=typed, place="Bắc Ninh")
    before = await row("SELECT * FROM filed_report WHERE id = $1", report)
    await carry_out(EditUnit(unit=CAST.cntt, name="Phòng Chuyển đổi số", short="CĐS"), actor=CAST.admin, now=NOW, source="page")
    await carry_out(EditPerson(person=CAST.delegate, name="Tên khác"), actor=CAST.admin, now=NOW, source="page")
    await carry_out(EditPerson(person=CAST.director, name="Giám đốc khác"), actor=CAST.admin, now=NOW, source="page")
    again = await fixed(await draft(), CAST.head)
    assert again["number"] == "02/BC-CĐS"
    stored = await row("SELECT * FROM filed_report WHERE id = $1", report)
    assert stored == before and stored is not None
    one = await found(report)
    assert one.intact and one.stored[0] == encoded(report_on()).decode() and one.writing.parts[0].paragraphs == ["Nguyễn văn {x} 100%"]
    assert one.frame is not None and one.line.fixed_at is not None
    assert (one.frame.signed, one.frame.behalf, one.frame.head.agency) == ("Phùng Thế Vịnh", "Đỗ Khắc Tường", "Phòng Ứng dụng CNTT")
    assert (one.frame.head.by, one.frame.head.place) == ("TUQ.", "Bắc Ninh")
    entry = await row("SELECT after, on_behalf FROM audit_entry WHERE action = 'report.fix' AND subject = $1", report)
    made = seal(*one.stored, stored["frame"], 1, "BC-CNTT", NOW)
    assert (
        entry is not None
        and orjson.loads(entry["after"]) == {"number": "01/BC-CNTT", "sha256": made}
        and entry["on_behalf"] == CAST.director
    )
    assert await broken_at() is None
    # A hand in the database is seen.
    await rows("UPDATE filed_report SET writing = $1 WHERE id = $2", stored["writing"].replace("100", "200"), report)
    assert not (await found(report)).intact


async def test_a_later_one_takes_the_place_of_the_one_that_was_fixed(engine: object) -> None:
    first = await draft()
    await fixed(first)
    second = await draft()
    assert (await found(second)).line.replaces == first and not (await found(first)).line.replaced
    await fixed(second)
    third = await draft()
    assert (await found(third)).line.replaces == second
    await carry_out(DropReport(id=third), actor=CAST.head, now=NOW, source="page")
    assert (await refused(DropReport(id=third), CAST.head)).code == "not_found"
    entry = await row("SELECT before FROM audit_entry WHERE action = 'report.drop'")
    assert entry is not None and "Đã xong 3 việc." in entry["before"]
    one = await found(first)
    assert one.line.replaced and one.replaced_by == (second, "02/BC-CNTT") and one.intact
    assert not (await found(second)).line.replaced
    told = {one["person"] for one in await rows("SELECT person FROM outbox WHERE kind = 'report.fixed' AND subject = $1", first)}
    assert told == {CAST.deputy, CAST.head, CAST.deputy_head}


async def test_the_file_that_was_kept_first_stays(engine: object) -> None:
    report = await draft()
    for what, key in (("pdf", "filed.gone"), ("html", "filed.gone")):
        assert (await refused(KeepFile(id=report, what=what, sha256="a" * 64), None, "job")).key == key
    await fixed(report)
    keep = [KeepFile(id=report, what="pdf", sha256=letter * 64) for letter in "ab"]
    answers = await asyncio.gather(*(carry_out(one, actor=None, now=NOW, source="job") for one in keep))
    assert len({one["sha256"] for one in answers}) == 1
    assert (await found(report)).line.pdf == answers[0]["sha256"]
    assert (await refused(keep[0], CAST.director, "job")).key == "filed.job_only"
