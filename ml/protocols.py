"""python -m ml.protocols --logs DIR [--ship M.onnx --source TEXT]: how the figures of docs/models.md are taken.

Each office left out: trained on the other logs named permits-*, measured on the one left out. Split by time: trained on the tasks of
the log incidents that came due before a moment, measured on snapshots after it, for three moments. ``--ship`` makes the model of all
the logs permits-*, with the figures of the first protocol on its card, and leaves the second out.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ml.commands import ended, say
from ml.errors import BadLog
from ml.evaluation import evaluated
from ml.make import made, with_metrics
from ml.metrics import by_group, measured
from ml.model import Model
from ml.paper import write
from ml.reading import read_log
from ml.rows import Rows
from ml.tables import Log
from ml.types import Floats

#: Shares of the tasks that were begun before the split.
SPLITS = (0.6, 0.7, 0.8)


def pair(folder: Path, name: str) -> Log:
    """One log by its name."""
    return read_log([folder / f"{name}-tasks.csv.gz"], [folder / f"{name}-events.csv.gz"])


def summary(parts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Mean and spread of each figure over the parts, of the model and of the elapsed share alone."""
    out: dict[str, dict[str, Any]] = {}
    for kind in ("figures", "elapsed_rule"):
        for name in next(iter(parts.values()))[kind]:
            values = [part[kind][name]["value"] for part in parts.values()]
            out.setdefault(kind, {})[name] = {
                "mean": round(float(np.mean(values)), 4),
                "least": min(values),
                "greatest": max(values),
            }
    return out


def each_left_out(logs: dict[str, Log]) -> dict[str, Any]:
    """Leave one office out. ``all``: every office's snapshots together, each as seen by the model that did not know the office."""
    parts: dict[str, Any] = {}
    every: list[tuple[Rows, Floats]] = []
    names = list(logs)
    for name in names:
        say(f"{name} left out")
        model = made([log for other, log in logs.items() if other != name], datetime.now(UTC))
        parts[name], rows, said = evaluated(model, [logs[name]])
        every.append((rows, said))
        say(f"  {brief(parts[name])}")
    late, said, share = (np.concatenate(column) for column in zip(*((rows.late, said, rows.share) for rows, said in every), strict=True))
    task = np.concatenate([rows.task + number * 10**9 for number, (rows, _) in enumerate(every)])
    together = measured(task, late, said, share) | {
        "by_unit": by_group([unit for rows, _ in every for unit in rows.unit], late, said, share, task)
    }
    return {"parts": parts, "summary": summary(parts), "all": together}


def shipped(logs: dict[str, Log], found: dict[str, Any], source: str) -> Model:
    """The model of all the logs, with what leaving each out has shown."""
    say(f"Training on {', '.join(logs)}")
    model = made(list(logs.values()), datetime.now(UTC), say=say, about={"logs": ", ".join(logs), "source": source})
    metrics = {"each office left out in turn, all together": found["all"]}
    metrics |= {f"{name} left out": part for name, part in found["parts"].items()}
    return with_metrics(model, metrics, "prior")


def by_time(folder: Path, name: str) -> dict[str, Any]:
    """Train before, measure after."""
    log = pair(folder, name)
    parts = {}
    for share in SPLITS:
        cut = float(np.quantile(log.tasks.created, share))
        say(f"{name} split at {datetime.fromtimestamp(cut, UTC):%Y-%m-%d}")
        model = made([log], datetime.now(UTC), until=cut)
        parts[f"{share:.0%} before"] = evaluated(model, [log], after=cut)[0]
        say(f"  {brief(parts[f'{share:.0%} before'])}")
    return {"parts": parts, "summary": summary(parts)}


def brief(found: dict[str, Any]) -> str:
    return ", ".join(f"{name} {found['figures'][name]['value']:.3f}" for name in ("auc", "within_stage_auc", "brier", "ece"))


def main(given: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Reproduces the figures of docs/models.md.")
    parser.add_argument("--logs", type=Path, required=True, metavar="DIR", help="holds NAME-tasks.csv.gz and NAME-events.csv.gz")
    parser.add_argument("--ship", type=Path, metavar="M.onnx", help="write the model of all the logs permits-* with its card")
    parser.add_argument("--source", default="not said", help="where the logs are from, for the card")
    options = parser.parse_args(given)
    folder = options.logs
    names = sorted(path.name.removesuffix("-tasks.csv.gz") for path in folder.glob("*-tasks.csv.gz"))
    permits = [name for name in names if name.startswith("permits-")]
    found = {}
    if len(permits) > 1:
        logs = {name: pair(folder, name) for name in permits}
        found["each left out"] = each_left_out(logs)
        if options.ship:
            write(shipped(logs, found["each left out"], options.source), options.ship)
    if "incidents" in names and not options.ship:
        found["by time"] = by_time(folder, "incidents")
    if not found:
        raise BadLog(f"{folder} has neither several logs permits-* nor the log incidents.")
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    sys.exit(ended(main))
