"""Scores of the invented office: a catalogue from the first day, the closed months of this year, the open one half scored.

Months that are over are scored in one step each, by a command of the demo's own; what it writes is what the single commands would have
written, and the closing of each month is the product's own.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import orjson

from server.calendar.rules import WorkingDays
from server.demo.life import Step
from server.demo.office import Office, Person, fixed_id, last_of_month
from server.kpi.commands.periods import ClosePeriod
from server.kpi.commands.petitions import FilePetition
from server.kpi.record.book import book_of, computed
from server.kpi.rules.general import MOST
from server.kpi.tables import KpiSheet
from server.storage.door import Command, carry_out, handles, inside
from server.storage.engine import row, rows
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction

#: Of a hundred tasks so many have no product of the catalogue: they wait for its next version.
OUTSIDE = 7
#: Of the story's ad hoc tasks so many stay so: what comes outside of the plan only adds (Đ18.1d), and much of it hides the plan.
AD_HOC = 0.25
#: Who decides about the director.
ABOVE = "Lãnh đạo Văn phòng UBND tỉnh"
STRENGTHS = (
    "Chủ động, hoàn thành đúng hạn các việc được giao.", "Phối hợp tốt với các phòng, trả lời hồ sơ nhanh.",
    "Nắm chắc quy trình, ít phải sửa lại.", "Có sáng kiến rút ngắn thời gian giải quyết thủ tục.",
)  # fmt: skip
WEAKNESSES = (
    "Một số báo cáo còn chậm so với kế hoạch.", "Văn bản trình đôi khi còn lỗi thể thức.", "Chưa chủ động báo cáo khi việc có vướng mắc.",
    "Cập nhật tiến độ chưa đều.",
)  # fmt: skip


class ScoreMonth(Command, tag="demo.kpi.month"):
    """Everybody's self-score and confirmation of an open month, then its closing: ``people`` are names of columns and values."""

    period: str
    people: dict[str, dict[str, Any]]
    close: bool


@handles(ScoreMonth)
async def score_month(tx: Transaction, given: ScoreMonth) -> dict[str, Any]:
    """As the single commands store it, for a whole office at once."""
    for person, values in given.people.items():
        stamps = {"self_at": tx.now - timedelta(days=2), "confirmed_at": tx.now - timedelta(hours=3), "state": "confirmed"}
        stored: dict[Any, Any] = {getattr(KpiSheet, name): value for name, value in (values | stamps).items()}
        await KpiSheet.update(stored).where((KpiSheet.period == given.period) & (KpiSheet.person == person))
    tx.audit("score", "kpi_period", given.period, after={"people": len(given.people), "demo": True})
    if not given.close:
        return {"closed": 0}
    period = await row("SELECT * FROM kpi_period WHERE id = $1", given.period)
    assert period is not None
    people = [one["person"] for one in await rows("SELECT person FROM kpi_sheet WHERE period = $1", given.period)]
    book = await book_of(period, people, tx.now)
    found = {person: computed(book, person) for person in people}
    without = [person for person, one in found.items() if not one.away and one.total is None]
    return await inside(tx, ClosePeriod(period=given.period, without_data=without))


async def products_in_force() -> dict[str, str]:
    """The product of each code, the smallest coefficient first."""
    found = await rows(
        "SELECT p.code, p.id FROM kpi_product p JOIN kpi_catalogue c ON c.id = p.catalogue WHERE c.state = 'in_force' ORDER BY p.k, p.code"
    )
    return {one["code"]: one["id"] for one in found}


def with_products(steps: Iterable[Step], products: dict[str, str], seed: int) -> Iterator[Step]:
    """The same steps, in which a new task names a product, as most do; parts of a task and tasks with parts name none."""
    rng = Random(seed)  # noqa: S311 - an invented story has no secrets
    known = list(steps)
    wholes = {step.args.get("parent") for step in known}
    ids = list(products.values())
    # Small products are made more often than large ones, and what comes outside of the plan is small.
    weights = [1.5**-place for place in range(len(ids))]
    for step in known:
        chosen = rng.choices(ids, weights)[0] if rng.randrange(100) >= OUTSIDE else None
        stays_ad_hoc = rng.random() < AD_HOC
        if step.name not in ("task.create", "task.propose") or step.args.get("parent") or step.args["id"] in wholes:
            yield step
            continue
        changed: dict[str, Any] = {"product": chosen}
        if step.args.get("kind") == "ad_hoc":
            changed = {"product": chosen and ids[0]} if stays_ad_hoc else {"product": chosen, "kind": "planned"}
        yield Step(at=step.at, actor=step.actor, name=step.name, args={**step.args, **changed})


