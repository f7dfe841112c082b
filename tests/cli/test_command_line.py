"""The command line as somebody at a terminal meets it: sentences, numbers to end with, no traceback."""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.office import PASSWORD, fill, sqlite_copy
from tests.postgres import free_port

STRONG = "Mat-khau-dai-2026!"


@pytest.fixture(scope="session")
def past_office(tmp_path_factory):
    """The cast was put in before the real clock of this machine: the doctor looks at that."""
    path = tmp_path_factory.mktemp("past") / "office.sqlite3"
    fill(f"sqlite:///{path}", datetime(2026, 1, 5, 1, 0, tzinfo=UTC))
    return path


@pytest.fixture
def office(past_office, tmp_path):
    """The environment of an installation with the cast in it."""
    sqlite_copy(past_office, tmp_path)
    tmp_path.chmod(0o700)
    return environment(tmp_path)


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOVIEC_")}
    return {**kept, "SOVIEC_DATA_DIR": str(folder), "SOVIEC_PORT": str(free_port()), **more}


def run(env, *words, typed=None):
    done = subprocess.run([sys.executable, "-m", "server", *words], env=env, capture_output=True, text=True, timeout=60, input=typed)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ((), {}),
        (("nothing",), {}),
        (("run", "--fast"), {}),
        (("user",), {}),
        (("user", "add", "a.b", "--name", "A"), {}),
        (("user", "add", "a.b", "--name", "A", "--position", "king"), {}),
        (("migrate",), {"SOVIEC_PORT": "many"}),
        (("migrate",), {"SOVIEC_DATABASE_URL": "mysql://x"}),
    ],
)
def test_it_answers_a_wrong_question_with_one_sentence_and_two(tmp_path, words, more):
    done = run(environment(tmp_path, **more), *words)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_it_helps():
    done = run(environment(Path("/nonexistent")), "--help")
    assert done.returncode == 0
    for word in ("run", "migrate", "demo", "user", "import-plan", "doctor"):
        assert word in done.stdout


def test_it_migrates_once(tmp_path):
    env = environment(tmp_path / "new")
    assert "2 bước" in run(env, "migrate").stdout
    assert "phiên bản mới nhất" in run(env, "migrate").stdout
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_data_folder_that_can_not_be_made_is_one_sentence():
    done = run(environment(Path("/proc/1/soviec")), "migrate")
    assert (done.returncode, "SOVIEC_DATA_DIR" in done.stderr) == (1, True)


def test_a_database_that_is_not_there_is_one_sentence(tmp_path):
    done = run(environment(tmp_path, SOVIEC_DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_port()}/none"), "migrate")
    assert (done.returncode, "SOVIEC_DATABASE_URL" in done.stderr) == (1, True)


def test_it_adds_a_user_who_can_be_found_and_switched_off(office):
    done = run(
        office,
        "user",
        "add",
        "cntt.cv9",
        "--name",
        "Hồ Nhật Điển",
        "--position",
        "officer",
        "--unit",
        "cntt",
        "--password-stdin",
        typed=STRONG,
    )
    assert (done.returncode, done.stderr) == (0, "")
    again = run(
        office, "user", "add", "cntt.cv9", "--name", "X", "--position", "officer", "--unit", "cntt", "--password-stdin", typed=STRONG
    )
    assert (again.returncode, "đã có người dùng" in again.stderr) == (1, True)
    assert run(office, "user", "password", "cntt.cv9", "--password-stdin", typed=STRONG + "2").returncode == 0
    assert run(office, "user", "disable", "cntt.cv9").returncode == 0
    assert run(office, "user", "enable", "cntt.cv9").returncode == 0
    with sqlite3.connect(Path(office["SOVIEC_DATA_DIR"]) / "soviec.sqlite3") as database:
        found = database.execute(
            "SELECT p.name, p.rank, a.must_change, a.password_hash FROM person p JOIN account a ON a.person = p.id "
            "WHERE username = 'cntt.cv9'"
        ).fetchone()
    assert found[:3] == ("Hồ Nhật Điển", 100, 1)
    assert found[3].startswith("$argon2id$")
    assert run(office, "doctor").returncode == 0


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("user", "add", "a.b", "--name", "A", "--position", "officer", "--unit", "CNTT"), "weak", "14 ký tự"),
        (("user", "add", "a.b", "--name", "A", "--position", "officer", "--unit", "XYZ"), STRONG, "HCTH"),
        (("user", "add", "a.b", "--name", "A", "--position", "officer"), STRONG, "đơn vị"),
        (("user", "add", "A B", "--name", "A", "--position", "officer", "--unit", "CNTT"), STRONG, "Tên đăng nhập"),
        (("user", "password", "nobody"), STRONG, "nobody"),
    ],
)
def test_what_can_not_be_done_is_one_sentence(office, words, typed, said):
    done = run(office, *words, "--password-stdin", typed=typed)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_first_administrator_of_a_real_office_needs_no_unit(tmp_path):
    env = environment(tmp_path)
    words = ("user", "add", "quantri", "--name", "Quản trị", "--position", "admin", "--lasting", "--password-stdin")
    assert run(env, *words, typed=STRONG).returncode == 0
    done = run(env, "demo")
    assert (done.returncode, "người dùng thật" in done.stderr) == (1, True)


