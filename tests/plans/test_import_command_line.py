"""`python -m server import-plan`: prints what is understood, creates only when told to, and ends with a sentence and a number."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.office import sqlite_copy
from tests.plans.helpers import DATA

ANNEX = DATA / "qd-717-phu-luc.docx"


@pytest.fixture
def folder(filled_sqlite: Path, tmp_path: Path) -> Path:
    """A data folder with the cast in it."""
    sqlite_copy(filled_sqlite, tmp_path)
    tmp_path.chmod(0o700)
    return tmp_path


def run(folder: Path, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOVIEC_")}
    env = kept | {"SOVIEC_DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "server", "import-plan", *map(str, words)], env=env, capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def tasks(folder: Path) -> int:
    with sqlite3.connect(folder / "soviec.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM task").fetchone()[0])


def test_it_prints_the_rows_without_a_database_and_makes_none(tmp_path):
    nowhere = tmp_path / "nowhere"
    done = run(nowhere, ANNEX, "--json")
    rows = json.loads(done.stdout)
    assert (done.returncode, len(rows), rows[3]["due"], rows[3]["due_text"]) == (0, 18, "2021-12-31", "Quý IV/2021")
    assert not nowhere.exists()


def test_it_creates_nothing_unless_told_to(folder):
    done = run(folder, ANNEX)
    assert done.returncode == 0 and "18 nhiệm vụ, 3 nhóm" in done.stdout
    assert tasks(folder) == 0


@pytest.mark.parametrize("words", [("--yes",), ("--as", "hcth.truong"), ("--yes", "--as", "khong.co")])
def test_it_wants_to_know_who_creates(folder, words):
    done = run(folder, ANNEX, *words)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert tasks(folder) == 0


def test_it_creates_all_rows_once(folder):
    done = run(folder, ANNEX, "--yes", "--as", "hcth.truong")
    assert done.returncode == 0, done.stderr
    assert "Đã tạo 18 nhiệm vụ" in done.stdout
    assert tasks(folder) == 18
    again = run(folder, DATA / "qd-717-phu-luc.xlsx", "--yes", "--as", "hcth.truong", "--json")
    assert again.returncode == 0 and len(json.loads(again.stdout)) == 18
    assert "không có gì để tạo thêm" in again.stderr
    assert tasks(folder) == 18


def test_an_officer_creates_nothing(folder):
    done = run(folder, ANNEX, "--yes", "--as", "cntt.cv1")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert tasks(folder) == 0


def test_a_row_that_is_refused_leaves_nothing(folder, tmp_path):
    file = tmp_path / "ke-hoach.tsv"
    file.write_text(
        "TT\tNhiệm vụ\tThời hạn\n1\tViệc thứ nhất của phòng\t31/12/2027\n2\t" + "dài " * 400 + "\t31/12/2027\n", encoding="utf-8"
    )
    done = run(folder, file, "--yes", "--as", "hcth.truong")
    assert done.returncode == 2 and "Dòng 2" in done.stderr
    assert tasks(folder) == 0
    with sqlite3.connect(folder / "soviec.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM plan_import").fetchone() == (0,)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04rubbish", "chỉ có chữ".encode()])
def test_a_bad_file_is_one_sentence_and_two(tmp_path, content):
    file = tmp_path / "hong.docx"
    file.write_bytes(content)
    done = run(tmp_path, file, "--json")
    assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (2, "", 1)
    assert run(tmp_path, tmp_path / "khong-co.docx").returncode == 2
