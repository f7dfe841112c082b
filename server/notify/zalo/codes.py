"""What the Official Account API says by its error codes; they come with HTTP 200 (docs.zaloplatforms.com, OA, phụ lục "Bảng mã lỗi")."""

from server.notify.channels import TransportError
from server.notify.zalo.wire import brief

#: The access token is wrong, or expired: ask for another one and try once more.
TOKEN = frozenset({-216, -220})
#: The person wrote nothing to the account for 7 days, or never: only a template reaches him.
WINDOW = frozenset({-230, -232})
#: "… is invalid", "message type is invalid or not support": what the service says of a button that it does not take.
SHAPE = frozenset({-201, -233})
#: Does not follow, has restricted this type of message.
BLOCKED = frozenset({-213, -217, -244})
#: The account, the application or its money: no letter passes until an administrator has done something.
ACCOUNT = frozenset({-202, -204, -205, -206, -209, -212, -219, -221, -223, -224, -235, -240, -242, -320, -321})
HOUR = 3600.0


def trouble(code: int, message: object) -> TransportError:
    """What an error code makes of a letter. A code that is not known here refuses it for good: an administrator sees it, and can retry."""
    detail = brief(code, message)
    if code == -32:
        return TransportError("notify.zalo.rate", retry_after=60, whole_channel=True, detail=detail)
    if code in TOKEN:
        return TransportError("notify.zalo.token_refused", retry_after=60, whole_channel=True, detail=detail)
    if code == -211:
        return TransportError("notify.zalo.quota", retry_after=HOUR, whole_channel=True, detail=detail)
    if code == -218:
        return TransportError("notify.zalo.person_quota", retry_after=HOUR, detail=detail)
    if code == -234:
        return TransportError("notify.zalo.night", retry_after=HOUR, detail=detail)
    if code in BLOCKED:
        return TransportError("notify.zalo.unfollowed", permanent=True, address_ended="blocked", detail=detail)
    if code == -227:
        return TransportError("notify.zalo.inactive", permanent=True, detail=detail)
    if code in WINDOW:
        return TransportError("notify.zalo.window", permanent=True, detail=detail)
    if code in ACCOUNT:
        return TransportError("notify.zalo.account", retry_after=HOUR, whole_channel=True, detail=detail)
    if code == -200:
        # "Send message failed", without a reason.
        return TransportError("notify.zalo.busy", detail=detail)
    return TransportError("notify.zalo.refused", permanent=True, detail=detail)
