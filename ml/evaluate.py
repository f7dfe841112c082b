"""python -m ml.evaluate --model M.onnx --tasks T --events E --out scores.csv: scores snapshots; the metrics go to stdout as JSON."""

import csv
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ml.commands import ended, options, say, tell_skipped
from ml.evaluation import evaluated
from ml.model import load
from ml.reading import read_offices, utc_seconds
from ml.rows import Rows
from ml.types import Floats


def main(given: Sequence[str] | None = None) -> None:
    """The command. Raises what ml.commands.ended turns into a sentence."""
    parser = options("Measures a model on a log.")
    parser.add_argument("--model", type=Path, required=True, metavar="M.onnx")
    parser.add_argument("--out", type=Path, required=True, metavar="scores.csv", help="columns id, share, at, probability, late")
    said = parser.parse_args(given)
    model = load(said.model)
    after = utc_seconds(said.after) if said.after else -np.inf
    logs, skipped = read_offices(said.tasks, said.events, datetime.now(UTC))
    tell_skipped(skipped)
    say(f"{sum(len(log.tasks) for log in logs)} tasks and {sum(len(log.events) for log in logs)} events of {len(logs)} offices")
    found, rows, probabilities = evaluated(model, logs, after)
    write(said.out, rows, probabilities)
    say(f"Wrote {len(rows)} snapshots to {said.out}")
    json.dump({"model": model.card.version, "sha256": model.card.sha256, **found, "left_out": skipped}, sys.stdout, indent=1)
    sys.stdout.write("\n")


def write(path: Path, rows: Rows, said: Floats) -> None:
    """The scores, in the order of the tasks and moments; ``at`` in UTC, ``late`` 1 or 0."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "share", "at", "probability", "late"])
        for place in np.lexsort((rows.share, rows.task)):
            at = datetime.fromtimestamp(float(rows.at[place]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            out.writerow([rows.ids[place], f"{rows.share[place]:.2f}", at, f"{said[place]:.6f}", int(rows.late[place])])


if __name__ == "__main__":
    sys.exit(ended(main))
