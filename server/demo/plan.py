"""The plan's tasks as the invented office carries them on."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from server.calendar.rules import WorkingDays
from server.demo.life import Step, make_id
from server.demo.office import HERE, Office, last_of_month, months_from
from server.storage.ids import LOCAL

#: Days before the day of the demo on which the head of HCTH enters the plan.
ENTERED_BEFORE = 20


def plan_steps(seed: int, today: date, office: Office, days: WorkingDays) -> list[Step]:
    """The head of HCTH enters them, by the director's delegation; in order of time."""
    raw = tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))
    rng = Random(seed)  # noqa: S311 - an invented story has no secrets
    entered = datetime.combine(days.last_working(today - timedelta(days=ENTERED_BEFORE)), time(9), LOCAL)
    steps = []
    for place, task in enumerate(raw["tasks"]):
        at = (entered + timedelta(minutes=2 * place)).astimezone(UTC)
        due = days.last_working(last_of_month(months_from(today, task["month"]))) if "month" in task else None
        args = {
            "id": make_id(at, rng),
            "title": task["title"],
            "lead": office.by_username[task["lead"]].id,
            "due": due.isoformat() if due else None,
            "no_due": task.get("no_due"),
            "product_text": task["product"],
            "source": {"number": raw["source_number"], "date": raw["source_date"].isoformat(), "issuer": raw["source_issuer"]},
        }
        steps.append(Step(at=at, actor="hcth.truong", name="task.create", args=args))
    return steps


def plan_titles() -> list[str]:
    """Their titles, which the story does not repeat."""
    return [task["title"] for task in tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))["tasks"]]
