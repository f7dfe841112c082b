"""A model in force: a file that matches its card, and what it says of rows."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnxruntime

from ml.card import Card, card_path, digest, encode
from ml.errors import ModelRefused
from ml.features import FEATURES
from ml.types import Floats, Matrix

#: Where the prior lies that ships with the product.
SHIPPED = Path(__file__).parent / "models" / "overdue-risk.onnx"

#: Bands, from the lowest on. Words for them are made in the catalogue of sentences.
BANDS = ("low", "watch", "high")


@dataclass(frozen=True)
class Model:
    """Made by ``load``; nothing else should make one."""

    card: Card
    session: Any
    raw: bytes

    def probabilities(self, matrix: Matrix) -> Floats:
        """The probability that each row's task will not be closed by its due date, with the office's own shift."""
        if matrix.ndim != 2 or matrix.shape[1] != len(self.card.features):
            raise ValueError(f"a row has {len(self.card.features)} features, not {matrix.shape[1:]}")
        if not len(matrix):
            return np.zeros(0)
        said = self.session.run(["probabilities"], {"rows": np.ascontiguousarray(matrix, np.float32)})[0][:, 1].astype(np.float64)
        return shifted(said, self.card.shift)

    def band(self, probability: float) -> str:
        """One of ``BANDS``."""
        watch, high = self.card.bands
        return BANDS[(probability >= watch) + (probability >= high)]

    def with_shift(self, shift: float) -> "Model":
        """The same model with another intercept. ``save`` it to keep it."""
        return replace(self, card=msgspec.structs.replace(self.card, shift=shift))


def shifted(probabilities: Floats, shift: float) -> Floats:
    """Probabilities with ``shift`` added to their log odds."""
    if not shift:
        return probabilities
    safe = np.clip(probabilities, 1e-7, 1 - 1e-7)
    return 1 / (1 + np.exp(-(np.log(safe / (1 - safe)) + shift)))


def load(path: Path = SHIPPED) -> Model:
    """Reads a model and its card (the JSON beside it).

    Raises ModelRefused, with a sentence, when the card is missing or none, or the file is not the one that the card describes, is no ONNX
    model, or wants other features than this code computes.
    """
    try:
        raw, said = path.read_bytes(), card_path(path).read_bytes()
    except OSError as error:
        raise ModelRefused(f"The model {path.name} or its card cannot be read: {error.strerror}.") from error
    return read(raw, said, path.name)


def read(raw: bytes, said: bytes, name: str = "given") -> Model:
    """As ``load``, from bytes: the file and its card."""
    try:
        card = msgspec.json.decode(said, type=Card)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelRefused(f"The card of the model {name} is not one: {error}.") from error
    if digest(raw) != card.sha256:
        raise ModelRefused(f"The model {name} is not the file that its card describes: its hash is another.")
    if card.features != FEATURES:
        odd = sorted(set(card.features) ^ set(FEATURES)) or ["their order"]
        raise ModelRefused(f"The model {name} was made for another list of features: {', '.join(odd[:5])}.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a small model: handing rows to threads costs more than the trees
    options.log_severity_level = 4  # what is wrong is said by the refusal
    try:
        session = onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
        wanted = session.get_inputs()
        fits = [one.name for one in wanted] == ["rows"] and wanted[0].shape[1] == len(FEATURES)
        fits = fits and "probabilities" in [one.name for one in session.get_outputs()]
    except Exception as error:  # onnxruntime has no base class of its own errors
        raise ModelRefused(f"The model {name} is no ONNX model that can be run: {str(error).splitlines()[0]}.") from error
    if not fits:
        raise ModelRefused(f"The model {name} does not take {len(FEATURES)} features and give probabilities.")
    return Model(card, session, raw)


def save(model: Model, path: Path) -> None:
    """Writes the file and its card, each whole or not at all; a reader between the two refuses the pair."""
    for target, content in ((path, model.raw), (card_path(path), encode(model.card))):
        aside = target.with_name(target.name + ".new")
        aside.write_bytes(content)
        aside.replace(target)