def test_the_doctor_finds_nothing_wrong_where_all_is_well(office):
    done = run(office, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "✗" not in done.stdout


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder, database: folder.chmod(0o755), "chmod 700"),
        (lambda folder, database: ((folder / "secret.key").write_text("x" * 40), (folder / "secret.key").chmod(0o644)), "chmod 600"),
        (lambda folder, database: ((folder / "push.key").write_text("x"), (folder / "push.key").chmod(0o644)), "push.key có quyền 644"),
        (
            lambda folder, database: database.execute(
                "INSERT INTO address (id, channel, address, label, person, state, since, data) SELECT id, 'webpush', 'https://x', '', id, "
                "'active', '2026-01-05 01:00:00+00:00', '{}' FROM person WHERE username = 'cntt.cv1'"
            ),
            "1 thiết bị",
        ),
        (lambda folder, database: database.execute("UPDATE audit_entry SET after = '{}' WHERE seq = 7"), "từ mục số 7"),
        (
            lambda folder, database: database.execute(
                "INSERT INTO task (id, creator, assigner, created_at, changed_at) SELECT id, id, id, "
                "'2026-01-05 01:00:00+00:00', '2026-01-05 01:00:00+00:00' FROM person WHERE username = 'cntt.cv1'"
            ),
            "1 nhiệm vụ chưa khớp",
        ),
        (lambda folder, database: database.execute("DELETE FROM migration"), "nâng cấp chưa chạy"),
        (lambda folder, database: database.execute("UPDATE audit_entry SET at = '2999-01-01 00:00:00+00:00' WHERE seq > 3"), "Đồng hồ"),
    ],
)
def test_the_doctor_finds_what_is_wrong_and_says_how_to_mend_it(office, harm, said):
    folder = Path(office["SOVIEC_DATA_DIR"])
    database = sqlite3.connect(folder / "soviec.sqlite3", isolation_level=None)
    harm(folder, database)
    database.close()
    done = run(office, "doctor")
    assert done.returncode == 1
    assert any(line.startswith("✗") and said in line for line in done.stdout.splitlines()), done.stdout


def test_the_doctor_knows_a_file_that_is_no_database(office):
    (Path(office["SOVIEC_DATA_DIR"]) / "soviec.sqlite3").write_bytes(b"no database at all" * 1000)
    done = run(office, "doctor")
    assert (done.returncode, "✗" in done.stdout) == (1, True)


def test_the_doctor_warns_of_the_demo_password(office):
    with sqlite3.connect(Path(office["SOVIEC_DATA_DIR"]) / "soviec.sqlite3") as database:
        database.execute("UPDATE person SET demo = 1")
    inside = run({**office, "SOVIEC_DEMO_PASSWORD": PASSWORD, "SOVIEC_PUBLIC_URL": "http://127.0.0.1:8000"}, "doctor")
    assert (inside.returncode, "! Có 9 tài khoản" in inside.stdout) == (0, True)
    outside = run({**office, "SOVIEC_DEMO_PASSWORD": PASSWORD, "SOVIEC_PUBLIC_URL": "https://soviec.example"}, "doctor")
    assert (outside.returncode, "✗ Có 9 tài khoản" in outside.stdout) == (1, True)
    other = run({**office, "SOVIEC_DEMO_PASSWORD": "Mot-mat-khau-khac-2026!"}, "doctor")
    assert "Không có tài khoản nào" in other.stdout


def test_a_plan_is_shown_as_json(office, tmp_path):
    file = tmp_path / "ke-hoach.csv"
    file.write_text(
        "STT,Nội dung công việc,Đơn vị chủ trì,Thời gian hoàn thành\n1,Rà soát thủ tục hành chính,Phòng CNTT,31/12/2026\n", encoding="utf-8"
    )
    done = run(office, "import-plan", str(file), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["title"] == "Rà soát thủ tục hành chính"
    missing = run(office, "import-plan", str(tmp_path / "none.docx"))
    assert (missing.returncode, len(missing.stderr.strip().splitlines())) == (2, 1)
