"""``model``: which model is in force, learning from this office's record, putting one in force, putting it back."""

import argparse

from ml.errors import ModelRefused
from server.cli.database import opened
from server.cli.ending import Ending
from server.insight.life.commands import PRIOR, PromoteModel, RollBack
from server.insight.life.learn import learn
from server.insight.life.store import in_force
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import rows
from server.storage.ids import LOCAL, utc_now
from server.words import say


async def model(settings: Settings, asked: argparse.Namespace) -> int:
    """Do one of them; 0 where it worked, 1 where the model stayed as it was because something failed."""
    async with opened(settings):
        now = utc_now()
        if asked.what == "promote":
            answer = await carry_out(PromoteModel(version=asked.version), actor=None, now=now, source="cli")
            print(say("cli.model.promoted", version=answer["version"]))
        elif asked.what == "rollback":
            answer = await carry_out(RollBack(), actor=None, now=now, source="cli")
            print(say("cli.model.rolled_back", version=_named(answer["version"])))
        elif asked.what == "train":
            return await _train(settings)
        else:
            await _card(settings)
    return 0


async def _train(settings: Settings) -> int:
    now = utc_now()
    print(say("cli.model.learning"), flush=True)
    try:
        found = await learn(settings.data, now, f"cli {now:%Y-%m-%dT%H:%M:%S.%f}", "cli")
    except ModelRefused as problem:
        raise Ending(say("cli.model.refused", why=problem)) from None
    assert found is not None  # nobody else has this name
    if found.trouble:
        raise Ending(found.trouble)
    print(say("cli.model.changed" if found.changed else "cli.model.same", version=found.version, why=say(f"cli.model.why.{found.why}")))
    return 0


async def _card(settings: Settings) -> None:
    try:
        used = await in_force(settings.data)
    except ModelRefused as problem:
        raise Ending(say("cli.model.refused", why=problem)) from None
    print(say("cli.model.in_force", version=used.version, label=say("cli.model.local" if used.local else "cli.model.prior")))
    card = used.model.card
    print(say("cli.model.card", sha256=card.sha256, made=card.made, shift=f"{card.shift:+.3f}", features=len(card.features)))
    for one in await rows("SELECT id, state, made_at FROM model_file WHERE name = 'risk' ORDER BY made_at DESC LIMIT 12"):
        state = say(f"cli.model.state.{one['state']}")
        print(say("cli.model.line", version=one["id"], state=state, made=f"{one['made_at'].astimezone(LOCAL):%d/%m/%Y %H:%M}"))


def _named(version: str) -> str:
    return say("cli.model.prior") if version == PRIOR else version
