"""One call to Zalo, and what it means that no answer came. Neither an address nor a token leaves here in an exception or a log."""

import logging
from typing import Any

import httpx
import msgspec
import orjson

from server.notify.channels import TransportError

#: Seconds. Zalo names no figure; its webhooks expect 2 s of us, so an answer that takes longer than this does not come.
TIMEOUT = httpx.Timeout(15.0, connect=5.0)
#: What a service says of an error goes into the log and to the administrator, this much of it.
DETAIL = 200

# At INFO httpx writes whole addresses, and the address of a bot's call holds its token; httpcore writes headers at DEBUG.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Answer(msgspec.Struct, frozen=True):
    """What came back. ``body`` is None where it is no JSON object; ``patience`` are the seconds that the service asks for."""

    status: int
    body: dict[str, Any] | None
    patience: float | None


def client() -> httpx.AsyncClient:
    """A client for one service; redirects are not followed, because a token would go with them."""
    return httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)


async def call(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    body: dict[str, Any] | None = None,
    form: dict[str, str] | None = None,
    patience: httpx.Timeout = TIMEOUT,
) -> Answer:
    """Ask, once. Raises TransportError: not reached, or ``unknown`` where the request had left and nothing came back."""
    try:
        answer = await http.request(method, url, headers=headers, json=body, data=form, timeout=patience)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError, httpx.InvalidURL):
        raise TransportError("notify.zalo.unreachable") from None
    except httpx.HTTPError as error:
        raise TransportError("notify.zalo.no_answer", unknown=True, detail=type(error).__name__) from None
    try:
        said = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        said = None
    return Answer(answer.status_code, said if isinstance(said, dict) else None, _seconds(answer.headers.get("retry-after")))


def demand(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer that the service itself gave. Raises TransportError for 429, 5xx and what nobody can read."""
    if answer.status == 429:
        raise TransportError("notify.zalo.rate", retry_after=answer.patience or 60, whole_channel=True, detail="HTTP 429")
    if answer.status >= 500:
        raise TransportError("notify.zalo.busy", retry_after=answer.patience, detail=f"HTTP {answer.status}")
    if answer.body is None:
        # 200 with something else in it: a gateway in between, and the letter may have passed it.
        raise TransportError("notify.zalo.no_answer", unknown=answer.status < 300, detail=f"HTTP {answer.status}")
    return answer.body


def brief(code: object, message: object) -> str:
    """The service's own words for the log: its code and the beginning of its sentence, on one line."""
    return f"{code} {' '.join(str(message or '').split())}"[:DETAIL].strip()


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() else None
