"""``python -m server model``: which one is in force, learning, putting one in force, putting it back."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from ml import model as models
from ml.card import encode
from server.cli.main import main
from server.insight.life.commands import KeepModel
from server.insight.life.store import file_of
from server.storage import engine as engines
from server.storage.door import carry_out
from tests.office import SECRET


@pytest.fixture
def data(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an installation with the cast in it."""
    for name, value in {"DATA_DIR": str(tmp_path), "DATABASE_URL": sqlite_url, "SECRET_KEY": SECRET}.items():
        monkeypatch.setenv(f"SOVIEC_{name}", value)
    return tmp_path


async def _keep(data: Path, url: str, name: str) -> None:
    model = models.load(models.SHIPPED)
    card = msgspec.structs.replace(model.card, version=name, shift=0.25)
    file = file_of(data, card.sha256)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(model.raw)
    used = engines.use(engines.make(url))
    await used.open()
    await carry_out(KeepModel(card=encode(card).decode()), actor=None, now=datetime(2026, 11, 23, tzinfo=UTC), source="job")
    await used.close()


def test_a_model_is_promoted_and_put_back_and_its_card_is_read(data: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(_keep(data, sqlite_url, "local-a"))
    assert main(["model", "card"]) == 0
    told = capsys.readouterr().out
    assert "chưa hiệu chỉnh theo cơ quan" in told and "local-a  chờ so sánh" in told
    assert main(["model", "promote", "local-a"]) == 0 and main(["model", "card"]) == 0
    told = capsys.readouterr().out
    assert "Từ nay dùng mô hình local-a." in told and "local-a (đã hiệu chỉnh theo cơ quan)" in told and "+0.250" in told
    assert main(["model", "rollback"]) == 0
    assert "Đã quay lại: mô hình gốc" in capsys.readouterr().out


def test_what_can_not_be_done_is_one_sentence_and_the_model_stays(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "promote", "nothing"]) == 1
    assert "Không có mô hình nào mang phiên bản “nothing”" in capsys.readouterr().err
    assert main(["model", "rollback"]) == 1
    assert "không có mô hình nào trước đó" in capsys.readouterr().err


def test_an_office_without_history_learns_nothing_and_says_why(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "train"]) == 0
    told = capsys.readouterr().out
    assert "Vẫn dùng mô hình" in told and "chưa đủ việc đã kết thúc" in told
