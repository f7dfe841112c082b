"""Who sees what of scores, tried: everybody against everybody, by every address, every query and every pull.

The table is written by hand from Đ10 and the principle of the page: the person, who rates him, the director; the director's own also
whoever keeps the centre's and enters what his rater outside decided. Everybody else published ratings only, never a point.
"""

import pytest

from server.errors import Refusal
from server.kpi import rights
from server.kpi.commands.periods import OpenPeriod
from server.kpi.commands.years import ComputeYear, DecideYear, PublishYears
from server.kpi.queries import sheets as sheet_queries
from server.kpi.queries import years as year_queries
from server.kpi.queries.room import room
from server.kpi.rules.ruleset import Band
from server.storage.engine import row, rows
from server.storage.ids import LOCAL
from sync.pull import pull
from tests.kpi.years import DECEMBER, YEAR, closed_months, do, period_id, sheet_id
from tests.office import CAST, fixed_id

pytestmark = pytest.mark.anyio

#: Totals that can't be mistaken for one another, or for anything else on a page.
POINTS = {
    CAST.director: 94_300,
    CAST.deputy: 91_700,
    CAST.delegate: 88_900,
    CAST.stranger: 81_600,
    CAST.head: 92_100,
    CAST.deputy_head: 78_700,
    CAST.officer: 90_600,
    CAST.colleague: 62_400,
}
EVERYBODY = frozenset(POINTS)
SEES = {
    CAST.director: EVERYBODY,
    CAST.deputy: {CAST.deputy, CAST.director},
    CAST.delegate: {CAST.delegate, CAST.stranger, CAST.director},
    CAST.stranger: {CAST.stranger},
    CAST.head: {CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague},
    CAST.deputy_head: {CAST.deputy_head},
    CAST.officer: {CAST.officer},
    CAST.colleague: {CAST.colleague},
    CAST.admin: frozenset(),
}
ACTORS = [pytest.param(getattr(CAST, role), CAST.usernames[role], id=role) for role in CAST.usernames]
DECEMBER_ID = fixed_id("december")
#: Rated and published; the others are drafts.
PUBLISHED: dict[str, Band] = {CAST.officer: "excellent", CAST.stranger: "good", CAST.deputy: "excellent"}


async def fill() -> None:
    await closed_months(totals=POINTS)
    await do(OpenPeriod(id=DECEMBER_ID, year=YEAR, number=12), CAST.director)
    await do(ComputeYear(year=YEAR), CAST.director)
    for person, band in PUBLISHED.items():
        await do(DecideYear(year=YEAR, person=person, band=band, without=[12], without_self=True), CAST.director)
    await do(PublishYears(year=YEAR), CAST.director)


def words(person: str) -> str:
    """The total of a person as pages write it."""
    return f"{POINTS[person] // 1000},{POINTS[person] % 1000 // 100}"


async def december_sheet(person: str) -> str:
    found = await row("SELECT id FROM kpi_sheet WHERE period = $1 AND person = $2", DECEMBER_ID, person)
    assert found is not None
    return found["id"]


@pytest.mark.parametrize(("actor", "username"), ACTORS)
async def test_every_address_of_everybody(app, clock, visit, actor, username):
    clock.now = DECEMBER
    await fill()
    client = await visit(username)
    for person in EVERYBODY:
        sheet = await december_sheet(person)
        seen = person in SEES[actor]
        details = [
            f"/kpi/years/{YEAR}/{person}",
            f"/kpi/years/{YEAR}/{person}/mau-02.xlsx",
            f"/kpi/people/{person}/{DECEMBER_ID}",
            f"/kpi/sheets/{sheet}",
            f"/kpi/sheets/{sheet}/mau-01.xlsx",
        ]
        for address in details:
            assert (await client.get(address)).status_code == (200 if seen else 404), address
        if not seen:
            closed = [
                f"/kpi/years/{YEAR}/{person}/mau-02.pdf",
                f"/kpi/years/{YEAR}/thong-bao/{person}.pdf",
                f"/kpi/sheets/{sheet}/mau-01.pdf",
            ]
            for address in [*closed, f"/kpi/sheets/{sheet_id(person, 3)}", f"/kpi/people/{person}/{period_id(3)}"]:
                assert (await client.get(address)).status_code == 404, address
            for move in ("self", "decide", "correct", "petition", "answer"):
                sent = await client.post(f"/kpi/years/{YEAR}/{person}/{move}", data={"band": "good", "without": "12", "reason": "x"})
                assert sent.status_code == 404, move


