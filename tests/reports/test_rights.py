"""What nobody gets through reports: tasks that he may not see, points of one person, a copy that he may not make any more."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from litestar import Litestar

from server.files.ranges import wanted
from server.keys.queries import key_by_id
from server.kpi.rules.ruleset import RuleSet
from server.people.commands import EditPerson, EndDelegation
from server.people.queries import directory
from server.reports.build.facts import Sheet
from server.reports.build.sections.kpi import told
from server.reports.making.content import paper
from server.reports.making.wire import Order, Said
from server.reports.page.asked import asked_of
from server.reports.page.behind import listed, question_of
from server.reports.person import making
from server.reports.person.parts import PARTS
from server.reports.person.read import batches, count
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.ids import new_id
from tests.office import CAST, NOW, TODAY, Visit
from tests.reports.filing import office
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))


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


def sheets(starts: date, **totals: int) -> list[Sheet]:
    """Of CNTT those of a, b, c …; of HCTH those of u, v, w …: by the unit in which they were that month, ``a_hcth`` of one who moved."""
    found = []
    for name, total in totals.items():
        person, _, moved = name.partition("_")
        unit = CAST.hcth if moved or person > "m" else CAST.cntt
        found.append(Sheet(unit=unit, person=person, total=total * 1000, band="good", starts=starts))
    return found


def means(given: list[Sheet]) -> dict[str, float | None]:
    return {unit: crowd.mean for unit, crowd in told(office(), given, RuleSet()).items()}


def test_a_quarter_tells_nothing_that_its_months_keep_back() -> None:
    room = {"u": 70, "v": 72, "w": 74, "x": 76}
    january, february = sheets(JANUARY, a=80, b=82, c=84, **room), sheets(FEBRUARY, a=80, b=82, c=84, **room)
    alone = sheets(MARCH, a=41, **room)
    assert CAST.cntt in means(january) and CAST.cntt not in means(alone)
    # Nine points less those of January and February would be the one that March keeps back.
    assert CAST.cntt not in means(january + february + alone) and CAST.cntt in means(january + february)


def test_points_of_somebody_who_moves_are_not_the_difference_of_a_quarter_and_its_months() -> None:
    room = {"u": 70, "v": 72, "w": 74}
    stay = {"a": 80, "b": 82, "c": 84}
    months = [sheets(JANUARY, **stay, d=33, **room), sheets(FEBRUARY, **stay, d=35, **room), sheets(MARCH, **stay, d_hcth=90, **room)]
    each = [told(office(), one, RuleSet()) for one in months]
    whole = told(office(), [sheet for one in months for sheet in one], RuleSet())
    for unit in (CAST.hcth, CAST.cntt):
        assert sorted(whole[unit].points) == sorted(point for one in each for point in one[unit].points)
    assert len(whole[CAST.hcth].people) == 4


async def test_a_copy_is_not_taken_by_a_right_that_its_maker_has_lost(visit: Visit) -> None:
    browser = await visit("hcth.truong")
    await browser.post("/me/data", data={"person": CAST.officer, "reason": "Đơn số 5", "mutation": new_id()})
    await making.settled()
    [href] = re.findall(r"/me/data/copies/[0-9a-f-]+", (await browser.get("/me/data")).text)
    assert (await browser.get(href)).status_code == 200
    await carry_out(EndDelegation(delegation=CAST.delegation), actor=CAST.director, now=NOW, source="page")
    assert (await browser.get(href)).status_code == 410
    assert href not in (await browser.get("/me/data")).text


async def test_a_copy_says_of_a_task_that_was_taken_away_that_he_was_on_it_and_no_more(engine: object, desk: Desk) -> None:
    task = await desk.task(lead=CAST.stranger, by=CAST.director, description="Trước")
    await desk.do(CAST.director, "task.assign", task=task, lead=CAST.officer, reason="Đổi người")
    await desk.do(CAST.director, "task.edit", task=task, fields={"description": "Chỉ người đang làm mới biết"})
    parts = {part.name: part for part in PARTS}
    assert [len(await anext(batches(parts[name], CAST.officer))) for name in ("tasks", "assignments")] == [1, 1]
    assert await count(parts["tasks"], CAST.stranger) == 0 and await count(parts["assignments"], CAST.stranger) == 1


async def test_what_no_database_holds_is_no_error_of_ours(engine: object) -> None:
    known = await directory()
    director = known.actor(CAST.director)
    query = {"of": "open", "lead": "\0", "field": "\0", "under": "\0"}
    question = question_of(query, asked_of(query, director, known, NOW))
    assert (await listed(question, director, known, TODAY)).total == 0
    assert await key_by_id("\0") is None
    assert wanted("bytes=0-" + "9" * 5000, 10) == "whole"
