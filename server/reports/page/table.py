"""The tables of a report with a way from each number to the tasks behind it."""

from collections.abc import Set
from typing import Any, Final
from urllib.parse import parse_qsl

from server.reports.page.asked import Asked
from server.reports.page.behind import HAS_LIST
from server.reports.shape import Column, Row, Section
from server.reports.words import number

#: The columns of ``summary`` are not figures but moments: a line says itself which figure it is.
OF: Final = "of"


def table_of(section: Section, asked: Asked, seen: Set[str] = frozenset()) -> dict[str, Any]:
    """Head, lines and sum as texts; a cell has ``href`` where there are tasks behind its number.

    ``seen``: the tasks of plans that the reader may see; their names lead to them.
    """
    table = section.table
    return {
        "head": table.head,
        "columns": [{"label": one.label, "right": _right(one)} for one in table.columns],
        "rows": [{**_row(one, table.columns, asked), "href": f"/tasks/{one.key}" if one.key in seen else ""} for one in table.rows],
        "total": {**_row(table.total, table.columns, asked, whole=True), "href": ""} if table.total else None,
    }


def _right(column: Column) -> bool:
    return column.kind not in ("text", "date")


def _row(row: Row, columns: list[Column], asked: Asked, *, whole: bool = False) -> dict[str, Any]:
    # A plan's task has no figures: it is one.
    told = [value for column, value in zip(columns, row.values, strict=True) if _right(column)]
    bare = row.level > 0 and all(value is None for value in told)
    cells = [
        {
            "text": "" if value is None and (bare or not _right(column)) else number(value, column.kind),
            "href": _href(row, place, column, asked, whole=whole) if value else "",
            "right": _right(column),
        }
        for place, (column, value) in enumerate(zip(columns, row.values, strict=True))
    ]
    return {"label": row.label, "note": row.note, "level": row.level, "cells": cells}


def _href(row: Row, place: int, column: Column, asked: Asked, *, whole: bool) -> str:
    """The list behind a number; "" where there is none."""
    drill = dict(parse_qsl(row.drill))
    of = drill.get(OF)
    if of is not None:
        moment = {0: asked.period, 1: asked.period.before, 2: asked.period.year_before}.get(place)
        return asked.behind(of, row.drill, moment) if of in HAS_LIST and moment else ""
    # A plan's figures are of its tasks as they stand, whenever they were given or done: they are the lines below it.
    if column.key not in HAS_LIST or "plan" in drill or not (drill or whole):
        return ""
    return asked.behind(column.key, row.drill)
