"""The card of a model as Markdown, for people."""

from pathlib import Path
from typing import Any

from ml.card import Card
from ml.model import Model, save

NAMES = {
    "auc": "AUC, all stages together",
    "within_stage_auc": "AUC within a stage (mean)",
    "brier": "Brier score",
    "ece": "ECE, 10 bins of equal mass",
    "precision_top_10": "precision, top 10 % of each stage",
    "recall_top_10": "recall, top 10 % of each stage",
    "precision_top_20": "precision, top 20 % of each stage",
    "recall_top_20": "recall, top 20 % of each stage",
}


def cell(found: dict[str, Any]) -> str:
    """A value with its interval."""
    if found.get("value") is None:
        return "–"
    low, high = found.get("interval") or (None, None)
    return f"{found['value']:.3f}" + (f" ({low:.3f} to {high:.3f})" if low is not None and high is not None else "")


def table(measured: dict[str, Any]) -> list[str]:
    """One set of figures."""
    counts = f"{measured['tasks']} tasks, {measured['tasks_late']} late at some stage, {measured['rows']} snapshots."
    if "figures" not in measured:
        return [counts + f" No figures: {measured.get('why_none', 'none were taken')}."]
    lines = [counts, "", "| | model | elapsed share alone |", "|---|---|---|"]
    lines += [f"| {NAMES[name]} | {cell(found)} | {cell(measured['elapsed_rule'][name])} |" for name, found in measured["figures"].items()]
    return lines


def groups(title: str, found: dict[str, dict[str, Any]]) -> list[str]:
    """Figures by unit or position, for fairness."""
    if not found:
        return ["", f"By {title}: the data name none."]
    lines = ["", f"| {title} | tasks | late | said | AUC | within a stage | Brier |", "|---|---|---|---|---|---|---|"]
    for name, one in found.items():
        cells = [("–" if one.get(key) is None else f"{one[key]:.3f}") for key in ("rate", "said", "auc", "within_stage_auc", "brier")]
        lines.append(f"| {name} | {one['tasks']} | {' | '.join(cells)} |")
    return lines


def paper(card: Card, name: str) -> str:
    """The whole card."""
    lines = [
        f"# {name}",
        "",
        "The probability that an open task will not be closed by the due date that stands now. It proposes and never decides; it is about",
        "a task and never part of a person's score. No sex, no age, and no person's own rate of lateness is among its features.",
        "",
        f"* version {card.version}, made {card.made}, {card.label or 'without a label'}",
        f"* sha256 `{card.sha256}`, {len(card.features)} features",
        f"* intercept of this office: {card.shift:+.3f} in log odds",
        f"* bands: low below {card.bands[0]}, high from {card.bands[1]}, watch between",
        "",
        "## Data",
        "",
        *(f"* {key.replace('_', ' ')}: {value}" for key, value in card.data.items()),
        "",
        "## Training",
        "",
        *(f"* {key.replace('_', ' ')}: {value}" for key, value in card.training.items()),
        "",
        "## How good it is",
        "",
        "With 95 % intervals from a bootstrap over tasks. The pooled AUC flatters, because a task that has used more of its term is later",
        "anyway; within a stage the elapsed share alone has 0.5 by construction.",
    ]
    for protocol, measured in card.metrics.items():
        lines += ["", f"### {protocol}", "", *table(measured)]
        for title in ("unit", "position"):
            if f"by_{title}" in measured:
                lines += groups(title, measured[f"by_{title}"])
    return "\n".join(lines) + "\n"


def write(model: Model, path: Path) -> None:
    """A model with both of its cards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save(model, path)
    path.with_suffix(".md").write_text(paper(model.card, path.stem), "utf-8")
