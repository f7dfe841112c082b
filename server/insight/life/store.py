"""The model in force, as this process has it: the champion's file from the data folder, or the prior that ships with the product."""

import logging
from pathlib import Path

import msgspec

from ml.errors import ModelRefused
from ml.model import SHIPPED, Model, load, read
from server.storage.engine import row

log = logging.getLogger("soviec.insight")

FOLDER = "models"


class InForce(msgspec.Struct, frozen=True):
    """A model and whether it knows this office; ``version`` tells one from another."""

    model: Model
    local: bool
    version: str


_kept: dict[str, InForce] = {}


def file_of(data: Path, sha256: str) -> Path:
    """Where a model of the office's own lies."""
    return data / FOLDER / f"{sha256}.onnx"


async def in_force(data: Path) -> InForce:
    """The champion. One that can't be read, or is not what its card says, is refused: the prior serves, and the log says so.

    Raises ModelRefused where not even the prior is whole: then nothing is scored, and what was scored stays.
    """
    champion = await row("SELECT id, sha256, card FROM model_file WHERE name = 'risk' AND state = 'champion'")
    if champion is not None:
        known = _kept.get(champion["id"] + champion["sha256"] + champion["card"])
        if known is not None:
            return known
        try:
            model = read(file_of(data, champion["sha256"]).read_bytes(), champion["card"].encode(), champion["id"])
        except (ModelRefused, OSError) as problem:
            log.error("model %s refused, the prior serves: %s", champion["id"], problem)
        else:
            _kept.clear()
            _kept[champion["id"] + champion["sha256"] + champion["card"]] = found = InForce(model, True, champion["id"])
            return found
    if "prior" not in _kept:
        prior = load(SHIPPED)
        _kept["prior"] = InForce(prior, False, prior.card.version)
    return _kept["prior"]
