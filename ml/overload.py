"""The overload index as a model of the same kind of file as the risk: arithmetic, versioned, hashed, run by the same runtime.

Nothing in it is learned, and its card says so: the highest, over the days ahead, of cumulative demand over cumulative capacity. It is a
file so that what said "quá tải" last month can be named and run again. ``python -m ml.overload`` writes it anew (needs the training group).
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnxruntime

from ml.card import card_path, digest
from ml.errors import ModelRefused
from ml.types import Floats

SHIPPED = Path(__file__).parent / "models" / "overload.onnx"
#: Working days ahead.
HORIZON = 10
#: Somebody with work and no capacity at all has no finite index; this one stands for it.
MOST = 9.99
TINY = 1e-6


class OverloadCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file is."""

    version: str
    sha256: str
    made: str
    horizon: int
    most: float
    #: Said on every page that shows the index.
    learned: bool
    formula: str


class Overload:
    """The model in force; made by ``load``."""

    def __init__(self, card: OverloadCard, session: Any) -> None:
        self.card = card
        self._session = session

    def indexes(self, demand: Sequence[Sequence[float]], capacity: Sequence[Sequence[float]]) -> tuple[Floats, Floats]:
        """For each person the index after each day (people × days), and the highest of them. Minutes in."""
        if not len(demand):
            return np.zeros((0, HORIZON)), np.zeros(0)
        given = {"demand": np.asarray(demand, np.float64), "capacity": np.asarray(capacity, np.float64)}
        days, peak = self._session.run(["days", "peak"], given)
        return np.asarray(days, np.float64), np.asarray(peak, np.float64)


def load(path: Path = SHIPPED) -> Overload:
    """Reads the file and its card. Raises ModelRefused, with a sentence, where they do not belong together or can't be run."""
    try:
        raw, said = path.read_bytes(), card_path(path).read_bytes()
        card = msgspec.json.decode(said, type=OverloadCard)
    except OSError as error:
        raise ModelRefused(f"The model {path.name} or its card cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelRefused(f"The card of the model {path.name} is not one: {error}.") from error
    if digest(raw) != card.sha256:
        raise ModelRefused(f"The model {path.name} is not the file that its card describes: its hash is another.")
    if card.horizon != HORIZON:
        raise ModelRefused(f"The model {path.name} looks {card.horizon} days ahead, not {HORIZON}.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no base class of its own errors
        raise ModelRefused(f"The model {path.name} is no ONNX model that can be run: {str(error).splitlines()[0]}.") from error
    return Overload(card, session)


def build() -> bytes:
    """The graph: cumulative sums, their ratio where there is demand, cut at ``MOST``, and its maximum."""
    from onnx import TensorProto, checker, helper, numpy_helper

    def constant(name: str, value: Any) -> Any:
        return numpy_helper.from_array(np.asarray(value), name)

    nodes = [
        helper.make_node("CumSum", ["demand", "axis"], ["asked"]),
        helper.make_node("CumSum", ["capacity", "axis"], ["there"]),
        helper.make_node("Max", ["there", "tiny"], ["safe"]),
        helper.make_node("Div", ["asked", "safe"], ["ratio"]),
        helper.make_node("Min", ["ratio", "most"], ["capped"]),
        helper.make_node("Greater", ["asked", "nothing"], ["wanted"]),
        helper.make_node("Where", ["wanted", "capped", "nothing"], ["days"]),
        helper.make_node("ReduceMax", ["days", "last"], ["peak"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "overload",
        [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["people", HORIZON]) for name in ("demand", "capacity")],
        [
            helper.make_tensor_value_info("days", TensorProto.DOUBLE, ["people", HORIZON]),
            helper.make_tensor_value_info("peak", TensorProto.DOUBLE, ["people"]),
        ],
        [
            constant("axis", np.int64(1)),
            constant("last", np.array([1], np.int64)),
            constant("tiny", np.float64(TINY)),
            constant("most", np.float64(MOST)),
            constant("nothing", np.float64(0)),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="so-viec")
    checker.check_model(model)
    return bytes(model.SerializeToString())


def write(path: Path = SHIPPED, now: datetime | None = None) -> OverloadCard:
    """Builds the file and its card."""
    made = now or datetime.now(UTC)
    raw = build()
    card = OverloadCard(
        version=f"overload-{made:%Y%m%d}",
        sha256=digest(raw),
        made=made.isoformat(timespec="seconds"),
        horizon=HORIZON,
        most=MOST,
        learned=False,
        formula="max over h in 1..10 of sum(demand[:h]) / sum(capacity[:h]), at most 9.99, 0 where nothing is asked",
    )
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(raw)
    card_path(path).write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")
    return card


if __name__ == "__main__":
    sys.stdout.write(f"{write().version}\n")
