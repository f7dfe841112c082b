"""The card of a model: what it is, what it was made of, how good it is. It lies beside the model as JSON, and as Markdown for people."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec


class Steps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What training learned of each kind of event (a step), and what serving needs of it. See ml/steps.py."""

    place: dict[str, float] = {}
    """The usual share of a finished task's life at which the step is seen."""
    slots: dict[str, int] = {}
    """Which of the numbered features counts the step."""
    base: tuple[float, ...] = ()
    """The rate of lateness of tasks still open at each tenth of the term: what is thought of an office before it has outcomes."""


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that serving and people want to know of one model file."""

    version: str
    """The moment it was made, as a name that sorts: 20260114-083000."""
    sha256: str
    """Of the ONNX file."""
    features: tuple[str, ...]
    made: str
    """When, in ISO 8601."""
    label: str
    """What one reads under its figures: a key, not a sentence. The shipped "prior" is not yet adjusted to the office."""
    data: dict[str, Any]
    """Which logs, how many tasks and rows, from when to when, where they are from."""
    training: dict[str, Any]
    """Method, settings, calibration, parity."""
    metrics: dict[str, Any]
    """As ml/metrics.py gives them, by the name of the protocol."""
    steps: Steps = Steps()
    on_track: dict[str, tuple[float, ...]] = {}
    """For the reasons: each feature's usual value in tasks that ended on time, one number a stage."""
    reference: dict[str, Any] = {}
    """For the drift check: the quantiles of each feature and of the probability among the rows it was made of."""
    bands: tuple[float, float] = (0.3, 0.6)
    """From the first on a probability wants attention, from the second on it is high."""
    shift: float = 0.0
    """Added to the log odds: how this office differs from where the model was made (fit_intercept)."""


def card_path(model: Path) -> Path:
    """Where the card of a model file lies."""
    return model.with_suffix(".json")


def digest(model: bytes) -> str:
    """The hash that a card holds of its file."""
    return hashlib.sha256(model).hexdigest()


def encode(card: Card) -> bytes:
    """The card as JSON, for people, too."""
    return msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n"