def kpi_steps(seed: int, today: date, office: Office, days: WorkingDays) -> list[Step]:
    """The months of this year up to the one of ``today``, in order of time; the last step lies before ``today`` begins."""
    rng = Random(seed + 1)  # noqa: S311 - an invented story has no secrets
    end = datetime.combine(today, time(0), LOCAL).astimezone(UTC)
    people = office.people
    steps: list[Step] = []
    for number in range(1, today.month + 1):
        first = date(today.year, number, 1)
        opened = _at(first, 0)
        if opened >= end:
            break
        period = fixed_id("kpi", f"{today.year}-{number:02d}")
        steps.append(Step(at=opened, actor="giamdoc", name="kpi.period.open", args={"id": period, "year": today.year, "number": number}))
        closes = _at(days.add(last_of_month(first), 3), 540)
        scored = {one.id: _scored(one, _rater(one, office), rng) for one in people}
        if closes < end:
            args = {"period": period, "people": scored, "close": True}
            steps.append(Step(at=closes, actor="giamdoc", name="demo.kpi.month", args=args))
        else:
            steps += _running(period, first, today, office, scored, rng)
    return [step for step in sorted(steps, key=lambda step: step.at) if step.at < end]


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(7, 30), LOCAL).astimezone(UTC) + timedelta(minutes=minutes)


def _rater(person: Person, office: Office) -> str:
    """Who confirms him; for the director, who entered what was decided above."""
    if person.position == "director":
        return office.by_username["pgd1"].id
    if person.position in ("deputy_director", "head"):
        return office.by_username["giamdoc"].id
    return office.by_username[f"{office.room_of[person.username]}.truong"].id


def _scored(person: Person, rater: str, rng: Random) -> dict[str, Any]:
    """What he gave himself, and what became of it."""
    # Some are strict with themselves, some are not; the same ones every month.
    strict = person.rank % 3
    own = {name: most - rng.choice(((0, 0, 250), (0, 500, 750), (500, 750, 1000))[strict]) for name, most in MOST.items()}
    sure = dict(own)
    reason = ""
    if rng.random() < 0.15:
        sure["discipline"] = max(0, own["discipline"] - 500)
        reason = "Trong tháng có lần nộp báo cáo tuần muộn."
    leads = person.leads_centre or person.leads_room
    both = 100 if rng.random() < 0.8 else 50
    return {
        "self_points": orjson.dumps(own).decode(),
        "points": orjson.dumps(sure).decode(),
        "reason": reason,
        "strengths": rng.choice(STRENGTHS),
        "weaknesses": rng.choice(WEAKNESSES),
        "organising": both if leads else None,
        "uniting": 100 if leads else None,
        "leading_reason": "Theo kết quả thực hiện chương trình công tác tháng." if leads else "",
        "confirmed_by": rater,
        "outside_rater": ABOVE if person.position == "director" else "",
    }


def _running(period: str, first: date, today: date, office: Office, scored: dict[str, Any], rng: Random) -> list[Step]:
    """The month that runs: a few days before today some have scored themselves, some of them are confirmed."""
    steps = []
    since = max(first, today - timedelta(days=3))
    early = [one for one in office.people if one.position in ("officer", "deputy_head") and rng.random() < 0.4]
    for place, one in enumerate(early):
        values = scored[one.id]
        points = {name: amount / 1000 for name, amount in orjson.loads(values["self_points"]).items()}
        at = _at(since, 60 + 3 * place)
        args = {"period": period, "points": points, "strengths": values["strengths"], "weaknesses": values["weaknesses"]}
        steps.append(Step(at=at, actor=one.username, name="kpi.sheet.self", args=args))
        if one.position == "officer" and place % 3 == 0:
            head = f"{office.room_of[one.username]}.truong"
            steps.append(Step(at=at + timedelta(hours=3), actor=head, name="kpi.sheet.confirm", args={"period": period, "person": one.id}))
    return steps


async def petition(days: WorkingDays, today: date) -> None:
    """Somebody does not agree with his closed month, two working days ago."""
    found = await row(
        "SELECT s.id, s.person, p.closed_at FROM kpi_sheet s JOIN kpi_period p ON p.id = s.period WHERE p.state = 'closed' "
        "AND s.position = 'officer' AND s.total IS NOT NULL ORDER BY p.starts DESC, s.total, s.person LIMIT 1"
    )
    at = _at(days.add(today, -2), 120)
    if found is None or found["closed_at"] > at:
        return
    text = "Việc kiểm tra hệ thống một cửa bị chậm do mất điện toàn khu vực; đề nghị xem lại số ngày chậm."
    given = FilePetition(id=fixed_id("petition", found["person"]), about="sheet", subject=found["id"], text=text)
    await carry_out(given, actor=found["person"], now=at, source="demo")
