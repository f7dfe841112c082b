"""The access token of the Official Account: asked for by one worker at a time, kept before it is used.

Documented (docs.zaloplatforms.com, OA, "Xác thực và ủy quyền cho ứng dụng"): an access token lives 25 hours; a refresh token lives three
months and is good for one use, whose answer holds the next one. Not documented: by which code a spent refresh token is refused
(secondary sources: -14020), so whatever it is refused with, but a rate limit, counts as spent. If the answer is lost the token may be
spent or not: it is tried once more, and only a refusal is the end.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import msgspec

from server.notify import safe
from server.notify.channels import TransportError
from server.notify.zalo import wire
from server.notify.zalo.commands import SwapTokens
from server.notify.zalo.rules import EARLY, PAUSE, Tokens, begun, step, works
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import row
from server.storage.ids import new_id

log = logging.getLogger("soviec.notify")

#: Seconds: how long one looks for what another worker is fetching, how often, and the pauses between tries to keep a new token.
PATIENCE, GLANCE = 10.0, 0.2
KEEP_AGAIN = (0.0, 0.5, 2.0, 5.0)
#: Seconds until a letter tries again when only an administrator can help.
LATER = 1800.0


class Keeper:
    """One process's view of the tokens; many may run beside each other."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = asyncio.Lock()
        self._known = Tokens()
        #: Tokens that Zalo gave and the database would not take yet: nobody uses them before it has.
        self._unkept: tuple[Tokens, Tokens] | None = None

    async def access(self, http: httpx.AsyncClient, stale: str = "") -> str:
        """An access token that works, and is not ``stale``. Raises TransportError that lets every letter wait."""
        async with self._lock:
            if not works(self._known, stale, self._clock(), EARLY):
                self._known = await self._agreed(http, stale)
            return self._known.access

    async def _agreed(self, http: httpx.AsyncClient, stale: str) -> Tokens:
        waited = 0.0
        while True:
            if self._unkept is not None:
                spent, fresh = self._unkept
                return await self._keep(spent, fresh)
            kept, sealed = await self._stored()
            what = step(kept, stale, self._clock())
            if what == "use":
                return kept
            if what == "refresh":
                turn = msgspec.structs.replace(kept, turn=new_id(), turn_at=self._clock())
                if await self._swap(sealed, turn):
                    return await self._next(http, turn, stale)
                continue
            if what != "wait" or waited >= PATIENCE:
                raise _why_not(what, kept, self._clock())
            await asyncio.sleep(GLANCE)
            waited += GLANCE

    async def _next(self, http: httpx.AsyncClient, turn: Tokens, stale: str) -> Tokens:
        """The next pair; while there is none, the old access token as long as it lives."""
        try:
            return await self._refreshed(http, turn)
        except TransportError:
            if works(turn, stale, self._clock()):
                return turn
            raise

    async def _refreshed(self, http: httpx.AsyncClient, turn: Tokens) -> Tokens:
        """Ask for the next pair. Whatever comes of it is written before anybody hears of it."""
        settings = self._settings
        form = {"refresh_token": turn.refresh, "app_id": settings.zalo_app_id, "grant_type": "refresh_token"}
        url = settings.zalo_oauth.rstrip("/") + "/v4/oa/access_token"
        try:
            answer = await wire.call(http, "POST", url, headers={"secret_key": settings.zalo_app_secret}, form=form)
        except TransportError as lost:
            if lost.unknown:
                raise await self._doubted(turn) from None
            await self._put(turn, msgspec.structs.replace(turn, turn="", turn_at=None))
            raise TransportError(lost.why, whole_channel=True, retry_after=30, detail=lost.detail) from None
        said = answer.body or {}
        access, refresh = said.get("access_token"), said.get("refresh_token")
        if isinstance(access, str) and access and isinstance(refresh, str) and refresh:
            # Documented as text: "90000".
            lives = timedelta(seconds=_whole(said.get("expires_in"), 3600))
            fresh = Tokens(access=access, refresh=refresh, expires_at=self._clock() + lives, seeds=turn.seeds, app=turn.app)
            return await self._keep(turn, fresh)
        code = _whole(said.get("error"), 0)
        if answer.status == 429 or code == -32:
            await self._put(turn, msgspec.structs.replace(turn, turn="", turn_at=None))
            raise TransportError("notify.zalo.rate", retry_after=answer.patience or 60, whole_channel=True)
        if not code or answer.status >= 500:
            raise await self._doubted(turn)
        await self._put(turn, msgspec.structs.replace(turn, turn="", turn_at=None, doubt_until=None, spent=True))
        detail = wire.brief(code, said.get("error_name") or said.get("error_description"))
        raise TransportError("notify.zalo.token_spent", retry_after=LATER, whole_channel=True, detail=detail)

    async def _doubted(self, turn: Tokens) -> TransportError:
        """The answer was lost. The old access token goes on as long as it lives; the refresh token is tried once more after a pause."""
        until = self._clock() + PAUSE
        await self._put(turn, msgspec.structs.replace(turn, turn="", turn_at=None, doubt_until=until))
        return _why_not("doubtful", msgspec.structs.replace(turn, doubt_until=until), self._clock())

    async def _keep(self, spent: Tokens, fresh: Tokens) -> Tokens:
        """Write a new pair, and only then answer with it. While the database is away it is held, for it is the only one that there is."""
        self._unkept = (spent, fresh)
        for pause in KEEP_AGAIN:
            await asyncio.sleep(pause)
            try:
                kept = await self._put(spent, fresh)
            except Exception as away:
                log.warning("zalo: the new token could not be kept yet: %s", type(away).__name__)
                continue
            self._unkept = None
            return kept
        raise TransportError("notify.zalo.token_turn", retry_after=5, whole_channel=True)

    async def _put(self, before: Tokens, after: Tokens) -> Tokens:
        """Write ``after`` where the refresh token of ``before`` still stands, whoever has the turn now; answers what stands there then."""
        while True:
            kept, sealed = await self._stored()
            if kept.refresh != before.refresh or (kept.turn != before.turn and after.refresh == before.refresh):
                return kept
            if await self._swap(sealed, after):
                return after

    async def _stored(self) -> tuple[Tokens, str]:
        """What is kept, with a new authorisation put in, and the sealed text that it was."""
        found = await row("SELECT secrets FROM channel_state WHERE channel = 'zalo'")
        sealed = str(found["secrets"]) if found else ""
        try:
            kept = msgspec.json.decode(safe.unseal(self._settings, sealed), type=Tokens) if sealed else Tokens()
        except safe.Unreadable:
            # The installation has another key: what was kept is lost, and the setting says with what to begin anew.
            kept = Tokens()
        first = self._settings.zalo_refresh_token
        app = _hash(self._settings.zalo_app_id, self._settings.zalo_app_secret)
        return begun(kept, first=first, seed=_hash(first), app=app), sealed

    async def _swap(self, before: str, after: Tokens) -> bool:
        sealed = safe.seal(self._settings, msgspec.json.encode(after).decode())
        answer = await carry_out(SwapTokens(before=before, after=sealed), actor=None, now=self._clock(), source="job")
        return bool(answer["kept"])


def _why_not(what: str, kept: Tokens, now: datetime) -> TransportError:
    """Why nobody has an access token, and when to ask again."""
    if what == "doubtful":
        until = kept.doubt_until or now
        return TransportError("notify.zalo.token_doubtful", retry_after=max(1.0, (until - now).total_seconds()), whole_channel=True)
    if what == "spent":
        return TransportError("notify.zalo.token_spent", retry_after=LATER, whole_channel=True)
    if what == "missing":
        return TransportError("notify.zalo.token_missing", retry_after=LATER, whole_channel=True)
    return TransportError("notify.zalo.token_turn", retry_after=5, whole_channel=True)


def _hash(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _whole(value: object, otherwise: int) -> int:
    """A number that may come as text."""
    try:
        return int(str(value))
    except ValueError:
        return otherwise
