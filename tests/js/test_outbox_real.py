"""The device's outbox against the real server over HTTP, on a line that loses answers."""

import base64
import io
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from PIL import Image

from server.app import create_app
from server.settings import Settings
from tests.js.node import run
from tests.office import CAST, PASSWORD, Clock


@pytest.fixture
def served(settings: Settings, clock: Clock) -> Iterator[str]:
    """The address of the whole application, running."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings, clock=clock), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_everything_arrives_once_and_what_is_refused_says_why(served: str) -> None:
    drawn = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 11.0, 9.6)})
    Image.effect_noise((120, 90), 90).convert("RGB").save(drawn, "JPEG", quality=95, exif=exif)
    given = {
        "url": served,
        "username": "cntt.truong",
        "password": PASSWORD,
        "lead": CAST.officer,
        "picture": base64.b64encode(drawn.getvalue()).decode(),
    }
    found = run("outbox_real.mjs", given)
    assert found["stops"].count("offline") == 2 and found["stops"][-1] == "", found["stops"]
    states = [(one["name"], one["state"], one["code"]) for one in found["entries"]]
    assert states == [
        ("task.create", "applied", ""),
        ("task.comment", "applied", ""),
        ("task.comment", "rejected", "invalid"),
        ("task.comment", "rejected", "invalid"),
        ("task.comment", "applied", ""),
    ]
    program, empty = (one["message"] for one in found["entries"][2:4])
    assert "chương trình" in program and "nội dung" in empty
    assert found["left"] == 2, "what was applied is in the rows now"
    assert found["number"].startswith("#26-")
    assert [one["text"] for one in found["comments"]] == ["Kèm ảnh", "Sau cùng"]
    (picture,) = found["comments"][0]["attachments"]
    assert picture["name"] == "Ảnh hiện trường.jpg" and picture["sha256"] != found["sent"], "the server writes pictures anew"
