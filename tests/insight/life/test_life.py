"""Which model is in force: kept, promoted, put back, looked at once a month; on both engines."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ml import life
from ml.card import encode
from ml.model import SHIPPED, Model, load
from server.errors import Refusal
from server.insight.life.commands import BeginCheck, KeepModel, PromoteModel, RollBack
from server.insight.life.jobs import Learner
from server.insight.life.store import in_force
from server.storage.door import carry_out
from server.storage.engine import Engine, row, rows
from tests.office import NOW, Cast
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio
NIGHT = datetime(2026, 12, 1, 21, tzinfo=UTC)


def shifted(by: float) -> Model:
    return load(SHIPPED).with_shift(by)


async def kept(data: Path, by: float, name: str, later: int = 0) -> str:
    """A local model that is the prior with another intercept, in force."""
    model = shifted(by)
    card = msgspec.structs.replace(model.card, version=name)
    folder = data / "models"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{card.sha256}.onnx").write_bytes(model.raw)
    answer = await carry_out(
        KeepModel(card=encode(card).decode(), promote=True), actor=None, now=NOW + timedelta(hours=later), source="job"
    )
    return str(answer["version"])


async def test_without_one_of_its_own_an_office_has_the_prior(engine: Engine, cast: Cast, tmp_path: Path) -> None:
    used = await in_force(tmp_path)
    assert (used.local, used.version) == (False, load(SHIPPED).card.version)


async def test_a_promoted_model_is_in_force_and_rolling_back_brings_the_one_before_and_then_the_prior(
    engine: Engine, cast: Cast, tmp_path: Path
) -> None:
    await kept(tmp_path, 0.4, "a")
    assert (await in_force(tmp_path)).model.card.shift == 0.4
    await kept(tmp_path, 0.8, "b", later=1)
    assert (await in_force(tmp_path)).model.card.shift == 0.8
    later = NOW + timedelta(hours=2)
    assert await carry_out(RollBack(), actor=cast.admin, now=later, source="page") == {"version": "a"}
    assert (await in_force(tmp_path)).model.card.shift == 0.4
    assert await carry_out(RollBack(), actor=cast.admin, now=later, source="page") == {"version": "prior"}
    assert not (await in_force(tmp_path)).local
    await carry_out(PromoteModel(version="b"), actor=cast.admin, now=later, source="page")
    assert (await in_force(tmp_path)).version == "b"


async def test_a_file_that_is_not_what_its_card_says_is_refused_and_the_prior_serves(
    engine: Engine, cast: Cast, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await kept(tmp_path, 0.4, "a")
    for path in (tmp_path / "models").iterdir():
        path.write_bytes(b"no model")
    used = await in_force(tmp_path)
    assert not used.local and "refused" in caplog.text


async def test_only_an_administrator_puts_models_in_force_or_back(engine: Engine, cast: Cast, desk: Desk, tmp_path: Path) -> None:
    await kept(tmp_path, 0.4, "a")
    for person in (cast.director, cast.officer):
        await desk.refused("not_allowed", "people.rule.only_admin", person, "insight.model.rollback")
        await desk.refused("not_allowed", "people.rule.only_admin", person, "insight.model.promote", version="a")
    await desk.refused("not_allowed", "insight.only_jobs", cast.admin, "insight.model.keep", card="{}")
    await desk.refused("not_found", "insight.model.unknown", cast.admin, "insight.model.promote", version="nothing")
    await desk.refused("conflict", "insight.model.in_force", cast.admin, "insight.model.promote", version="a")
    await desk.do(cast.admin, "insight.model.rollback")
    await desk.refused("conflict", "insight.model.prior_in_force", cast.admin, "insight.model.rollback")


async def test_it_looks_once_a_month_and_keeps_what_was_better(
    engine: Engine, cast: Cast, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.completed(due="2026-12-10")
    better = life.Retrained(shifted(0.6), True, life.Decision(True, "better", 60))
    monkeypatch.setattr(life, "retrain", lambda champion, log, now: better)
    assert await Learner(tmp_path, lambda: NIGHT).tick() is True
    used = await in_force(tmp_path)
    assert used.local and used.model.card.shift == 0.6
    assert await Learner(tmp_path, lambda: NIGHT).tick() is False, "another worker finds the month done"
    found = await row("SELECT * FROM model_check")
    assert found is not None and (found["id"], found["after"], found["trouble"]) == ("2026-12", used.version, "")
    assert msgspec.json.decode(found["decision"])["why"] == "better"


async def test_a_failure_leaves_the_model_in_force_and_says_so(
    engine: Engine, cast: Cast, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.completed(due="2026-12-10")
    before = (await in_force(tmp_path)).version

    def fails(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(life, "retrain", fails)
    assert await Learner(tmp_path, lambda: NIGHT).tick() is False
    assert (await in_force(tmp_path)).version == before
    found = await row("SELECT * FROM model_check")
    assert found is not None and found["trouble"] and found["ended_at"] is not None


async def test_two_workers_begin_one_look_and_a_dead_ones_is_taken_over(engine: Engine, cast: Cast, tmp_path: Path) -> None:
    await carry_out(BeginCheck(id="2026-12", version="x"), actor=None, now=NIGHT, source="job")
    with pytest.raises(Refusal):
        await carry_out(BeginCheck(id="2026-12", version="x"), actor=None, now=NIGHT + timedelta(hours=1), source="job")
    await carry_out(BeginCheck(id="2026-12", version="y"), actor=None, now=NIGHT + timedelta(hours=7), source="job")
    assert [one["before"] for one in await rows("SELECT before FROM model_check")] == ["y"]
