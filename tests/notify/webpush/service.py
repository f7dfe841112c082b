"""A push service on loopback (RFC 8030): it looks at who sends, keeps what it is given, and answers as it is told."""

import base64
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def claims(authorization: str) -> dict[str, Any]:
    """What a signature says, once it has been found to be right."""
    assert Vapid02.verify(authorization)
    token = authorization.removeprefix("vapid t=").split(",")[0].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))


class Browser:
    """The keys of one subscription; only who has them can read what was sent to it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    @property
    def keys(self) -> dict[str, str]:
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": packed(point), "auth": packed(self._auth)}

    @property
    def subscription(self) -> dict[str, Any]:
        return {"endpoint": self.endpoint, "keys": self.keys}

    def read(self, content: bytes) -> dict[str, Any]:
        return json.loads(http_ece.decrypt(content, private_key=self._key, auth_secret=self._auth, version="aes128gcm"))


@dataclass
class Answer:
    """``drop``: the connection ends without an answer, after the letter has been taken."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    drop: bool = False


@dataclass
class Letter:
    path: str
    headers: dict[str, str]
    content: bytes


@dataclass
class PushService:
    """``answers`` are used up one after the other, then it says 201."""

    port: int = 0
    answers: list[Answer] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """What the setting calls it."""
        return f"127.0.0.1:{self.port}"

    def browser(self, name: str = "one") -> Browser:
        return Browser(f"{self.base}/push/{name}")

    def wait(self, count: int, seconds: float = 30) -> list[Letter]:
        """Until so many letters came."""
        for _ in range(int(seconds * 20)):
            if len(self.letters) >= count:
                return self.letters
            time.sleep(0.05)
        raise AssertionError(f"{len(self.letters)} letters came, not {count}")


@contextmanager
def push_service() -> Iterator[PushService]:
    made = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            made.letters.append(Letter(self.path, {name.lower(): value for name, value in self.headers.items()}, content))
            answer = made.answers.pop(0) if made.answers else Answer(headers={"Location": f"{made.base}/message/m{len(made.letters)}"})
            self.close_connection = True
            if answer.drop:
                return
            said = answer.body.encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
