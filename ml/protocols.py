"""python -m ml.protocols --logs DIR: how the figures of docs/models.md were taken, from training to measuring.

Each office left out: trained on the other logs named permits-*, measured on the one left out. Split by time: trained on the outcomes of the
log incidents known before a moment, measured on snapshots after it, for three moments.
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
from ml.make import made
from ml.reading import read_log
from ml.tables import Log

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


def each_left_out(folder: Path, names: Sequence[str]) -> dict[str, Any]:
    """Leave one office out."""
    logs = {name: pair(folder, name) for name in names}
    parts = {}
    for name in names:
        say(f"{name} left out")
        model = made([log for other, log in logs.items() if other != name], datetime.now(UTC))
        parts[name] = evaluated(model, [logs[name]])[0]
        say(f"  {brief(parts[name])}")
    return {"parts": parts, "summary": summary(parts)}


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
    folder = parser.parse_args(given).logs
    names = sorted(path.name.removesuffix("-tasks.csv.gz") for path in folder.glob("*-tasks.csv.gz"))
    permits = [name for name in names if name.startswith("permits-")]
    found = {}
    if len(permits) > 1:
        found["each left out"] = each_left_out(folder, permits)
    if "incidents" in names:
        found["by time"] = by_time(folder, "incidents")
    if not found:
        raise BadLog(f"{folder} has neither several logs permits-* nor the log incidents.")
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    sys.exit(ended(main))
