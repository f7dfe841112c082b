"""Mô hình: what everybody may read of the model that scores his tasks, and what an administrator does with it; how it did here."""

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from ml import model as models
from ml.card import encode
from ml.errors import ModelRefused
from server.insight.life.commands import KeepModel
from server.insight.life.queries import Outcome, judged, outcomes
from server.insight.life.show import card_context, checks_context, here_context
from server.insight.life.store import file_of
from server.insight.tables import RiskMark
from server.people.queries import directory
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import Engine, insert
from server.storage.ids import new_id
from server.tasks.tables import Task
from tests.office import CAST, NOW, Cast, Visit
from tests.tasks.desk import local

pytestmark = pytest.mark.anyio
PATH = "/foresight/model"


def said(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


async def kept(data: Path, name: str, later: int = 0) -> str:
    """The prior with another name and an intercept, in force as the office's own."""
    model = models.load(models.SHIPPED)
    card = msgspec.structs.replace(model.card, version=name, shift=0.25)
    file = file_of(data, card.sha256)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(model.raw)
    await carry_out(KeepModel(card=encode(card).decode(), promote=True), actor=None, now=NOW + timedelta(hours=later), source="job")
    return name


async def test_everybody_reads_which_model_scores_his_tasks_and_only_an_administrator_changes_it(visit: Visit, settings: Settings) -> None:
    officer = await visit("cntt.cv1")
    page = said(await officer.get(PATH))
    assert "Chưa hiệu chỉnh theo cơ quan" in page and "hiện có 0" in page and "chỉ là phép tính" in page
    await kept(settings.data, "local-a")
    await kept(settings.data, "local-b", later=1)
    answer = await officer.get(PATH)
    assert "Đã hiệu chỉnh theo hồ sơ của cơ quan" in said(answer) and "local-b" in answer.text and "<form" not in main(answer)
    for action, form in (("rollback", {}), ("promote", {"version": "local-a"})):
        refused = await officer.post(f"{PATH}/{action}", data={**form, "sure": "1"})
        assert refused.status_code == 403 and "local-b" in refused.text


def main(page: httpx.Response) -> str:
    return page.text.split("<main", 1)[1].split("</main>", 1)[0]


async def test_an_administrator_goes_back_and_forth_and_is_asked_first(visit: Visit, settings: Settings) -> None:
    await kept(settings.data, "local-a")
    await kept(settings.data, "local-b", later=1)
    admin = await visit("quantri")
    unsure = await admin.post(f"{PATH}/rollback", data={})
    assert unsure.status_code == 422 and "Hãy đánh dấu xác nhận" in said(unsure)
    assert (await admin.post(f"{PATH}/rollback", data={"sure": "1"})).status_code == 303
    page = said(await admin.get(PATH))
    assert "Từ nay dùng mô hình local-a" in page and "Phiên bản local-a" in page
    assert (await admin.post(f"{PATH}/promote", data={"sure": "1", "version": "local-b"})).status_code == 303
    again = await admin.post(f"{PATH}/promote", data={"sure": "1", "version": "local-b"})
    assert again.status_code == 409 and "đang được dùng rồi" in said(again)
    unknown = await admin.post(f"{PATH}/promote", data={"sure": "1", "version": "nothing"})
    assert unknown.status_code == 404 and "Không có mô hình nào mang phiên bản “nothing”" in said(unknown)


async def test_a_file_that_does_not_match_its_card_is_said_and_the_prior_stands_in(visit: Visit, settings: Settings) -> None:
    await kept(settings.data, "local-a")
    for file in (settings.data / "models").iterdir():
        file.write_bytes(b"no model")
    page = said(await (await visit("giamdoc")).get(PATH))
    assert "Tệp của mô hình local-a không đọc được" in page and "Chưa hiệu chỉnh theo cơ quan" in page


async def test_without_any_model_the_page_says_so_and_stands(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(_: Path) -> None:
        raise ModelRefused("gone")

    monkeypatch.setattr("server.insight.life.pages.in_force", none)
    page = await (await visit("giamdoc")).get(PATH)
    assert page.status_code == 200 and "Chưa có mô hình nào dùng được" in said(page)


def task(place: int, due: date, submitted: Any, status: str = "completed") -> dict[str, Any]:
    named = {"id": new_id(), "ordinal": 9000 + place, "title": "Việc cũ", "creator": CAST.head, "lead": CAST.officer, "unit": CAST.cntt}
    return {**named, "due": due, "status": status, "submitted_at": submitted, "created_at": NOW, "changed_at": NOW, "version": 1}


async def test_what_happened_is_held_against_the_due_date_of_then(engine: Engine, cast: Cast) -> None:
    first, moved = date(2026, 11, 10), date(2026, 12, 10)
    tasks = {
        "in time": task(1, first, local(2026, 11, 10, 23)),
        "late": task(2, first, local(2026, 11, 11, 1)),
        "open": task(3, moved, None, "in_progress"),
        "extended": task(4, moved, None, "in_progress"),
        "early": task(5, moved, local(2026, 11, 20)),
        "cancelled": task(6, first, None, "cancelled"),
        "returned": task(7, first, local(2026, 11, 9), "in_progress"),
    }
    await insert(Task, *tasks.values())
    marks = []
    for name, one in tasks.items():
        due = first if name == "extended" else one["due"]
        marks.append({"id": name, "task": one["id"], "due": due, "share": 50, "probability": 400_000, "model": "m", "at": NOW})
    await insert(RiskMark, *marks, marks[0] | {"id": "other", "model": "another"})
    found = {one.task: one.late for one in await outcomes("m", NOW)}
    names = {one["id"]: name for name, one in tasks.items()}
    assert {names[one]: late for one, late in found.items()} == {
        "in time": False, "late": True, "extended": True, "early": False, "returned": True,
    }  # fmt: skip


def told(count: int, unit: str) -> list[Outcome]:
    """Predictions that are right on average in both halves, at two moments of each task."""
    return [
        Outcome(f"{unit}{number}", unit, share, 0.8 if number % 5 < 2 else 0.2, number % 5 in (0, 2))
        for number in range(count)
        for share in (25, 75)
    ]


async def test_no_figure_is_told_below_fifty_outcomes_nor_of_a_room_below_fifty(engine: Engine, cast: Cast) -> None:
    known = await directory()
    few = here_context(judged(told(49, cast.cntt)), known, rooms=True)
    assert few["rows"] == [] and few["calibration"] is None and few["units"] is None and "hiện có 49" in few["too_few"]
    enough = here_context(judged(told(50, cast.cntt) + told(49, cast.hcth)), known, rooms=True)
    assert [row["name"] for row in enough["rows"]][:3] == ["AUC chung", "AUC cùng giai đoạn", "Brier"]
    assert enough["rows"][0]["ours"]["between"] and len(enough["calibration"]["table"]["rows"]) == 9
    assert enough["units"]["rows"][0][:2] == ["CNTT", "50"] and "–" not in enough["units"]["rows"][0]
    assert enough["units"]["rows"][1] == ["HCTH", "49", "–", "–", "–", "–", "–"]
    assert here_context(judged(told(60, cast.cntt)), known, rooms=False)["units"] is None


async def test_the_card_tells_officers_nothing_of_rooms(engine: Engine, cast: Cast) -> None:
    group = {"tasks": 80, "rate": 0.2, "said": 0.21, "auc": 0.77, "within_stage_auc": 0.7, "brier": 0.15}
    figure = {"auc": {"value": 0.7741, "interval": [0.75, 0.8]}}
    by = {"by_unit": {cast.cntt: group}, "by_position": {"officer": group}}
    metrics = {"permits": {"tasks": 100, "tasks_late": 20, "rows": 400, "figures": figure, "elapsed_rule": figure, **by}}
    card = msgspec.structs.replace(models.load(models.SHIPPED).card, metrics=metrics)
    shown = {rooms: card_context(card, await directory(), rooms=rooms)[0] for rooms in (True, False)}
    assert shown[True]["rows"][0]["ours"] == {"value": "0,774", "between": "0,750 – 0,800"}
    assert [one["rows"][0][0] for one in shown[True]["groups"]] == ["CNTT", "Chuyên viên"]
    assert [one["rows"][0][0] for one in shown[False]["groups"]] == ["Chuyên viên"]


def test_a_months_look_says_what_came_of_it() -> None:
    base = {"at": NOW, "ended_at": NOW, "before": "a", "after": "a", "drift": "{}", "decision": "{}", "trouble": ""}
    drift = '{"tasks": 64, "psi_probability": 0.31, "said": 0.2, "happened": 0.3}'
    given = [
        base | {"after": "b", "decision": '{"why": "better"}', "drift": drift},
        base | {"decision": '{"why": "too_few"}', "drift": '{"tasks": 12, "psi_probability": 0.0, "said": null, "happened": null}'},
        base | {"trouble": "Hỏng."},
        base | {"ended_at": None},
    ]
    shown = checks_context(given, NOW)
    assert [one["result"] for one in shown] == [
        "Chuyển sang b", "Giữ nguyên: chưa đủ việc đã kết thúc để huấn luyện riêng", "Hỏng.", "Đang kiểm tra",
    ]  # fmt: skip
    assert shown[0]["drift"] == "0,31, lệch nhiều" and shown[0]["calibration"] == "nói 20 %, xảy ra 30 %"
    assert (shown[1]["drift"], shown[1]["calibration"]) == ("–", "–")
