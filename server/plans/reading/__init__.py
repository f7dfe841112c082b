"""Documents → tables, by content and never by name.

The parsers are large and a document needs one of them, so each is loaded when it is first used.
"""

from importlib import import_module

from server.errors import Refusal
from server.plans.reading.delimited import decoded, pasted_place, read_delimited
from server.plans.reading.kinds import kind_of
from server.plans.reading.package import checked
from server.plans.shapes import DEFAULT_LIMITS, Kind, Limits, Progress, Table
from server.words import say

_FORMS: dict[Kind, str] = {"docx": "Word (.docx)", "xlsx": "Excel (.xlsx)", "pdf": "PDF", "text": "TSV, CSV", "html": "HTML"}


def load_parsers() -> None:
    """Load every parser now; for a process that waits for its document."""
    for kind in ("docx", "xlsx", "pdf", "markup"):
        import_module(f"server.plans.reading.{kind}")


def read_tables(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS, on_progress: Progress | None = None) -> list[Table]:
    """Every table of a document. ``name`` is only said back in sentences.

    Raises `Refusal` (code "invalid") and nothing else, whatever the bytes are.
    """
    kind = kind_of(data, name, limits)
    try:
        return _read(kind, data, name, limits, on_progress)
    except Refusal:
        raise
    except Exception as error:
        # The libraries raise all sorts of errors on broken files; to the person they are one.
        raise Refusal("invalid", "plans.broken", name=name, form=_FORMS[kind]) from error


def _read(kind: Kind, data: bytes, name: str, limits: Limits, on_progress: Progress | None) -> list[Table]:
    match kind:
        case "docx":
            from server.plans.reading.docx import read_docx

            with checked(data, name, _FORMS[kind], limits):
                return read_docx(data, name, limits)
        case "xlsx":
            from server.plans.reading.xlsx import read_xlsx

            with checked(data, name, _FORMS[kind], limits) as package:
                return read_xlsx(data, package, name, limits, on_progress)
        case "pdf":
            from server.plans.reading.pdf import read_pdf

            return read_pdf(data, name, limits, on_progress)
        case "html":
            from server.plans.reading.markup import read_html

            return read_html(decoded(data, name), limits)
    return _read_text(decoded(data, name), say("plans.at.file"), name, limits)


def read_pasted(text: str, limits: Limits = DEFAULT_LIMITS) -> list[Table]:
    """The tables of a pasted text: HTML, Markdown, or cells parted by tabs or other marks. Raises `Refusal` only."""
    name = say("plans.pasted")
    if len(text) > limits.file_bytes:
        size, limit = -(-len(text) // (1024 * 1024)), limits.file_bytes // (1024 * 1024)
        raise Refusal("invalid", "plans.too_large", name=name, size=size, limit=limit)
    try:
        return _read_text(text, pasted_place(), name, limits)
    except Refusal:
        raise
    except Exception as error:
        raise Refusal("invalid", "plans.broken", name=name, form=_FORMS["text"]) from error


def _read_text(text: str, where: str, name: str, limits: Limits) -> list[Table]:
    from server.plans.reading.markup import is_markdown, read_html, read_markdown

    if "<table" in text[:200_000].lower():
        return read_html(text, limits)
    if is_markdown(text):
        return read_markdown(text, where, limits)
    return read_delimited(text, where, name, limits)
