"""Telegram as its documentation says it is, over real HTTP on loopback; and what can go wrong with it, on demand.

It checks what it is given: the token, the length of a text, its markup, the size of what a button calls back with, the host behind a link.
"""

import html
import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

TOKEN = "123456:AAF-a_secret_that_nobody_may_read_in_a_log"
BOT = {"id": 123456, "is_bot": True, "first_name": "Sổ Việc", "username": "SoViecBot"}

#: Instead of an answer: take it and fall silent; carry it out and hang up; say something that is no JSON.
Trick = Literal["silent", "done_then_hang_up", "garbage"]


@dataclass
class Fault:
    """How one call fails: a status with a body, or a trick."""

    status: int = 0
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    trick: Trick | None = None


class Markup(HTMLParser):
    """The text behind the HTML that Telegram takes; anything else it can't parse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        self.bad = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("b", "i", "u", "s", "a", "code", "pre"):
            self.bad = tag
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.bad = tag

    def handle_data(self, data: str) -> None:
        self.text += data


class Service:
    """One bot's side of Telegram. ``with Service() as telegram: Settings(telegram_api=telegram.base, telegram_token=TOKEN)``."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.updates: list[dict[str, Any]] = []
        self.delivered: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] | None = None
        self.moved: dict[int, int] = {}
        self.closing = threading.Event()
        self.lock = threading.Lock()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                given = json.loads(self.rfile.read(int(self.headers.get("content-length", "0"))) or b"{}")
                service.answer(self, urlsplit(self.path).path, given)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "Service":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def fail(self, method: str, status: int = 0, description: str = "", trick: Trick | None = None, **parameters: Any) -> None:
        """The next call of this method goes wrong."""
        self.faults.setdefault(method, deque()).append(Fault(status, description, parameters, trick))

    def texts(self, chat: int | None = None) -> list[str]:
        """What stands in the chats, as people read it."""
        return [one["shown"] for one in self.delivered if chat is None or one["chat_id"] == chat]

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [given for name, given in self.calls if name == method]

    def answer(self, handler: BaseHTTPRequestHandler, path: str, given: dict[str, Any]) -> None:
        token, _, method = path.removeprefix("/bot").partition("/")
        with self.lock:
            self.calls.append((method, given))
            waiting = self.faults.get(method)
            fault = waiting.popleft() if waiting else None
        if token != TOKEN:
            return self._no(handler, Fault(401, "Unauthorized"))
        if fault is not None and fault.trick == "silent":
            self.closing.wait(5)
            handler.close_connection = True
            return None
        if fault is not None and fault.status:
            return self._no(handler, fault)
        outcome = getattr(self, f"_{method}", self._nothing)(given)
        if fault is not None and fault.trick == "done_then_hang_up":
            handler.close_connection = True
            return None
        if fault is not None and fault.trick == "garbage":
            return self._send(handler, 200, b"<html>gateway</html>")
        if isinstance(outcome, Fault):
            return self._no(handler, outcome)
        return self._send(handler, 200, json.dumps({"ok": True, "result": outcome}).encode())

    def _no(self, handler: BaseHTTPRequestHandler, fault: Fault) -> None:
        body: dict[str, Any] = {"ok": False, "error_code": fault.status, "description": fault.description}
        if fault.parameters:
            body["parameters"] = fault.parameters
        self._send(handler, fault.status, json.dumps(body).encode())

    def _send(self, handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
        try:
            handler.send_response(status)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except ConnectionError:
            # Whoever asked did not wait: he gave up, or was told to stop.
            handler.close_connection = True

    def _nothing(self, given: dict[str, Any]) -> Any:
        return True

    def _getMe(self, given: dict[str, Any]) -> Any:
        return BOT

    def _setWebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = given
        return True

    def _deleteWebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = None
        return True

    def _getUpdates(self, given: dict[str, Any]) -> Any:
        if self.webhook is not None:
            return Fault(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        until = time.monotonic() + given.get("timeout", 0)
        while True:
            with self.lock:
                if given.get("offset") is not None:
                    self.updates = [one for one in self.updates if one["update_id"] >= given["offset"]]
                found = list(self.updates)
            if found or time.monotonic() >= until or self.closing.wait(0.01):
                return found

    def _sendMessage(self, given: dict[str, Any]) -> Any:
        chat = given["chat_id"]
        if chat in self.moved:
            moved = {"migrate_to_chat_id": self.moved[chat]}
            return Fault(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
        shown = given["text"]
        if given.get("parse_mode") == "HTML":
            read = Markup()
            read.feed(shown)
            read.close()
            if read.bad or read.open:
                return Fault(400, f"Bad Request: can't parse entities: unsupported start tag {read.bad!r}")
            shown = read.text
        if not shown.strip():
            return Fault(400, "Bad Request: message text is empty")
        if len(shown.encode("utf-16-le")) // 2 > 4096:
            return Fault(400, "Bad Request: message is too long")
        for button in (one for line in given.get("reply_markup", {}).get("inline_keyboard", []) for one in line):
            host = urlsplit(button["url"]).hostname or "" if "url" in button else "a.b"
            if "." not in host or host.startswith("127."):
                return Fault(400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
            if len(button.get("callback_data", "").encode()) > 64:
                return Fault(400, "Bad Request: BUTTON_DATA_INVALID")
        self.delivered.append({**given, "shown": shown})
        return {"message_id": len(self.delivered), "date": 1, "chat": {"id": chat, "type": "private"}, "text": html.unescape(shown)}
