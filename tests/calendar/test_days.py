"""The days that an administrator enters: every process follows them, everybody reads them, only he writes them."""

from datetime import date
from typing import Any

import pytest

from server.calendar import current
from server.calendar.commands import RemoveDay, SetDay
from server.calendar.current import refresh, working_days
from server.errors import Refusal
from server.storage.door import carry_out
from server.storage.engine import Engine, counted, row, rows
from tests.office import CAST, NOW, Visit

pytestmark = pytest.mark.anyio
#: A Friday that is worked by the law, and the Saturday after it.
FRIDAY, SATURDAY = date(2026, 12, 4), date(2026, 12, 5)


async def decide(asked: SetDay | RemoveDay, actor: str = CAST.admin) -> None:
    await carry_out(asked, actor=actor, now=NOW, source="page")


async def test_an_entered_day_wins_and_is_taken_back(engine: Engine) -> None:
    await refresh()
    assert working_days().is_working(FRIDAY) and not working_days().is_working(SATURDAY)
    await decide(SetDay(day=FRIDAY, working=False, notice=" TB 12/TB-UBND "))
    await decide(SetDay(day=SATURDAY, working=True, notice="TB 12/TB-UBND"))
    await refresh()
    assert not working_days().is_working(FRIDAY) and working_days().is_working(SATURDAY)
    assert working_days().add(date(2026, 12, 3), 1) == SATURDAY
    await decide(SetDay(day=SATURDAY, working=False, notice="TB 13"))
    await decide(RemoveDay(day=FRIDAY))
    await refresh()
    assert working_days().is_working(FRIDAY) and not working_days().is_working(SATURDAY)
    assert [one["notice"] for one in await rows("SELECT notice FROM office_day")] == ["TB 13"]
    entries = await rows("SELECT action FROM audit_entry WHERE kind = 'calendar' ORDER BY seq")
    assert [one["action"] for one in entries] == ["set_day", "set_day", "set_day", "remove_day"]
    assert await row("SELECT seq FROM change WHERE kind = 'calendar'")


async def test_another_process_follows_for_the_price_of_one_question(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    await refresh()
    await decide(SetDay(day=FRIDAY, working=False, notice="TB 12"))
    assert working_days().is_working(FRIDAY), "nothing changes in the middle of a request"
    with counted() as asked:
        await refresh()
        await refresh()
    assert len(asked) == 3, "the version twice, the days once"
    assert not working_days().is_working(FRIDAY)
    monkeypatch.setattr(current._Kept, "engine", object())
    assert working_days().is_working(FRIDAY), "what was read of another database does not count here"


@pytest.mark.parametrize("actor", [CAST.director, CAST.officer, CAST.delegate])
async def test_nobody_but_an_administrator_decides(engine: Engine, actor: str) -> None:
    with pytest.raises(Refusal) as caught:
        await decide(SetDay(day=FRIDAY, working=False, notice="TB 12"), actor)
    assert caught.value.code == "not_allowed" and await row("SELECT id FROM office_day") is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (SetDay(day=date(2206, 12, 4), working=False, notice="TB"), "day"),
        (SetDay(day=FRIDAY, working=False, notice="  "), "notice"),
        (SetDay(day=FRIDAY, working=False, notice="x" * 301), "notice"),
    ],
    ids=["far", "no notice", "long notice"],
)
async def test_it_refuses_what_no_notice_says(engine: Engine, asked: SetDay, field: str) -> None:
    with pytest.raises(Refusal) as caught:
        await decide(asked)
    assert (caught.value.code, caught.value.field) == ("invalid", field)


async def test_everybody_reads_the_year_and_the_administrator_changes_it(visit: Visit) -> None:
    officer, admin = await visit("cntt.cv1"), await visit("quantri")
    page = (await officer.get("/calendar")).text
    assert "Lịch làm việc 2026" in page and "Thứ Ba, 24/11/2026" in page and "Làm bù cho ngày 02/01/2026" in page
    assert page.count("Làm bù cho ngày nghỉ hoán đổi") == 1, "Saturday, 22 August"
    assert "Đặt ngày nghỉ" not in page
    refused = await officer.post("/calendar", data={"day": "2026-12-04", "working": "0", "notice": "TB 12"})
    assert refused.status_code == 403
    assert (await officer.post("/calendar/2026-12-04/remove")).status_code == 403
    missing = await admin.post("/calendar", data={"day": "2026-12-04", "notice": "TB <b>12"})
    assert missing.status_code == 422 and "nghỉ hay ngày làm việc" in missing.text and "TB &lt;b&gt;12" in missing.text
    assert (await admin.post("/calendar", data={"day": "2026-12-04", "working": "0", "notice": "TB <b>12"})).status_code == 303
    page = (await officer.get("/calendar?year=2026")).text
    assert "Cơ quan đặt: TB &lt;b&gt;12" in page and "/remove" not in page
    assert "/calendar/2026-12-04/remove" in (await admin.get("/calendar?year=2026")).text
    assert (await officer.get("/calendar?year=%00x")).status_code == 200
    assert (await admin.post("/calendar/2026-12-04/remove")).status_code == 303
    assert (await admin.post("/calendar/2026-12-04/remove")).status_code == 404


async def test_a_replica_gets_the_days_that_were_entered(visit: Visit) -> None:
    officer, admin = await visit("cntt.cv1"), await visit("quantri")

    async def pulled(cursor: str = "") -> tuple[str, list[dict[str, Any]]]:
        answer = (await officer.get("/sync/pull", params={"cursor": cursor} if cursor else {})).json()
        return answer["cursor"], [one["data"] for one in answer["changes"] if one["kind"] == "calendar"]

    cursor, [before] = await pulled()
    assert "2026-12-04" not in before["off"]
    await admin.post("/calendar", data={"day": "2026-12-04", "working": "0", "notice": "TB 12"})
    _, [after] = await pulled(cursor)
    assert "2026-12-04" in after["off"]
