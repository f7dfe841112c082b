"""What the line heard: who sent which mutation, and what the servers answered."""

import json
from typing import Any


class Ledger:
    """Filled by the proxy, read by the checks. ``wrong`` collects what breaks a promise at once."""

    def __init__(self) -> None:
        self.people: dict[str, str] = {}
        self.forget()

    def forget(self) -> None:
        """A new history begins."""
        self.answers: dict[str, dict[str, Any]] = {}
        self.senders: dict[str, set[str]] = {}
        self.wrong: list[str] = []
        self.pushes = 0

    def signed_in(self, cookie: str, person: str) -> None:
        """Whose this session is."""
        self.people[cookie] = person

    def sent(self, device: str, cookie: str, body: bytes) -> None:
        """A whole push goes to a server."""
        self.pushes += 1
        person = next((who for token, who in self.people.items() if token in cookie), f"nobody known, of {device}")
        for one in json.loads(body)["mutations"]:
            self.senders.setdefault(one["id"], set()).add(person)

    def answered(self, body: dict[str, Any]) -> None:
        """A server answered a push, whoever heard it: from here on every result is a promise."""
        for one in body["results"]:
            said = {key: value for key, value in one.items() if key != "seq"}
            first = self.answers.setdefault(one["id"], said)
            if first != said:
                self.wrong.append(f"promise 1: mutation {one['id']} was answered {first}, then {said}")

    def failed(self, method: str, path: str, status: int, body: bytes) -> None:
        """A server answered with an error of its own."""
        self.wrong.append(f"{method} {path} was answered {status}: {body[:300]!r}")
