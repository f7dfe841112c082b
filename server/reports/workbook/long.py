"""A list of any length as a workbook: written line by line by a fast writer, so that neither time nor memory grows with it."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from rustpy_xlsxwriter import Format, write_worksheet

from server.reports.workbook.look import A4, FORMATS, TYPE
from server.reports.workbook.safe import is_plain, margin, plain, sheet_name
from server.reports.workbook.tasks import COLUMNS, Line, cells, heads
from server.words import say

#: Lines that one sheet takes, the head apart.
MOST_ROWS: Final = 1_000_000
#: Lines between two words on the progress.
STEP: Final = 1000
_MM: Final = 1 / 25.4


def write_list(
    path: Path, title: str, said: str, remark: str, lines: Iterable[Line], told: Callable[[int], None] | None = None, *, unit: str = ""
) -> int:
    """Write the list to ``path``; how many lines it got. ``lines`` are taken one by one and let go.

    The writer keeps texts as texts, whatever they begin with, and escapes what XML can't hold.
    """
    names = heads()
    written = 0

    def records() -> Iterator[dict[str, Any]]:
        nonlocal written
        for line in lines:
            # What can't be read is rare: a line is looked at whole, and only then value by value.
            values = cells(line) if is_plain("".join(filter(_is_text, cells(line)))) else [_plain(one) for one in cells(line)]
            yield {name: None if value == "" else value for name, value in zip(names, values, strict=True)}
            written += 1
            if told is not None and written % STEP == 0:
                told(written)
        if not written:
            # The writer knows its columns by the first line.
            yield dict.fromkeys(names)

    across = 4
    left = _text().set_align("left").set_align("top")
    big = Format().set_font_name(TYPE).set_font_size(15).set_bold().set_align("left")
    above: list[Any] = [(0, 0, 0, across, plain(title), big), (1, 0, 1, across, plain(said), left)]
    if remark:
        above.append((2, 0, 2, across, plain(remark), left))
    head = len(above) + 1
    write_worksheet(
        records(),
        str(path),
        sheet_name(say("workbook.tasks"), [], "1"),
        header_row=head,
        header_format=_text()
        .set_bold()
        .set_align("center")
        .set_align("vertical_center")
        .set_background_color("#DCE6F1")
        .set_border("thin"),
        merge_ranges=above,
        column_formats=[_text() if kind == "text" else _number(FORMATS[kind]) for _, kind, _ in COLUMNS],
        column_widths=[width for _, _, width in COLUMNS],
        freeze_row=head + 1,
        freeze_col=2,
        autofilter=True,
        page_setup={
            "landscape": True,
            "paper_size": A4,
            "fit_to_pages": (1, 0),
            "repeat_rows": head,
            "margins": {"left": 20 * _MM, "right": 15 * _MM, "top": 20 * _MM, "bottom": 20 * _MM, "header": 10 * _MM, "footer": 10 * _MM},
            "header": f"&L{margin(unit)}&R{margin(title)}",
            "footer": f"&R{say('workbook.page', page='&P', pages='&N')}",
        },
    )
    return written


def _text() -> Format:
    # The prefix keeps a text a text also when somebody edits the cell.
    return Format().set_font_name(TYPE).set_font_size(11).set_text_wrap().set_align("vertical_center").set_quote_prefix()


def _number(code: str) -> Format:
    return Format().set_font_name(TYPE).set_font_size(11).set_num_format(code).set_align("vertical_center")


def _is_text(value: Any) -> bool:
    return value.__class__ is str


def _plain(value: Any) -> Any:
    return plain(value) if isinstance(value, str) else value
