"""Zalo on loopback: the Official Account API, its authorisation and the Bot API, as documented; and what can go wrong."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

APP, APP_SECRET, OA_SECRET = "1234567890", "app-secret-nobody-reads", "oa-secret-nobody-reads"
FIRST_REFRESH = "refresh-0-nobody-reads"
BOT_TOKEN = "987:bot-token-nobody-reads"
SECRETS = ("nobody-reads",)

#: What the service does with one call instead of its ordinary answer: an HTTP status, an error code, or carry it out and hang up.
Fault = int | str


class Zalo:
    """``with Zalo() as zalo: Settings(zalo_api=zalo.base, …)``. ``faults["cs"].append(-32)`` lets the next call go wrong."""

    def __init__(self) -> None:
        self.refresh = FIRST_REFRESH
        self.access = ""
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.delivered: list[dict[str, Any]] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.updates: deque[dict[str, Any]] = deque()
        self.refreshes = 0
        #: Called with every access token that is used, before the answer.
        self.on_use: Callable[[str], None] = lambda token: None
        self.slow = 0.0
        self._lock = threading.Lock()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                service.answer(self, self.rfile.read(int(self.headers.get("content-length", "0"))))

            def do_GET(self) -> None:
                service.answer(self, b"")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self) -> "Zalo":
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    def fail(self, what: str, *faults: Fault) -> None:
        """The next calls of ``what`` ("cs", "template", "token", "sendMessage", …) go wrong, one after the other."""
        self.faults.setdefault(what, deque()).extend(faults)

    def texts(self) -> list[str]:
        return [one["text"] for one in self.delivered if "text" in one]

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]

    def answer(self, handler: BaseHTTPRequestHandler, raw: bytes) -> None:
        path = handler.path
        given: dict[str, Any] = {}
        if raw:
            form = "urlencoded" in handler.headers.get("content-type", "")
            given = {name: values[0] for name, values in parse_qs(raw.decode()).items()} if form else json.loads(raw)
        name = "token" if path.endswith("/access_token") else path.rpartition("/")[2]
        with self._lock:
            self.asked.append((name, given))
            fault = self.faults[name].popleft() if self.faults.get(name) else None
            if isinstance(fault, int) and fault >= 400:
                return self.say(handler, fault, {"error": fault} if fault < 500 else None)
            said = {"error": fault, "message": "…"} if isinstance(fault, int) else self.carry_out(handler, path, name, given)
        if self.slow:
            time.sleep(self.slow)
        if fault == "hang up":
            handler.close_connection = True
            return handler.connection.close()
        return self.say(handler, 200, said)

    def carry_out(self, handler: BaseHTTPRequestHandler, path: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
        if path == "/v4/oa/access_token":
            return self.authorise(handler, given)
        if path.startswith("/bot"):
            return self.bot(path, name, given)
        token = handler.headers.get("access_token", "")
        self.on_use(token)
        if not self.access or token != self.access:
            return {"error": -216, "message": "Access token is invalid"}
        if path == "/v2.0/oa/getoa":
            return {"error": 0, "message": "Success", "data": {"oa_id": "4318", "name": "Trung tâm PVHCC"}}
        if path == "/v3.0/oa/message/cs":
            text = given["message"]["text"]
            if len(text.encode("utf-16-le")) // 2 > 2000 or not given["recipient"]["user_id"]:
                return {"error": -201, "message": "text is invalid!"}
            self.delivered.append({"to": given["recipient"]["user_id"], **given["message"]})
            return {
                "error": 0,
                "message": "Success",
                "data": {"message_id": f"m{len(self.delivered)}", "user_id": given["recipient"]["user_id"]},
            }
        if path == "/v3.0/oa/message/template":
            self.delivered.append({"to": given["user_id"], "template": given["template_id"], "data": given["template_data"]})
            return {"error": 0, "message": "Success", "data": {"message_id": f"t{len(self.delivered)}"}}
        return {"error": -201, "message": path}

    def authorise(self, handler: BaseHTTPRequestHandler, given: dict[str, Any]) -> dict[str, Any]:
        if handler.headers.get("secret_key") != APP_SECRET or given.get("app_id") != APP or given.get("grant_type") != "refresh_token":
            return {"error": -14004, "error_name": "Invalid app"}
        if given.get("refresh_token") != self.refresh:
            return {"error": -14020, "error_name": "Invalid refresh token"}
        self.refreshes += 1
        self.refresh = f"refresh-{self.refreshes}-nobody-reads"
        self.access = f"access-{self.refreshes}-nobody-reads"
        return {"access_token": self.access, "refresh_token": self.refresh, "expires_in": "90000"}

    def bot(self, path: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
        if path.split("/")[1] != f"bot{BOT_TOKEN}":
            return {"ok": False, "error_code": 401, "description": "Unauthorized"}
        if name == "getUpdates":
            if self.updates:
                return {"ok": True, "result": self.updates.popleft()}
            time.sleep(0.02)
            return {"ok": False, "error_code": 408, "description": "Request timeout"}
        if name == "sendMessage":
            self.delivered.append({"to": given["chat_id"], "text": given["text"]})
            return {"ok": True, "result": {"message_id": f"b{len(self.delivered)}", "date": 1749632637199}}
        if name == "getMe":
            return {"ok": True, "result": {"id": "1459", "account_name": "bot.SoViec", "account_type": "BASIC", "can_join_groups": False}}
        return {"ok": True, "result": {"url": given.get("url", ""), "updated_at": 1749538250568}}

    def say(self, handler: BaseHTTPRequestHandler, status: int, body: dict[str, Any] | None) -> None:
        content = b"<html>gateway</html>" if body is None else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
