"""Contexts of the catalogue's pages."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from server.kpi.commands.catalogue import sentence
from server.kpi.queries.catalogue import Outside, Row, Version, entries_of
from server.kpi.rules.catalogue import MOST_POINTS
from server.kpi.rules.entries import COMPARED, Compared, Entry, faults
from server.people.directory import Directory
from server.tasks.rules import product_name
from server.tasks.search import plain
from server.tasks.show.values import amount, day, moment, name_of
from server.words import say

CHIPS = {"draft": ("doing", "edit"), "in_force": ("done", "check"), "replaced": ("wait", "history")}
CHANGES = {"new": ("done", "add"), "changed": ("soon", "edit"), "removed": ("wait", "trash"), "same": ("wait", "check")}
#: Pieces of work outside the catalogue on one page.
PAGE = 50


def version_context(one: Version, directory: Directory) -> dict[str, Any]:
    """A version's head: number, state, by which document, since when."""
    kind, icon = CHIPS[one.state]
    since, until = day(one.since), day(one.until)
    when = (
        say("kpi.catalogue.between", since=since, until=until) if until else say("kpi.catalogue.since_text", since=since) if since else ""
    )
    return {
        "id": one.id,
        "number": one.number,
        "title": say("kpi.catalogue.title_number", number=one.number),
        "name": one.name,
        "note": one.note,
        "size": one.size,
        "state": one.state,
        "chip": {"kind": kind, "icon": icon, "label": say(f"kpi.catalogue.state_{one.state}")},
        "document": say("kpi.catalogue.by_document", document=one.document, day=day(one.document_date)) if one.document else "",
        "when": when,
        "made": " · ".join(text for text in (name_of(directory, one.made_by), moment(one.made_at)) if text),
        "href": "/kpi/catalogue/draft" if one.state == "draft" else f"/kpi/catalogue/{one.number}",
        "export": f"/kpi/catalogue/{one.number}/export",
    }


def row_context(one: Row, standard: Row | None, codes: Mapping[str, str], uses: Mapping[str, int]) -> dict[str, Any]:
    """A product as a line: with how its coefficient comes of its points."""
    formula = ""
    if standard is not None and not one.parent:
        formula = say("kpi.catalogue.formula", points=amount(one.points), base=amount(standard.points), k=amount(one.k))
    marks = [say("kpi.catalogue.is_standard")] if standard is not None and one.id == standard.id else []
    marks += [say("kpi.catalogue.part_of", mark=codes.get(one.parent, ""))] if one.parent else []
    used = uses.get(one.id, 0)
    return {
        "id": one.id,
        "code": one.code,
        "duty": one.duty,
        "detail": one.detail,
        "name": one.name,
        "label": one.label,
        "unit": one.unit_of_count,
        "most": amount(one.most_points),
        "points": amount(one.points),
        "k": amount(one.k),
        "formula": formula,
        "marks": marks,
        "note": one.note,
        "used": say("kpi.catalogue.used", count=used) if used else "",
        "href": f"/kpi/catalogue/draft/rows/{one.id}",
    }


def matches(one: Row, asked: str) -> bool:
    """Whether every word that is asked for stands in the row, with or without its marks."""
    text = plain(" ".join((one.code, one.duty, one.detail, one.name, one.unit_of_count, one.note)))
    return all(word in text for word in plain(asked).split())


def rows_context(
    version: Version, products: Sequence[Row], uses: Mapping[str, int], *, asked: str = "", group: int = 0, base: str = ""
) -> dict[str, Any]:
    """The products of a version by complexity, as far as they are asked for; and the filters."""
    standard = next((one for one in products if one.id == version.standard), None)
    codes = {one.id: one.code for one in products}
    found = [one for one in products if matches(one, asked)]
    counts = {number: sum(one.complexity == number for one in found) for number in MOST_POINTS}
    shown = [one for one in found if not group or one.complexity == group]

    def address(number: int) -> str:
        given = {name: value for name, value in (("q", asked), ("group", str(number) if number else "")) if value}
        return f"{base}?{urlencode(given)}" if given else base

    filters = [{"href": address(0), "label": say("kpi.catalogue.every_group"), "count": len(found), "current": group == 0}]
    filters += [
        {"href": address(number), "label": say("kpi.catalogue.group", group=number), "count": counts[number], "current": group == number}
        for number in MOST_POINTS
    ]
    groups = [
        {
            "label": say("kpi.catalogue.group", group=number),
            "what": say(f"kpi.catalogue.group_what.g{number}"),
            "most": amount(most),
            "rows": [row_context(one, standard, codes, uses) for one in shown if one.complexity == number],
        }
        for number, most in MOST_POINTS.items()
    ]
    return {
        "groups": [one for one in groups if one["rows"]],
        "filters": filters,
        "q": asked,
        "group": group,
        "action": base,
        "standard": row_context(standard, standard, codes, uses) if standard else None,
    }


