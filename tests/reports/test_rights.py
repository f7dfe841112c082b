"""What nobody gets through reports: tasks that he may not see, points of one person, a copy that he may not make any more."""

from pathlib import Path

import pytest

from server.ledger.grains import Period
from server.reports.making.content import paper
from server.reports.making.wire import Order
from tests.office import CAST
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
