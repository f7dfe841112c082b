"""The one exception that a user may cause."""

from typing import Literal

from server.words import say

Code = Literal["not_allowed", "invalid", "conflict", "gone", "not_found"]

#: What each code is over HTTP.
HTTP_STATUS: dict[str, int] = {"not_allowed": 403, "invalid": 422, "conflict": 409, "gone": 410, "not_found": 404}


class Refusal(Exception):
    """A request that the rules refuse.

    ``code`` says which kind it is, ``key`` names the sentence in ``server/words`` and ``values`` fill it.
    ``field`` is the form field at fault, if there is one. Nothing has been written when a Refusal arrives.
    """

    def __init__(self, code: Code, key: str, *, field: str | None = None, **values: object) -> None:
        self.code: Code = code
        self.key = key
        self.field = field
        self.values = values
        self.message = say(key, **values)
        super().__init__(self.message)

    @property
    def status(self) -> int:
        """The HTTP status of this refusal."""
        return HTTP_STATUS[self.code]
