"""From fitted trees to an ONNX file that says the same, and two such files to one. Needs the training libraries."""

from typing import Any

import numpy as np

from ml.features import FEATURES
from ml.types import Floats, Matrix

PARITY = 1e-5


def exported(model: Any, matrix: Matrix) -> tuple[bytes, float]:
    """The ONNX file, and how far it is at most from the fitted trees over all the rows. Raises AssertionError beyond PARITY."""
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType

    inputs = [("rows", FloatTensorType([None, len(FEATURES)]))]
    made = convert_sklearn(model, "overdue-risk", inputs, options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    raw = made.SerializeToString()
    gap = float(np.abs(run(raw, matrix) - model.predict_proba(matrix.astype(np.float64))[:, 1]).max())
    if gap > PARITY:
        raise AssertionError(f"the exported model differs by {gap:.2g} from the fitted one")
    return raw, gap


def run(raw: bytes, matrix: Matrix) -> Floats:
    """What an ONNX file says of rows, without card or shift."""
    import onnxruntime

    session = onnxruntime.InferenceSession(raw, providers=["CPUExecutionProvider"])
    said: Floats = session.run(["probabilities"], {"rows": np.ascontiguousarray(matrix, np.float32)})[0][:, 1].astype(np.float64)
    return said


def blended(first: bytes, second: bytes, weights: tuple[float, float], shift: float = 0.0) -> bytes:
    """One file whose log odds are the weighted sum of two files' log odds, plus ``shift``: their trees stand side by side."""
    import onnx
    from onnx import helper

    models = [onnx.load_from_string(first), onnx.load_from_string(second)]
    nodes = [next(node for node in model.graph.node if node.op_type == "TreeEnsembleClassifier") for model in models]
    parts = [{one.name: helper.get_attribute_value(one) for one in node.attribute} for node in nodes]
    taken = 1 + max(parts[0]["nodes_treeids"])
    both: dict[str, Any] = {}
    for name, values in parts[0].items():
        other = parts[1][name]
        if name in ("post_transform", "classlabels_int64s"):
            both[name] = values
        elif name == "base_values":
            both[name] = [weights[0] * values[0] + weights[1] * other[0] + shift]
        elif name == "class_weights":
            both[name] = [weights[0] * one for one in values] + [weights[1] * one for one in other]
        elif name in ("nodes_treeids", "class_treeids"):
            both[name] = [*values, *(one + taken for one in other)]
        else:
            both[name] = [*values, *other]
    node = nodes[0]
    made = helper.make_node(node.op_type, list(node.input), list(node.output), domain=node.domain, **both)
    place = list(models[0].graph.node).index(node)
    models[0].graph.node.remove(node)
    models[0].graph.node.insert(place, made)
    raw: bytes = models[0].SerializeToString()
    return raw
