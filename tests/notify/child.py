"""A worker process whose channels carry nothing and note everything: ``python -m tests.notify.child <notes> <seconds> <channel> …``.

One line a letter in the file of notes: when, on which channel, to which address, the delivery, its messages.
"""

import os
import sys
import time
from typing import cast

import orjson

from server.cli.worker import run_worker
from server.notify.channels import ChannelName, Letter, Sent, To
from server.settings import read
from tests.notify.stub import Stub


class Noting(Stub):
    def __init__(self, name: ChannelName, notes: str, seconds: float) -> None:
        super().__init__(name, seconds=seconds)
        self.notes = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def send(self, to: To, letter: Letter) -> Sent:
        # Before it takes its time: as with a real service, the letter has left and the answer has not come yet.
        line = {"at": time.time(), "channel": self.name, "address": to.address, "delivery": letter.id, "messages": letter.messages}
        os.write(self.notes, orjson.dumps(line) + b"\n")
        return await super().send(to, letter)


def main(notes: str, seconds: str, *names: str) -> int:
    stubs = {cast(ChannelName, name): Noting(cast(ChannelName, name), notes, float(seconds)) for name in names}
    return run_worker(read(), child=True, channels=dict(stubs))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
