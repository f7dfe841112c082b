"""What a form sent, as plain values that can be shown again."""

from collections.abc import Iterator
from datetime import date

from litestar.datastructures import UploadFile

from server.errors import Refusal
from server.storage.ids import is_id, new_id
from server.web.replies import AnyRequest


class Form:
    """The fields of a form: texts, trimmed, and files. ``values`` is what a template shows again."""

    def __init__(self, pairs: list[tuple[str, str | UploadFile]]) -> None:
        self._texts: dict[str, list[str]] = {}
        self._files: dict[str, list[UploadFile]] = {}
        for name, value in pairs:
            if isinstance(value, UploadFile):
                if value.filename:
                    self._files.setdefault(name, []).append(value)
            else:
                self._texts.setdefault(name, []).append(value.replace("\r\n", "\n").strip())

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def text(self, name: str, otherwise: str = "") -> str:
        """The last value of a field."""
        return self._texts[name][-1] if self._texts.get(name) else otherwise

    def raw(self, name: str) -> str | None:
        """A field's value, or None where it is missing or empty."""
        return self.text(name) or None

    def many(self, name: str) -> list[str]:
        """Every value of a field that may come more than once, empty ones left out."""
        return [value for value in self._texts.get(name, []) if value]

    def checked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.text(name) not in ("", "0", "false")

    def day(self, name: str) -> date | None:
        """A date: what the browser sends (2026-11-23) or what people type (23/11/2026). Raises Refusal ``invalid`` at this field."""
        text = self.text(name)
        if not text:
            return None
        try:
            if "/" in text:
                day, month, year = (int(part) for part in text.split("/"))
                return date(year, month, day)
            if len(text) == 10 and text[4] != "-":
                # Python reads eight digits here and forgets what stands behind them.
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError:
            raise Refusal("invalid", "web.bad_day", field=name, value=text) from None

    def whole(self, name: str) -> int | None:
        """A whole number. Raises Refusal ``invalid`` at this field."""
        text = self.text(name)
        if not text:
            return None
        try:
            return int(text)
        except ValueError:
            raise Refusal("invalid", "web.bad_number", field=name, value=text) from None

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field."""
        return self._files.get(name, [])

    @property
    def mutation(self) -> str | None:
        """The identifier that the page gave this form, so that sending it twice does it once."""
        given = self.text("mutation")
        return given if is_id(given) else None

    @property
    def values(self) -> dict[str, str]:
        """Every field's last text, to show again."""
        return {name: texts[-1] for name, texts in self._texts.items() if texts}

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)


async def read_form(request: AnyRequest) -> Form:
    """The form of this request, urlencoded or multipart."""
    sent = await request.form()
    return Form(list(sent.multi_items()))


def new_mutation() -> str:
    """An identifier for a form that is about to be shown."""
    return new_id()
