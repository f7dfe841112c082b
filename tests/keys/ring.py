"""A desk at which people of the cast also make keys."""

from typing import Any

from server.keys import commands  # noqa: F401  (registers the commands)
from server.keys.queries import Key, key_of
from server.keys.rules import Kind
from server.keys.secret import hash_of, hint_of, new_secret
from server.storage.ids import new_id
from tests.tasks.desk import Desk


class Ring(Desk):
    """Secrets of the keys that were made here, by identifier."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, str] = {}

    def words(self, kind: str, **more: Any) -> dict[str, Any]:
        """The arguments of ``key.make`` for a new secret."""
        secret = new_secret()
        given = {"id": new_id(), "kind": kind, "hash": hash_of(secret), "hint": hint_of(secret), **more}
        if kind != "calendar":
            given.setdefault("name", "Trục liên thông của tỉnh" if kind == "api" else "Màn hình sảnh tầng 1")
        if kind == "api":
            given = {"scopes": ["reports"], "until": "2027-11-22", **given}
        self.secrets[given["id"]] = secret
        return given

    async def make(self, actor: str, kind: str, **more: Any) -> str:
        """A new key's identifier."""
        return str((await self.do(actor, "key.make", **self.words(kind, **more)))["id"])

    async def opens(self, key: str, kind: Kind = "calendar") -> Key | None:
        """What the secret of this key opens now."""
        return await key_of(self.secrets[key], kind, self.now)
