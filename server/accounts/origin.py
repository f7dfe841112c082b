"""Whether a form that opens a session came from our own page, before there is a session to bind a token to."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def own_origin(headers: Mapping[str, str], public_url: str = "") -> bool:
    """Browsers say where a form comes from, in ``Sec-Fetch-Site`` or ``Origin``; programs say neither and carry no cookies of others."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    host = urlsplit(origin).netloc
    return bool(host) and host in (headers.get("host", ""), urlsplit(public_url).netloc)
