"""The key pair by which push services know this installation (VAPID, RFC 8292), made once and kept; and the keys of a browser."""

import base64
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from server.notify.webpush.endpoint import POINT, SECRET, unpacked
from server.settings import Settings

#: Every subscription is bound to this key: who loses it has to ask all devices anew.
FILE = "push.key"
MODE = 0o600


def kept(folder: Path) -> Vapid02:
    """The installation's key. Whoever comes first makes it; it stands there whole or not at all."""
    path = folder / FILE
    if not path.exists():
        _make(path)
    return _read(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: str, _changed: int) -> Vapid02:
    return Vapid02.from_pem(Path(path).read_bytes())


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Vapid02()
    made.generate_keys()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made.private_pem())
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key is the key
    finally:
        draft.unlink(missing_ok=True)


def public_key(vapid: Vapid02) -> str:
    """What a browser is given with its subscription: the uncompressed point in base64url."""
    point = vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def subject(settings: Settings) -> str:
    """Whom a push service may write to; empty: web push is not set up here."""
    return settings.push_subject or (settings.public_url.rstrip("/") if settings.secure else "")


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether these are the keys of a subscription: a point of the curve P-256, and 16 bytes."""
    point = unpacked(p256dh, POINT)
    if point is None or unpacked(auth, SECRET) is None:
        return False
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        return False
    return True
