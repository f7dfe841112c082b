"""What the tests of filed reports share: the cast as plain values, reports of its units, and a printer that needs no time."""

from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec

from server.ledger.grains import Period
from server.people.directory import DelegationFacts, Directory, Profile, UnitFacts
from server.reports.document.shapes import Head
from server.reports.filed.commands import FileReport, FixReport
from server.reports.filed.queries import Filed, filed
from server.reports.shape import Part, Report, Writing
from server.reports.words import period_label
from server.storage.door import carry_out
from server.storage.ids import new_id
from tests.office import CAST, DELEGATION, NOW, PEOPLE, UNITS
from tests.reports.sample import sample_report

TEXT = Writing([Part("results", "Kết quả", ["Đã xong 3 việc."]), Part("asked", "Kiến nghị", ["Không."])])
OCTOBER = "2026-10"


@cache
def office() -> Directory:
    """The cast without a database."""
    units = [UnitFacts(id=one.id, name=one.name, short=one.short, parent=one.parent, kind=one.kind, sort=one.sort) for one in UNITS]
    people = [
        Profile(
            id=one.id, username=one.username, name=one.name, position=one.position, unit=one.unit, rank=one.rank, active=True, demo=False
        )
        for one in PEOPLE
    ]  # fmt: skip
    lent = DelegationFacts(
        id=DELEGATION.id, giver=CAST.director, receiver=DELEGATION.receiver, powers=frozenset(DELEGATION.powers), unit=DELEGATION.unit,
        since=DELEGATION.since, until=DELEGATION.until, document=DELEGATION.document,
    )  # fmt: skip
    return Directory(1, units, people, delegations=[lent])


def report_on(unit: str = CAST.cntt, code: str = OCTOBER, running: bool = False, rows: int = 2) -> Report:
    """The invented report as one of this unit and period."""
    period = Period.read(code)
    return msgspec.structs.replace(
        sample_report(rows, running), unit=unit, period=code, period_label=period_label(period), first=period.start, last=period.last
    )


async def draft(unit: str = CAST.cntt, code: str = OCTOBER, by: str | None = CAST.director, now: datetime = NOW, **more: Any) -> str:
    """A draft that somebody made."""
    running = more.pop("running", False)
    asked = FileReport(id=new_id(), unit=unit, period=code, report=report_on(unit, code, running), writing=TEXT, **more)
    answer = await carry_out(asked, actor=by, now=now, source="page" if by else "job")
    return str(answer["id"])


async def fixed(report: str, by: str = CAST.director, version: int = 1, now: datetime = NOW, **more: Any) -> dict[str, Any]:
    """Fix it."""
    return await carry_out(FixReport(id=report, version=version, **more), actor=by, now=now, source="page")


async def found(report: str) -> Filed:
    """It, as it is stored."""
    one = await filed(report)
    assert one is not None
    return one


class Printed:
    """In place of the printer: a paper says what it was made of, and no two are the same."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self, report: Report, text: Writing | None, head: Head) -> bytes:
        self.count += 1
        return msgspec.json.encode([self.count, report.period, text, head])


def day(text: str) -> date:
    """``2026-11-23``."""
    return date.fromisoformat(text)
