"""The model in force, its card, and how it has done here, in words and as charts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from ml.card import Card
from ml.metrics import LEAST_OUTCOMES
from server.insight.life.queries import Bin, Here
from server.insight.life.store import InForce
from server.insight.trends import charts
from server.insight.trends.show import percent
from server.people.directory import Directory
from server.people.rules import ORDER
from server.storage.engine import Row
from server.tasks.show.values import day, local_day, moment
from server.words import say
from server.words.numbers import number

#: What the page shows of a set of figures, in this order, and which hint explains it.
FIGURES: Final = {
    "auc": "auc",
    "within_stage_auc": "within_stage_auc",
    "brier": "brier",
    "ece": "ece",
    "precision_top_10": "precision",
    "recall_top_10": "recall",
    "precision_top_20": "precision",
    "recall_top_20": "recall",
}
#: What the elapsed share alone may be compared by: within a stage it ranks nothing, and whom it would pick there is chance.
OF_RULE: Final = ("auc", "within_stage_auc", "brier")
#: As ``ml.life`` names the data of a local model.
OWN_HISTORY: Final = "the office's own history"
#: Above this an index of stability is much.
MUCH: Final = 0.2
CALIBRATION: Final = 160
ALL_OUT: Final = "each office left out in turn, all together"
ONE_OUT: Final = " left out"
#: Names that our commands give to sets of figures; another name is shown as its card has it.
PROTOCOLS: Final = {"the rows it was made of (flatters)": "own_rows", "later tasks, which it has not seen": "later", ALL_OUT: "all_out"}


def decimals(value: float | None, digits: int = 3) -> str:
    """``0,774``, with the zeros at its end; a dash for none."""
    return "–" if value is None else f"{value:.{digits}f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")


def cell(found: Mapping[str, Any] | None) -> dict[str, str]:
    """A figure and between what it lies (95 %), or over the parts of a test from the least to the greatest."""
    if not found:
        return {"value": "–", "between": ""}
    value = found.get("value", found.get("mean"))
    low, high = found.get("interval") or (found.get("least"), found.get("greatest"))
    between = f"{decimals(low)} – {decimals(high)}" if low is not None and high is not None else ""
    return {"value": decimals(value), "between": between}


def figures_table(measured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each figure of the model beside that of the elapsed share alone."""
    ours, rule = measured.get("figures") or {}, measured.get("elapsed_rule") or {}
    return [
        {
            "name": say(f"insight.model.figure.{name}"),
            "hint": say(f"insight.model.hint.{hint}"),
            "ours": cell(ours[name]),
            "rule": cell(rule.get(name) if name in OF_RULE else None),
        }
        for name, hint in FIGURES.items()
        if name in ours
    ]


def group_table(found: Mapping[str, Mapping[str, Any]], names: Mapping[str, str], title: str) -> dict[str, Any]:
    """Figures by room or position; a group with too few outcomes has its number alone."""
    head = [title, *(say(f"insight.model.head.{word}") for word in ("tasks", "rate", "said", "auc", "within", "brier"))]
    listed = []
    for key, one in found.items():
        enough = "brier" in one
        shares = [percent(one["rate"]), percent(one["said"])] if enough else ["–", "–"]
        rest = [decimals(one.get(word)) for word in ("auc", "within_stage_auc", "brier")]
        listed.append([names.get(key, key), number(one["tasks"], 0), *shares, *rest])
    return {"head": head, "rows": listed}


def unit_names(known: Directory) -> dict[str, str]:
    """Rooms by identifier, as groups are named in figures."""
    return {one.id: one.short or one.name for one in known.units.values()}


def position_names() -> dict[str, str]:
    """Positions by key."""
    return {one: say(f"people.position.{one}") for one in ORDER}


def force_context(used: InForce, now: datetime) -> dict[str, Any]:
    """Which model it is and what it was made of."""
    card = used.model.card
    facts = [
        (say("insight.model.fact.version"), used.version),
        (say("insight.model.fact.made"), moment(datetime.fromisoformat(card.made), now)),
        *_data(card),
        (say("insight.model.fact.features"), number(len(card.features), 0)),
        (say("insight.model.fact.shift"), decimals(card.shift, 2)),
        (say("insight.model.fact.bands"), say("insight.model.bands", watch=percent(card.bands[0]), high=percent(card.bands[1]))),
        (say("insight.model.fact.sha256"), card.sha256),
    ]
    label = "insight.model.local" if used.local else "insight.model.prior"
    return {"local": used.local, "label": say(label), "facts": [{"name": name, "value": value} for name, value in facts if value]}


def _data(card: Card) -> list[tuple[str, str]]:
    data = card.data
    source = str(data.get("source", ""))
    found = [(say("insight.model.fact.source"), say("insight.model.own_history") if source == OWN_HISTORY else source)]
    if isinstance(data.get("tasks"), int):
        counts = {key: number(data.get(key) or 0, 0) for key in ("tasks", "late", "snapshots", "offices")}
        found.append((say("insight.model.fact.data"), say("insight.model.data", **counts)))
    if data.get("from") and data.get("to"):
        first, last = (day(date.fromisoformat(str(data[key]))) for key in ("from", "to"))
        found.append((say("insight.model.fact.span"), say("insight.model.from_to", first=first, last=last)))
    return found