@pytest.mark.parametrize(("actor", "username"), ACTORS)
async def test_no_page_says_a_point_of_somebody_else(app, clock, visit, actor, username):
    clock.now = DECEMBER
    await fill()
    client = await visit(username)
    pages = ["/kpi", "/kpi/room", f"/kpi/room?period={DECEMBER_ID}", f"/kpi/room?period={period_id(11)}", "/kpi/periods", "/kpi/petitions",
             "/kpi/marks", "/kpi/rules", "/kpi/catalogue", f"/kpi/years/{YEAR}", f"/kpi/years/{YEAR}/published",
             f"/kpi/units/{YEAR}", f"/kpi/units/{YEAR}/{CAST.cntt}", "/", "/people"]  # fmt: skip
    for address in pages:
        answer = await client.get(address, follow_redirects=True)
        assert answer.status_code in (200, 403, 404), address
        for person in EVERYBODY - set(SEES[actor]):
            assert words(person) not in answer.text, (address, person)
    listed = (await client.get(f"/kpi/years/{YEAR}/published")).text
    assert listed.count("Hoàn thành xuất sắc") >= 2 and "Nguyễn Thị Thu Uyển" in listed
    assert all(words(person) not in listed for person in EVERYBODY), "published ratings have no points, not even the own ones"


@pytest.mark.parametrize(("actor", "username"), ACTORS)
async def test_every_query_and_every_pull(engine, actor, username):
    await fill()

    async def allowed(asked) -> bool:
        try:
            await asked
        except Refusal as refusal:
            if refusal.code != "not_found":
                raise
            return False
        return True

    for person in EVERYBODY:
        seen = person in SEES[actor]
        sheet = await december_sheet(person)
        asked = {
            "year": year_queries.person_year(actor, YEAR, person, DECEMBER),
            "year versions": year_queries.versions(actor, YEAR, person, DECEMBER),
            "sheet": sheet_queries.sheet(actor, person, DECEMBER_ID, DECEMBER),
            "sheet by id": sheet_queries.sheet_by_id(actor, sheet, DECEMBER),
            "periods": sheet_queries.my_periods(actor, person, DECEMBER),
            "versions": sheet_queries.versions(actor, person, DECEMBER_ID, DECEMBER),
        }
        for name, one in asked.items():
            assert await allowed(one) is seen, (name, person)
    if SEES[actor]:
        listed = await year_queries.year_list(actor, YEAR, DECEMBER)
        assert {one.person for one in listed.rows} == set(SEES[actor])
        for group in listed.quotas:
            assert set(group.people) <= set(SEES[actor])
        if await allowed(room(actor, DECEMBER_ID, DECEMBER)):
            assert {one.person for one in (await room(actor, DECEMBER_ID, DECEMBER)).rows} <= set(SEES[actor])
    else:
        assert not await allowed(year_queries.year_list(actor, YEAR, DECEMBER))
    assert {one.person: one.band for one in await year_queries.published(actor, YEAR)} == PUBLISHED

    pulled = (await pull(actor, DECEMBER, None, 1000)).changes
    scores = [one.data for one in pulled if one.kind == "score"]
    assert {one["person"] for one in scores if one["state"] == "closed"} == set(SEES[actor])
    years = {one["person"]: one["total"] for one in scores if one["state"] == "published"}
    assert years == {person: POINTS[person] / 1000 if person in SEES[actor] else None for person in PUBLISHED}


@pytest.mark.parametrize(("actor", "username"), ACTORS)
async def test_python_and_sql_say_the_same(engine, actor, username):
    chain = await rights.raters(DECEMBER.astimezone(LOCAL).date())
    condition, values = rights.sheet_scope(chain, actor, "p.id")
    found = {one["id"] for one in await rows(f"SELECT p.id FROM person p WHERE {condition}", *values)}
    assert found & EVERYBODY == {one for one in EVERYBODY if chain.may_see(actor, one)} == set(SEES[actor])
