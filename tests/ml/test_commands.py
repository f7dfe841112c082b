"""The two commands as people give them, and every bad log as a sentence with exit code 2."""

import csv
import gzip
import json
from datetime import timedelta

import pytest

from ml import evaluate, protocols, train
from ml.commands import ended
from ml.model import load, save
from ml.simulator import START, simulated, write


@pytest.fixture
def office(tmp_path):
    return write(tmp_path / "office", *simulated(160, seed=9))


@pytest.fixture
def saved(model, tmp_path):
    save(model, tmp_path / "model.onnx")
    return tmp_path / "model.onnx"


def run(command, *words):
    return ended(command.main, [str(word) for word in words])


def refused(capsys, command, *words):
    assert run(command, *words) == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert said.endswith(".") and "Traceback" not in said
    return said


def test_train_then_evaluate(office, tmp_path, capsys, few_trees):
    tasks, events = office
    assert run(train, "--tasks", tasks, "--events", events, "--out", tmp_path / "m.onnx") == 0
    assert "Fitting" in capsys.readouterr().err
    assert "# m" in (tmp_path / "m.md").read_text("utf-8")
    assert run(evaluate, "--model", tmp_path / "m.onnx", "--tasks", tasks, "--events", events, "--out", tmp_path / "s.csv") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sha256"] == load(tmp_path / "m.onnx").card.sha256
    assert set(told["figures"]) == set(told["elapsed_rule"]) and told["elapsed_rule"]["within_stage_auc"]["value"] == 0.5
    assert set(told["by_unit"]) == {f"room-{number}" for number in range(5)} and set(told["by_position"]) == {"officer"}
    with (tmp_path / "s.csv").open(encoding="utf-8") as file:
        scores = list(csv.DictReader(file))
    assert list(scores[0]) == ["id", "share", "at", "probability", "late"] and len(scores) == told["rows"]
    assert {row["share"] for row in scores} == {"0.10", "0.25", "0.50", "0.75", "0.90"}


def test_after_keeps_only_later_snapshots(office, saved, tmp_path, capsys):
    words = ("--model", saved, "--tasks", office[0], "--events", office[1], "--out", tmp_path / "s.csv")
    after = (START + timedelta(days=200)).isoformat()
    assert run(evaluate, *words, "--after", after) == 0
    with (tmp_path / "s.csv").open(encoding="utf-8") as file:
        assert min(row["at"] for row in csv.DictReader(file)) > after[:10]
    assert "not a moment" in refused(capsys, evaluate, *words, "--after", "soon")


def test_several_files_are_several_offices_and_an_id_twice_counts_once(office, saved, tmp_path, capsys):
    tasks, events = office
    second = tmp_path / "second.csv.gz"
    second.write_bytes(gzip.compress(tasks.read_bytes()))
    assert run(evaluate, "--model", saved, "--tasks", tasks, second, "--events", events, "--out", tmp_path / "s.csv") == 0
    assert "160 × task with the id of another" in capsys.readouterr().err


def test_a_prior_with_few_tasks_changes_its_intercept_only(office, saved, tmp_path):
    assert run(train, "--tasks", office[0], "--events", office[1], "--prior", saved, "--out", tmp_path / "m.onnx") == 0
    before, after = load(saved), load(tmp_path / "m.onnx")
    assert after.raw == before.raw and after.card.shift != 0


HEAD = "id,created,due,closed,type,unit,priority\n"
ON_TIME = "".join(f"{number},2024-01-01,2024-02-01,2024-01-31,,,\n" for number in range(60))

BAD_LOGS = {
    "one task": (HEAD + "1,2024-01-01,2024-02-01,2024-01-31,,,\n", "id,ts,actor,kind\n1,2024-02-02,,x\n", "on time"),
    "one class": (HEAD + ON_TIME, "id,ts,actor,kind\n1,2024-02-02,,x\n", "on time"),
    "no due dates": (HEAD.replace("due,", "") + "1,2024-01-01,2024-01-31,,,\n", "id,ts,actor,kind\n", "no task with a due date"),
    "the future": (HEAD + "1,2199-01-01,2199-02-01,2199-01-31,,,\n", "id,ts,actor,kind\n1,2199-01-02,,x\n", "no task with a due date"),
    "no tasks": (HEAD, "id,ts,actor,kind\n", "no task to be read"),
    "no rows that can be read": (
        HEAD + "1,31/01/2024,,,,,\n,2024-01-01,,,,,\n",
        "id,ts,actor,kind\n",
        "1 × task with a moment that cannot be read",
    ),
    "no such column": ("number,created\n1,2024-01-01\n", "id,ts,actor,kind\n", "no column id"),
    "an empty file": ("", "", "no column"),
    "not a table": ("\x00\x01\x02", "id,ts,actor,kind\n", "column"),
}


@pytest.mark.parametrize("name", BAD_LOGS)
def test_a_log_that_nothing_can_be_learned_from_is_a_sentence(name, tmp_path, capsys):
    tasks, events, expected = BAD_LOGS[name]
    (tmp_path / "t.csv").write_text(tasks)
    (tmp_path / "e.csv").write_text(events)
    said = refused(capsys, train, "--tasks", tmp_path / "t.csv", "--events", tmp_path / "e.csv", "--out", tmp_path / "m.onnx")
    assert expected in said
    assert not (tmp_path / "m.onnx").exists()


def test_a_truncated_archive_a_missing_file_and_a_broken_model_are_sentences(office, saved, tmp_path, capsys):
    tasks, events = office
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(tasks.read_bytes())[:-200])
    out = ("--events", events, "--out", tmp_path / "s.csv")
    assert "gzip" in refused(capsys, evaluate, "--model", saved, "--tasks", cut, *out)
    assert "cannot be read" in refused(capsys, evaluate, "--model", saved, "--tasks", tmp_path / "none.csv", *out)
    saved.write_bytes(b"")
    assert "hash" in refused(capsys, evaluate, "--model", saved, "--tasks", tasks, *out)
    assert "permits" in refused(capsys, protocols, "--logs", tmp_path)


def test_odd_rows_are_counted_and_the_rest_is_measured(saved, tmp_path, capsys):
    (tmp_path / "t.csv").write_text(
        "﻿ID,Created,Due,Closed\n1,2024-01-01 08:00,2024-02-01,2024-03-01\n2,2024-01-01T08:00:00+07:00,2024-02-01,\n3,01/02/2024,,\n",
        "utf-8",
    )
    (tmp_path / "e.csv").write_text("id,ts,actor,kind\n1,2024-01-05,,\n9,2024-01-05,,x\n1,never,,x\n1,2198-01-05,,x\n1\n", "utf-8")
    words = ("--model", saved, "--tasks", tmp_path / "t.csv", "--events", tmp_path / "e.csv", "--out", tmp_path / "s.csv")
    assert run(evaluate, *words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 10 and told["why_none"]
    assert sum(told["left_out"].values()) == 5
