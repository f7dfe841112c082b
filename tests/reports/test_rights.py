"""What nobody gets through reports: tasks that he may not see, points of one person, a copy that he may not make any more."""

from collections.abc import Callable
from pathlib import Path

import pytest
from litestar import Litestar

from server.ledger.grains import Period
from server.people.commands import EditPerson
from server.reports.making.content import paper
from server.reports.making.wire import Order, Said
from server.settings import Settings
from server.storage.door import carry_out
from tests.office import CAST, NOW, Visit
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
MARCH = Period.read("2026-03")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("person", "names"), [(CAST.officer, True), (CAST.stranger, False), (CAST.admin, False)], ids=["own", "other", "admin"]
)
async def test_a_paper_that_anybody_asks_for_names_only_tasks_that_he_may_see(
    engine: object, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, person: str, names: bool
) -> None:
    desk.now = local(2026, 3, 2)
    task = await desk.task(due=local(2026, 3, 6).date(), title="Kỷ luật cán bộ")
    await desk.do(CAST.officer, "task.extend", task=task, due="2026-03-20", reason="Chờ kết luận của thanh tra")
    said: list[str] = []

    async def printed(found: object, what: str, place: str) -> bytes:
        said.append(str(found))
        return b""

    monkeypatch.setattr("server.reports.filed.papers.made", printed)
    order = Order(what="pdf", unit=CAST.cntt, period="2026-03", filed=None, person=person, now=local(2026, 4, 2), path="")
    await paper(order, tmp_path, "Bắc Ninh")
    assert ("Kỷ luật cán bộ" in said[0]) is names and ("thanh tra" in said[0]) is names
    assert "1 nhiệm vụ" in said[0]


async def test_a_list_is_not_fetched_by_rights_that_its_asker_has_lost(visit: Visit, app: Litestar) -> None:
    async def quick(order: Order, settings: Settings, told: Callable[[Said], None]) -> Said:
        Path(order.path).write_bytes(b"x")
        return Said(size=1, sha256="0" * 64)

    app.state.makers.make = quick
    browser = await visit("cntt.cv1")
    asked = await browser.post("/reports/files", data={"period": "2026-11", "unit": CAST.cntt, "format": "listing"})
    await app.state.makers.settled()
    href = (await browser.get(f"{asked.headers['location']}/start")).headers["hx-redirect"]
    assert (await browser.get(href)).status_code == 200
    await carry_out(EditPerson(person=CAST.officer, unit=CAST.hcth), actor=CAST.admin, now=NOW, source="page")
    assert (await browser.get(href)).status_code == 410
    assert href not in (await browser.get("/reports/files")).text
