"""What the office's own history makes of its model: measured, kept, promoted or not. Long work, so it runs in a thread."""

import asyncio
import logging
from datetime import datetime
from pathlib import Path

import msgspec

from ml import life
from ml.card import digest, encode
from ml.errors import NotEnough
from ml.model import Model
from ml.rows import looked_at, rows_of
from ml.tables import Log
from server.errors import Refusal
from server.insight.history.read import read
from server.insight.life.commands import BeginCheck, EndCheck, KeepModel
from server.insight.life.store import file_of, in_force
from server.storage.door import carry_out
from server.storage.transaction import Source
from server.words import say

log = logging.getLogger("soviec.insight")


class Learned(msgspec.Struct, frozen=True):
    """What came of it: the version in force afterwards, whether it is another one, why (a key of ``ml.life.Decision``), trouble if any."""

    version: str
    changed: bool
    why: str
    trouble: str = ""


async def learn(data: Path, now: datetime, name: str, source: Source = "job") -> Learned | None:
    """Look at the model in force and at what came since; put a better one in force. None: somebody else is at it, or was.

    ``name`` is the month, or another name of this look. A failure is written beside it; the model in force stays.
    """
    used = await in_force(data)
    try:
        await carry_out(BeginCheck(id=name, version=used.version), actor=None, now=now, source=source)
    except Refusal:
        return None
    try:
        log_now = await read(now)
        found, drift = await asyncio.to_thread(_worked_out, used.model, log_now, now)
        version = used.version
        if found.changed:
            version = await _kept(data, found.model, found.decision, now, source)
        done = EndCheck(id=name, version=version, drift=_json(drift), decision=_json(found.decision))
        await carry_out(done, actor=None, now=now, source=source)
        return Learned(version, found.changed, found.decision.why)
    except Exception as problem:
        log.exception("the model could not learn; the one in force stays")
        trouble = str(problem) if isinstance(problem, NotEnough) else say("insight.model.failed")
        await carry_out(EndCheck(id=name, version=used.version, trouble=trouble), actor=None, now=now, source=source)
        return Learned(used.version, False, "failed", trouble)


def _worked_out(champion: Model, history: Log, now: datetime) -> tuple[life.Retrained, life.Drift]:
    return _retrained(champion, history, now), life.drift(champion, history, now)


def _retrained(champion: Model, history: Log, now: datetime) -> life.Retrained:
    try:
        return life.retrain(champion, history, now)
    except ImportError:
        # Where the training libraries are not installed, the intercept is all that can be learned.
        rows = rows_of(looked_at([history]), champion.card.steps)
        shifted = life.adjusted(champion, rows, life.newest_from(rows))
        return life.Retrained(shifted, shifted is not champion, life.Decision(False, "no_training", rows.counts()[0]))


async def _kept(data: Path, model: Model, decision: life.Decision, now: datetime, source: Source) -> str:
    """The file first, then the row that names it: a row without its file would leave the office with the prior."""
    card = msgspec.structs.replace(model.card, version=f"{model.card.version.split('+')[0]}+{now:%Y%m%d%H%M%S}", sha256=digest(model.raw))
    target = file_of(data, card.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(".new")
    aside.write_bytes(model.raw)
    aside.replace(target)
    asked = KeepModel(card=encode(card).decode(), verdict=_json(decision), promote=True)
    return str((await carry_out(asked, actor=None, now=now, source=source))["version"])


def _json(what: object) -> str:
    return msgspec.json.encode(what).decode()
