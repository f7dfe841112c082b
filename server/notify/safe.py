"""Secrets at rest: what a service rotates is kept encrypted with the installation's key.

A copy of the database alone opens nothing then.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.notify.channels import TransportError
from server.settings import Settings

#: Seconds until a letter asks again for a secret that can't be read: only an administrator can help.
LATER = 1800.0


class Unreadable(TransportError):
    """It was sealed with another key, or changed. Letters that need it wait, and the administrator's page says so."""

    def __init__(self) -> None:
        super().__init__("sending.why.secret_unreadable", retry_after=LATER, whole_channel=True)


def _fernet(settings: Settings) -> Fernet:
    # A key of its own, derived: the same bytes also sign the tokens of forms.
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"soviec channel secrets v1").derive(settings.secret())
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(settings: Settings, text: str) -> str:
    """The text, encrypted and signed; another one each time."""
    return _fernet(settings).encrypt(text.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """The text again. Raises Unreadable."""
    try:
        return _fernet(settings).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None
