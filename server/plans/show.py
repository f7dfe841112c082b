"""The rows understood, for the command line."""

from server.plans.rules.deadlines import written
from server.plans.shapes import Plan, Row
from server.words import say


def as_json(plan: Plan) -> list[dict[str, object]]:
    """One object a task; ``due`` is YYYY-MM-DD or null, ``doubts`` are sentences, empty when all is clear."""
    return [
        {
            "row": row.row,
            "number": row.number,
            "group": row.group,
            "title": row.title,
            "lead": row.lead_text,
            "partners": row.partners_text,
            "product": row.product,
            "start": row.start.isoformat() if row.start else None,
            "due": row.due.isoformat() if row.due else None,
            "due_text": row.due_text,
            "cadence": row.cadence,
            "note": row.note,
            "doubts": [doubt.message for doubt in row.doubts],
        }
        for row in plan.rows
    ]


def as_text(plan: Plan) -> str:
    """The plan as lines that a person reads in a terminal."""
    lines: list[str] = []
    if plan.heading.title:
        lines.append(plan.heading.title)
    path: list[str] = []
    for row in plan.rows:
        if row.group_path != path:
            path = row.group_path
            lines.extend(["", " › ".join(path)])
        lines.extend(_row(row))
    doubtful = sum(bool(row.doubts) for row in plan.rows)
    lines.extend(["", say("plans.printed.sum", tasks=len(plan.rows), groups=len(plan.groups), doubtful=doubtful)])
    lines.extend(f"! {warning}" for warning in plan.warnings)
    return "\n".join(lines)


def _row(row: Row) -> list[str]:
    if row.due:
        when = written(row.due)
    else:
        when = say("plans.printed.no_due") if row.cadence == "once" else say(f"plans.cadence.{row.cadence}").lower()
    details = [say("plans.printed.due", when=when) + (f" (“{row.due_text}”)" if row.due_text else "")]
    texts = {"lead": row.lead_text, "partners": row.partners_text, "product": row.product, "note": row.note}
    details.extend(say(f"plans.printed.{name}", text=text) for name, text in texts.items() if text)
    return [f"{row.row:>4}. {row.title}", *(f"      {detail}" for detail in details), *(f"      ? {doubt.message}" for doubt in row.doubts)]