def card_context(card: Card, known: Directory, *, rooms: bool) -> list[dict[str, Any]]:
    """The sets of figures on the card; ``rooms``: with those by room."""
    shown = []
    for name, measured in card.metrics.items():
        if not isinstance(measured, dict):
            continue
        flat = measured if "figures" in measured else measured.get("summary") or {}
        groups = []
        if rooms and measured.get("by_unit"):
            groups.append(group_table(measured["by_unit"], unit_names(known), say("insight.model.head.unit")))
        if measured.get("by_position"):
            groups.append(group_table(measured["by_position"], position_names(), say("insight.model.head.position")))
        counts = ""
        if "tasks" in measured:
            given = {key: number(measured.get(key) or 0, 0) for key in ("tasks", "tasks_late", "rows")}
            counts = say("insight.model.counts", **given)
        key = PROTOCOLS.get(name)
        title = say(f"insight.model.protocol.{key}") if key else name
        if not key and name.endswith(ONE_OUT):
            title = say("insight.model.protocol.one_out", name=name.removesuffix(ONE_OUT))
        shown.append({"title": title, "counts": counts, "rows": figures_table(flat), "groups": groups})
    return shown


def here_context(found: Here, known: Directory, *, rooms: bool) -> dict[str, Any]:
    """How it has done on this office's tasks; below 50 outcomes only how many there are."""
    return {
        "said": say(
            "insight.model.here", tasks=number(found.tasks, 0), late=number(found.late, 0), predictions=number(found.predictions, 0)
        ),
        "too_few": "" if found.figures else say("insight.model.too_few", least=LEAST_OUTCOMES, tasks=found.tasks),
        "rows": figures_table(found.figures),
        "calibration": calibration(found.bins) if found.bins else None,
        "units": group_table(found.by_unit, unit_names(known), say("insight.model.head.unit")) if rooms and found.by_unit else None,
    }


def calibration(bins: Sequence[Bin]) -> dict[str, Any]:
    """What was said beside what happened, from the lowest probability to the highest."""
    scale = charts.Scale(len(bins), 0.0, 1.0, CALIBRATION)
    rows = [[str(place), number(one.count, 0), percent(one.said), percent(one.happened)] for place, one in enumerate(bins, 1)]
    labels = [say("insight.model.bin", count=row[1], said=row[2], happened=row[3]) for row in rows]
    picture = charts.plot(
        scale,
        levels=[(part, percent(part)) for part in (1.0, 0.5, 0.0)],
        bars=charts.bars(scale, [one.happened for one in bins], "edge", labels),
        dots=charts.dots(scale, [one.said for one in bins], "do", labels, full=True),
        names=[(str(place), False) for place in range(1, len(bins) + 1)],
    )
    far = max(bins, key=lambda one: abs(one.said - one.happened))
    keys = [("bar", "edge", "happened"), ("full", "do", "said")]
    return {
        "title": say("insight.model.calibration"),
        "said": say("insight.model.calibration_said", said=percent(far.said), happened=percent(far.happened)),
        "key": [{"shape": shape, "kind": kind, "label": say(f"insight.model.key.{word}")} for shape, kind, word in keys],
        "plots": [{"name": "", "plot": picture}],
        "table": {"head": [say(f"insight.model.head.{word}") for word in ("bin", "predictions", "said", "rate")], "rows": rows},
    }


def checks_context(found: Sequence[Row], now: datetime) -> list[dict[str, str]]:
    """The monthly looks, the newest first."""
    return [_check(one, now) for one in found]


def _check(one: Row, now: datetime) -> dict[str, str]:
    drift, decision = (msgspec.json.decode(one[name] or "{}") for name in ("drift", "decision"))
    if one["ended_at"] is None:
        result = say("insight.model.check.running")
    elif one["trouble"]:
        result = one["trouble"]
    elif one["before"] != one["after"]:
        result = say("insight.model.check.changed", version=one["after"])
    else:
        result = say("insight.model.check.same", why=say(f"cli.model.why.{decision['why']}") if decision.get("why") else "")
    said, happened, moved = drift.get("said"), drift.get("happened"), drift.get("psi_probability")
    measured = said is not None and happened is not None
    return {
        "when": moment(one["at"], now),
        "result": result,
        "tasks": number(drift["tasks"], 0) if "tasks" in drift else "–",
        "calibration": say("insight.model.check.large", said=percent(said), happened=percent(happened)) if measured else "–",
        "drift": say("insight.model.check.much" if moved > MUCH else "insight.model.check.little", psi=decimals(moved, 2))
        if measured
        else "–",
    }


def verdict_of(one: Row) -> str:
    """On what this model was taken: its Brier score beside that of the one before it; nothing where that was not measured."""
    verdict = msgspec.json.decode(one["verdict"] or "{}")
    if verdict.get("brier_challenger") is None:
        return ""
    before, after = decimals(verdict["brier_champion"]), decimals(verdict["brier_challenger"])
    return say("insight.model.verdict", before=before, after=after, tasks=verdict.get("tasks", 0))


def versions_context(found: Sequence[Row], *, administrator: bool, now: datetime) -> list[dict[str, Any]]:
    """The office's own models, the newest first; an administrator may put those in force that are not."""
    shown = []
    for one in found:
        verdict = verdict_of(one)
        span = " – ".join(local_day(one[name]) for name in ("since", "until") if one[name] is not None)
        shown.append(
            {
                "version": one["id"],
                "state": say(f"cli.model.state.{one['state']}"),
                "current": one["state"] == "champion",
                "made": moment(one["made_at"], now),
                "span": span,
                "verdict": verdict,
                "may_promote": administrator and one["state"] != "champion",
            }
        )
    return shown
