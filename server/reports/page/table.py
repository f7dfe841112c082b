"""The tables of a report with a way from each number to the tasks behind it."""

from collections.abc import Set
from typing import Any
from urllib.parse import parse_qsl

from server.ledger.grains import Period
from server.reports.page.asked import Asked
from server.reports.page.behind import HAS_LIST
from server.reports.shape import Column, Row, Section
from server.reports.words import number


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
            "href": _href(row, column, asked, whole=whole) if value else "",
            "right": _right(column),
        }
        for column, value in zip(columns, row.values, strict=True)
    ]
    return {"label": row.label, "note": row.note, "level": row.level, "cells": cells}


def _href(row: Row, column: Column, asked: Asked, *, whole: bool) -> str:
    """The list behind a number; "" where there is none.

    The columns of ``summary`` are not figures but moments, and its lines are the figures.
    """
    moment = {"now": asked.period, "before": asked.period.before, "year_before": asked.period.year_before}.get(column.key)
    if moment is not None:
        return asked.behind(row.key, period=moment) if row.key in HAS_LIST else ""
    part = _part(row.key, asked)
    if part is not None and column.key in HAS_LIST:
        return asked.behind(column.key, period=part)
    drill = dict(parse_qsl(row.drill))
    # A plan's figures are of its tasks as they stand, whenever they were given or done: they are the lines below it.
    if column.key not in HAS_LIST or "plan" in drill or not (drill or whole):
        return ""
    return asked.behind(column.key, row.drill)


def _part(key: str, asked: Asked) -> Period | None:
    """The smaller period that a line is about, where it lies whole in the report's: a day, or a week that is cut, has no list."""
    try:
        part = Period.read(key)
    except ValueError:
        return None
    whole = asked.period
    return part if part != whole and whole.start <= part.start and part.last <= whole.last else None
