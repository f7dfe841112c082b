"""What the tests of scores share: months made of real tasks, by commands of the cast."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import server.kpi.commands  # noqa: F401  (registers the commands)
from server.kpi.queries.sheets import Sheet, sheet
from server.kpi.record import Entry, entries_of
from server.kpi.rules.calendar import Period
from server.kpi.rules.general import MOST
from server.kpi.rules.ruleset import RuleSet
from server.kpi.tables import KpiCatalogue, KpiProduct
from server.storage.engine import row, rows
from server.storage.ids import new_id
from tests.office import CAST, fixed_id
from tests.tasks.desk import Desk, contents, local

#: Everything that a refused command of scores must leave as it was.
TABLES = (
    "kpi_rules", "kpi_period", "kpi_sheet", "kpi_excuse", "kpi_split", "kpi_away", "kpi_duty", "kpi_decision", "kpi_petition",
)  # fmt: skip
NOVEMBER, DECEMBER = Period(2026, 11), Period(2026, 12)
FULL = {name: most / 1000 for name, most in MOST.items()}
CATALOGUE = fixed_id("catalogue")
IDS = ("kpi.period.open", "kpi.period.reopen", "kpi.excuse.confirm", "kpi.away.set", "kpi.duty.set", "kpi.decision.set",
       "kpi.petition.file", "kpi.rules.draft")  # fmt: skip

#: Monday, 2 November 2026.
BEGIN = local(2026, 11, 2)


@dataclass
class ScoreDesk(Desk):
    """Begins before November's work does."""

    now: datetime = BEGIN

    def at(self, month: int, day: int, hour: int = 9, year: int = 2026) -> "ScoreDesk":
        """Go to a day; the clock of the desk never goes back."""
        then = local(year, month, day, hour)
        assert then >= self.now, "the desk's clock never goes back"
        self.now = then
        return self

    async def do(self, actor: str, name: str, /, mutation: str | None = None, **arguments: Any) -> dict[str, Any]:
        if name in IDS and "id" not in arguments:
            arguments["id"] = new_id()
        return await super().do(actor, name, mutation, **arguments)

    async def refuses(self, code: str, key: str, actor: str, name: str, **arguments: Any) -> str:
        """The sentence of a refusal, which leaves everything as it was."""
        before = await scores()
        found = await self.refused(code, key, actor, name, **arguments)
        assert await scores() == before, "a refusal left something behind"
        return found.message

    async def product(self, k: float, name: str = "Văn bản") -> str:
        """A product of a catalogue in force."""
        if await row("SELECT id FROM kpi_catalogue WHERE id = $1", CATALOGUE) is None:
            await KpiCatalogue.insert(KpiCatalogue(id=CATALOGUE, number=900, name="Danh mục", state="in_force", made_at=self.now))
        count = await row("SELECT count(*) AS n FROM kpi_product WHERE catalogue = $1", CATALOGUE)
        assert count is not None
        made = KpiProduct(
            id=new_id(), catalogue=CATALOGUE, code=f"T{count['n']:02d}", name=name, k=round(k * 1000), points=0, unit_of_count="văn bản"
        )
        await KpiProduct.insert(made)
        return str(made.id)

    async def work(self, k: float = 1, g: float = 1, due: str | None = "2026-11-20", lead: str = CAST.officer, **more: Any) -> str:
        """A task of a product with this k."""
        return await self.task(more.pop("by", CAST.head), lead, product=await self.product(k), quantity=g, due=due, **more)

    async def hand_in(self, task: str, lead: str = CAST.officer, **more: Any) -> None:
        await self.do(lead, "task.submit", task=task, **more)

    async def judge(self, task: str, verdict: str = "accept", by: str = CAST.head, **more: Any) -> None:
        await self.do(by, "task.review", task=task, verdict=verdict, note=more.pop("note", "Nhận xét"), **more)

    async def entries(self, person: str = CAST.officer, when: Period = NOVEMBER, rules: RuleSet | None = None) -> list[Entry]:
        return (await entries_of([person], when, rules or RuleSet(), self.now))[person]

    async def month(self, number: int = 11, year: int = 2026) -> str:
        return str((await self.do(CAST.director, "kpi.period.open", year=year, number=number))["id"])

    async def sheet(self, period: str, person: str = CAST.officer, actor: str | None = None) -> Sheet:
        return await sheet(actor or person, person, period, self.now)

    async def score(self, period: str, person: str = CAST.officer, by: str = CAST.head, **more: Any) -> dict[str, Any]:
        """Self-scored and confirmed with full general points."""
        await self.do(person, "kpi.sheet.self", period=period, points=FULL)
        return await self.do(by, "kpi.sheet.confirm", period=period, person=person, **more)


async def scores() -> dict[str, int]:
    """Everything stored of scores and tasks, as one number a table."""
    found = {table: hash(repr(await rows(f"SELECT * FROM {table} ORDER BY id"))) for table in TABLES}
    return {**found, **await contents()}


async def handbook_month(desk: ScoreDesk) -> None:
    """The handbook's chapter VI, made by commands: (k, g, h, L, Q) = (1.0, 5, 4, 4, 0), (2.7, 3, 3, 2, 1), (3.7, 1, 0.8, 0, 2)."""
    first = await desk.work(1.0, 5, "2026-11-14")
    second = await desk.work(2.7, 3, "2026-11-17")
    third = await desk.work(3.7, 1, "2026-11-25")
    desk.at(11, 16)
    await desk.hand_in(second)
    await desk.judge(second, "return", major_error=True)
    desk.at(11, 18)
    await desk.hand_in(first)
    await desk.judge(first, quantity=4)
    desk.at(11, 19)
    await desk.hand_in(second)
    await desk.judge(second)
    for day in (20, 21):
        desk.at(11, day)
        await desk.hand_in(third)
        await desk.judge(third, "return", major_error=True)
    desk.at(11, 24)
    await desk.hand_in(third)
    await desk.judge(third, quantity=0.8)
