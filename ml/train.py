"""python -m ml.train --tasks T --events E [--prior M.onnx] --out M.onnx: makes a model and its card (JSON and Markdown beside it)."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ml.commands import ended, options, say, tell_skipped
from ml.evaluation import evaluated
from ml.make import made, with_metrics
from ml.model import load
from ml.paper import write
from ml.reading import read_offices, utc_seconds


def main(given: Sequence[str] | None = None) -> None:
    """The command. Raises what ml.commands.ended turns into a sentence."""
    parser = options("Trains a model of the risk that a task will be overdue.")
    parser.add_argument(
        "--prior", type=Path, metavar="M.onnx", help="start from this model: below 250 finished tasks only its intercept changes"
    )
    parser.add_argument("--until", metavar="TIME", help="use only tasks that came due by then; what came later measures the model")
    parser.add_argument("--out", type=Path, required=True, metavar="M.onnx")
    parser.add_argument("--source", default="", help="where the data are from, for the card")
    parser.add_argument("--label", default="", help="a word for the card")
    said = parser.parse_args(given)
    prior = load(said.prior) if said.prior else None
    after = utc_seconds(said.after) if said.after else -np.inf
    until = utc_seconds(said.until) if said.until else np.inf
    now = datetime.now(UTC)
    logs, skipped = read_offices(said.tasks, said.events, now)
    tell_skipped(skipped)
    say(f"{sum(len(log.tasks) for log in logs)} tasks and {sum(len(log.events) for log in logs)} events of {len(logs)} offices")
    about = {"files": ", ".join(path.name for path in said.tasks), "source": said.source or "not said", "left_out": skipped}
    model = made(logs, now, prior, after, until, say, about)
    say("Measuring on the rows it was made of" + (", and on later ones" if said.until else ""))
    metrics = {"the rows it was made of (flatters)": evaluated(model, logs, after, until)[0]}
    if said.until:
        metrics["later tasks, which it has not seen"] = evaluated(model, logs, until)[0]
    model = with_metrics(model, metrics, said.label)
    write(model, said.out)
    say(f"Wrote {said.out}, its card {said.out.with_suffix('.json').name} and {said.out.with_suffix('.md').name}")


if __name__ == "__main__":
    sys.exit(ended(main))
