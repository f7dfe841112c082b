"""Numbers → the places at which ``templates/shared/parts/charts.html`` draws them. Plain arithmetic; the words come in.

Across, a place is a share of the width in percent, so that letters keep their size on a phone; down, it is pixels.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

#: Room above for the letters of the highest level, and below for one line of names.
TOP: Final = 16
NAMES: Final = 18
#: How much of its slot a bar fills.
FILL: Final = 0.62


class Scale(msgspec.Struct, frozen=True):
    """A drawing of ``count`` slots across and of values from ``low`` to ``high`` over ``inner`` pixels."""

    count: int
    low: float
    high: float
    inner: int
    names: int = NAMES

    @property
    def height(self) -> int:
        """Of the whole drawing."""
        return TOP + self.inner + self.names

    def across(self, slot: float) -> float:
        """The middle of a slot, in percent of the width."""
        return 100 * (slot + 0.5) / max(self.count, 1)

    def part(self, value: float) -> float:
        """How far down a value stands, 0 (top) to 100."""
        span = self.high - self.low or 1.0
        return 100 * (1 - min(1.0, max(0.0, (value - self.low) / span)))

    def down(self, value: float) -> float:
        """The same in pixels of the drawing."""
        return TOP + self.part(value) * self.inner / 100


def text(number: float) -> str:
    """A place as both engines of templates write it."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def plot(
    scale: Scale,
    *,
    levels: Iterable[tuple[float, str]] = (),
    bands: Iterable[dict[str, str]] = (),
    lines: Iterable[dict[str, str]] = (),
    bars: Iterable[dict[str, str]] = (),
    dots: Iterable[dict[str, Any]] = (),
    texts: Iterable[dict[str, str]] = (),
    names: Sequence[tuple[str, bool]] = (),
) -> dict[str, Any]:
    """A drawing; ``names``: of the slots, each with whether a phone leaves it out."""
    return {
        "height": str(scale.height),
        "top": str(TOP),
        "inner": str(scale.inner),
        "levels": [{"y": text(scale.down(value)), "label": label} for value, label in levels],
        "bands": list(bands),
        "lines": list(lines),
        "bars": list(bars),
        "dots": list(dots),
        "texts": list(texts),
        "names": [
            {"x": text(scale.across(slot)), "y": str(scale.height - 4), "text": name, "thin": thin}
            for slot, (name, thin) in enumerate(names)
        ],
    }


def line(scale: Scale, values: Sequence[float | None], kind: str, shape: str = "") -> list[dict[str, str]]:
    """A line through the values; where one is missing it is broken."""
    runs: list[list[str]] = [[]]
    for slot, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{text(scale.across(slot))},{text(scale.part(value))}")
    # A line of one point is drawn as a dot by its round ends.
    return [{"kind": kind, "shape": shape, "points": " ".join(run if len(run) > 1 else run * 2)} for run in runs if run]


def level(scale: Scale, value: float, kind: str, shape: str = "reference") -> dict[str, str]:
    """A line across the whole."""
    at = text(scale.part(value))
    return {"kind": kind, "shape": shape, "points": f"0,{at} 100,{at}"}


def turn(scale: Scale, slot: int, kind: str) -> dict[str, str]:
    """A line from top to bottom before a slot."""
    at = text(scale.across(slot - 0.5))
    return {"kind": kind, "shape": "turn", "points": f"{at},0 {at},100"}


def band(scale: Scale, edges: Sequence[tuple[float, float] | None], kind: str) -> list[dict[str, str]]:
    """What lies between a lower and an upper value of each slot; broken where there is none."""
    runs: list[list[tuple[int, float, float]]] = [[]]
    for slot, edge in enumerate(edges):
        if edge is None:
            runs.append([])
        else:
            runs[-1].append((slot, *edge))
    found = []
    for run in runs:
        if len(run) > 1:
            corners = [(slot, high) for slot, _, high in run] + [(slot, low) for slot, low, _ in reversed(run)]
            found.append(
                {"kind": kind, "points": " ".join(f"{text(scale.across(slot))},{text(scale.part(value))}" for slot, value in corners)}
            )
    return found


def bars(scale: Scale, values: Sequence[float | None], kind: str, labels: Sequence[str]) -> list[dict[str, str]]:
    """A bar for each value that is more than nothing."""
    width = 100 / max(scale.count, 1)
    return [
        {
            "x": text(scale.across(slot) - width * FILL / 2),
            "w": text(width * FILL),
            "y": text(scale.down(value)),
            "h": text(max(1.0, scale.down(scale.low) - scale.down(value))),
            "kind": kind,
            "label": labels[slot],
        }
        for slot, value in enumerate(values)
        if value
    ]


def dots(scale: Scale, values: Sequence[float | None], kind: str, labels: Sequence[str], *, full: bool = False) -> list[dict[str, Any]]:
    """A dot for each value that is there."""
    return [
        {"x": text(scale.across(slot)), "y": text(scale.down(value)), "kind": kind, "full": full, "label": labels[slot]}
        for slot, value in enumerate(values)
        if value is not None
    ]


def month_names(months: Sequence[str]) -> list[tuple[str, bool]]:
    """``2026-10`` → ``10``, in January ``1/26``; a phone shows the first of each quarter."""
    return [(f"{int(one[5:])}/{one[2:4]}" if one.endswith("-01") else str(int(one[5:])), int(one[5:]) % 3 != 1) for one in months]