def draft_context(version: Version, products: Sequence[Row]) -> dict[str, Any]:
    """What keeps a draft from coming into force, and its products as a choice of the standard one."""
    standard = next((one.code for one in products if one.id == version.standard), "")
    wrong = faults(entries_of(products), standard)
    return {
        "faults": [sentence(one) for one in wrong[:100]],
        "faults_more": max(0, len(wrong) - 100),
        "products": [{"value": one.id, "label": f"{one.code} – {one.label}"[:120]} for one in products],
        "standard_id": version.standard or "",
    }


def value_of(one: Entry, field: str) -> str:
    """A field of a row in words."""
    value = getattr(one, field)
    if field in ("most_points", "points", "k"):
        return amount(value)
    if field == "complexity":
        return say("kpi.catalogue.group", group=value)
    return str(value) or "–"


def compared_context(found: Sequence[Compared], *, same: bool = False) -> dict[str, Any]:
    """What became of each product between two versions: counts, and what is new, changed and gone (and the same, where asked for)."""
    counts = {name: sum(one.change == name for one in found) for name in CHANGES}
    shown = [one for one in found if same or one.change != "same"]
    return {
        "counts": counts,
        "rows": [
            {
                "code": one.one.code,
                "label": product_name(one.one.duty, one.one.name),
                "detail": one.one.detail,
                "group": say("kpi.catalogue.group", group=one.one.complexity),
                "points": amount(one.one.points),
                "k": amount(one.one.k),
                "row": one.one.row,
                "chip": {
                    "kind": CHANGES[one.change][0],
                    "icon": CHANGES[one.change][1],
                    "label": say(f"kpi.catalogue.change_{one.change}"),
                },
                "fields": [
                    {"label": say(f"kpi.catalogue.field.{name}"), "before": value_of(one.before, name), "after": value_of(one.after, name)}
                    for name in COMPARED
                    if name in one.fields and one.before is not None and one.after is not None
                ],
            }
            for one in shown
        ],
    }


def outside_context(found: Sequence[Outside], drafted: set[str], start: int) -> dict[str, Any]:
    """Work that no product names, a page of it; ``drafted`` are the names that the draft has already, folded."""
    shown = found[start : start + PAGE]
    more = start + PAGE < len(found)
    return {
        "work": [
            {
                "key": one.key,
                "name": one.name,
                "count": one.count,
                "units": ", ".join(one.units[:3]) + ("…" if len(one.units) > 3 else ""),
                "tasks": [{"href": f"/tasks/{task}", "number": number, "title": title} for task, number, title in one.tasks],
                "drafted": one.key in drafted,
            }
            for one in shown
        ],
        "total": len(found),
        "total_tasks": sum(one.count for one in found),
        "pages": {
            "next": f"/kpi/catalogue/outside?start={start + PAGE}" if more else None,
            "shown": min(start + PAGE, len(found)),
            "total": len(found),
        },
    }


def form_values(one: Row | None) -> dict[str, str]:
    """The fields of a row's form."""
    if one is None:
        return {"complexity": "1"}
    texts = {name: getattr(one, name) for name in ("code", "duty", "detail", "name", "unit_of_count", "note")}
    numbers = {name: amount(getattr(one, name)) for name in ("points", "k", "most_points")}
    return {**texts, **numbers, "complexity": str(one.complexity), "parent": one.parent or ""}


def form_choices(products: Sequence[Row], own: str = "") -> dict[str, Any]:
    """The choices of a row's form: the groups, and the products that it may be a part of."""
    return {
        "groups": [
            {"value": str(number), "label": say("kpi.catalogue.group_choice", group=number, most=amount(most))}
            for number, most in MOST_POINTS.items()
        ],
        "wholes": [{"value": one.id, "label": f"{one.code} – {one.label}"[:120]} for one in products if not one.parent and one.id != own],
    }
