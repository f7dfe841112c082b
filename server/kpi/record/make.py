"""From the rows of a task to the entries of a period; pure."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

import msgspec
import orjson

from server.kpi.record.entries import Entry
from server.kpi.record.evidence import events_of
from server.kpi.record.facts import Facts, day_start, local_day
from server.kpi.record.when import counted_day
from server.kpi.rules.calendar import Period, counts_in, stands_in
from server.kpi.rules.lines import Line, LineKind, lateness
from server.kpi.rules.ruleset import RuleSet
from server.storage.engine import Row

WHOLE = 1000


class Part(msgspec.Struct, kw_only=True):
    """What is known of one person's part of one task, before any period is looked at.

    ``accepted`` is the review that stands, ``quantity`` what it accepted of his part, ``submitted`` the report that it accepted; ``done``
    the day of that, ``counted`` the day that says in which period it counts. ``ended`` is the day on which he handed the work back.
    """

    row: Row
    given: int
    accepted: Row | None = None
    quantity: int = 0
    submitted: Row | None = None
    done: date | None = None
    counted: date | None = None
    ended: date | None = None
    taken: Row | None = None
    taken_from: str = ""
    returns: list[Row] = []


class Slice(msgspec.Struct, frozen=True):
    """A part of a part: all of it, or one month's. ``from_`` is what earlier months have of the quantity."""

    name: str
    given: int
    from_: int
    due: date | None
    last: bool = True


def share_of(amount: int, share: int, role: str, others: list[Row]) -> int:
    """One person's part of an amount; the lead has what the rounded parts of the others leave, so that parts add up to the whole."""
    if role == "lead" and others:
        return amount - sum(share_of(amount, one["share"], "collaborator", []) for one in others)
    return (amount * share + WHOLE // 2) // WHOLE


def entries(
    facts: Facts,
    people: list[str],
    period: Period,
    rules: RuleSet,
    now: datetime,
    working_days: Callable[[date, date], int],
    evidence: Collection[str],
) -> dict[str, list[Entry]]:
    """Every person's entries of the period as of ``now``."""
    found: dict[str, list[Entry]] = {one: [] for one in people}
    for row in facts.parts:
        if paused_whole(facts.moves.get(row["task"], []), period, now):
            continue
        part = part_of(row, facts, now)
        k, rest = k_of(row, facts, rules)
        if k <= 0:
            continue
        for slice_ in slices_of(part, facts):
            entry = _entry(part, slice_, k, rest, facts, period, rules, working_days, row["person"] in evidence)
            if entry is not None:
                found[row["person"]].append(entry)
    return found


def k_of(row: Row, facts: Facts, rules: RuleSet) -> tuple[int, bool]:
    """The coefficient, and whether it is what tasks below this one leave of it: together they are never more than the whole (Đ18.1c)."""
    k = rules.k_outside if row["p_k"] is None else row["p_k"]
    taken = facts.children.get(row["task"], 0)
    if not taken:
        return k, False
    return max(0, (k * row["t_quantity"] - taken) // row["t_quantity"]), True


def paused_whole(moves: list[Row], period: Period, now: datetime) -> bool:
    """Whether the task stood still from before the period's first moment to its end, or until now."""
    starts, ends = day_start(period.starts), day_start(period.ends + timedelta(days=1))
    since: datetime | None = None
    for move in moves:
        if move["action"] == "pause":
            since = move["at"]
        elif move["action"] == "resume":
            if since is not None and since <= starts and move["at"] >= ends:
                return True
            since = None
    return since is not None and since <= starts <= now


def part_of(row: Row, facts: Facts, now: datetime) -> Part:
    """What happened to this person's part."""
    others = facts.others.get(row["task"], []) if row["role"] == "lead" and row["until"] is None else []
    part = Part(row=row, given=share_of(row["t_quantity"], row["share"], row["role"], others))
    until = row["until"]
    own = [
        one
        for one in facts.reviews.get((row["task"], row["person"]), [])
        if one["at"] >= row["since"] and not (until and one["at"] > until)
    ]
    part.returns = [one for one in own if one["verdict"] == "return"]
    standing = own[-1] if own and own[-1]["verdict"] == "accept" else None
    if standing is None and row["role"] != "lead" and row["t_status"] == "completed" and not (own and own[-1]["verdict"] == "undone"):
        # The result was accepted, and with it every share of it that nobody judged by itself.
        lead = [one for one in facts.reviews.get((row["task"], row["t_lead"]), []) if not (until and one["at"] > until)]
        standing = lead[-1] if lead and lead[-1]["verdict"] == "accept" and row["state"] != "handed_back" else None
        if standing is not None and own and own[-1]["at"] > standing["at"]:
            # His own part was returned after the whole was accepted: it waits for its own acceptance.
            standing = None
    if standing is not None:
        whole = row["t_quantity"] if standing["quantity"] is None else standing["quantity"]
        part.accepted = standing
        part.quantity = share_of(whole, row["share"], row["role"], others)
        part.submitted = _submission(row, facts, standing["at"], part.returns)
        part.done = local_day(part.submitted["received"] if part.submitted else standing["at"])
        of_whom = own if standing["person"] == row["person"] else facts.reviews[row["task"], standing["person"]]
        part.counted = counted_day(part.done, of_whom, row["person"], facts)
    moves = facts.moves.get(row["task"], [])
    if row["state"] == "handed_back":
        given_back = [one for one in moves if one["action"] == "hand_back" and one["actor"] == row["person"]]
        part.ended = local_day(given_back[-1]["at"] if given_back else (row["until"] or now))
    if row["role"] == "lead":
        part.taken = taken_of(row, moves)
        part.taken_from = _leads(part.taken)[0] or "" if part.taken is not None else ""
    return part


def taken_of(row: Row, moves: list[Row]) -> Row | None:
    """The move by which another's work became this part; None for work that was taken off the same person before and only came back."""
    me = row["person"]
    until = row["until"]
    given = [one for one in moves if one["action"] == "assign" and row["since"] <= one["at"] and not (until and one["at"] >= until)]
    taken = next((one for one in reversed(given) if _leads(one)[1] == me and _leads(one)[0] not in (None, me)), None)
    if taken is None:
        return None
    before = [one for one in moves if one["seq"] < taken["seq"]]
    lost = any(one["action"] == "assign" and _leads(one)[0] == me != _leads(one)[1] for one in before)
    gave = any(one["action"] == "hand_back" and one["actor"] == me for one in before)
    return None if lost and not gave else taken


def _leads(move: Row) -> tuple[str | None, str | None]:
    """Who led before the move, and who after it."""
    return orjson.loads(move["before"]).get("lead"), orjson.loads(move["after"]).get("lead")


def _submission(row: Row, facts: Facts, until: datetime, returns: list[Row]) -> Row | None:
    """The report that was accepted: one's own that says all is done, else the last submission of the result."""
    known = [one for one in facts.reports.get(row["task"], []) if one["received"] <= until]
    if row["role"] != "lead":
        after = returns[-1]["at"] if returns else row["since"]
        own = [one for one in known if one["person"] == row["person"] and one["percent"] == 100 and one["received"] >= after]
        if own:
            return own[0]
    handed_in = [one for one in known if one["kind"] == "submit"]
    return handed_in[-1] if handed_in else None


def slices_of(part: Part, facts: Facts) -> list[Slice]:
    """The whole part, or its months (Đ18.1c). A month's part is due at the end of the month, the last one with the task."""
    split = [one for one in facts.splits.get((part.row["task"], part.row["person"]), []) if one["quantity"]]
    due = part.row["t_due"]
    if not split:
        return [Slice("", part.given, 0, due)]
    found, before = [], 0
    for place, one in enumerate(split):
        last = place == len(split) - 1
        # The quantity may have changed since it was split: the last part has what the others leave.
        given = max(0, part.given - before) if last else one["quantity"]
        month_end = Period(one["year"], one["month"]).ends
        found.append(Slice(f"{one['year']}-{one['month']:02d}", given, before, min(month_end, due) if due else month_end, last))
        before += one["quantity"]
    return found


def _entry(
    part: Part, slice_: Slice, k: int, rest: bool, facts: Facts, period: Period, rules: RuleSet, working_days: Callable[[date, date], int],
    evidence: bool,
) -> Entry | None:  # fmt: skip
    row = part.row
    kind = kind_of(part, period)
    reached = _reached(part, slice_, facts)
    counted, done = reached if reached else (None, None)
    ends = counted or part.ended
    # A month's part counts in its own month, whatever the day: only work that is due as a whole moves into the next year.
    due = min(slice_.due, date(slice_.due.year, *rules.carries_over_after)) if slice_.name and slice_.due else slice_.due
    if not stands_in(period, due, ends, rules):
        return None
    accepted = _amount(part, slice_, facts, period) if kind != "handed_back" and part.ended is None else 0
    if counted is None or counted > period.ends:
        done = None
    failed = [one for one in part.returns if one["major_error"] and slice_.last and local_day(one["at"]) <= period.ends]
    charged = [one for one in failed if not one["objective_cause"]]
    excuses = facts.excuses.get((row["task"], row["person"]), [])
    line = Line(
        id=f"{row['id']}:{slice_.name}" if slice_.name else row["id"],
        k=k,
        assigned=slice_.given,
        accepted=accepted,
        kind=kind,
        late=lateness(slice_.due, done, rules.late_by, working_days),
        failed=len(charged) if charged else len(failed),
        late_excused=any(one["what"] == "late" for one in excuses) or bool(done and part.accepted and part.accepted["objective_cause"]),
        failed_excused=any(one["what"] == "failed" for one in excuses) or bool(failed and not charged),
        task=row["task"],
        title=row["t_title"],
        product=row["p_name"] or row["t_product_text"] or "",
        due=slice_.due,
        done=done,
    )
    return Entry(
        line=line,
        person=row["person"],
        number=row["t_ordinal"],
        role=row["role"],
        quantity=row["t_quantity"],
        share=row["share"],
        unit=row["t_unit"],
        field=row["t_field"],
        field_group=row["f_group"] or "",
        unit_of_count=row["p_unit"] or "",
        outside=row["p_k"] is None,
        carried=due is not None and counts_in(due, rules) < period,
        waiting=row["t_status"] == "submitted" and part.accepted is None and part.ended is None,
        part=slice_.name,
        rest=rest,
        more=accepted > slice_.given,
        taken_from=part.taken_from if kind == "taken_over" else "",
        status=row["t_status"],
        events=events_of(part, facts, slice_.name) if evidence else (),
    )


def kind_of(part: Part, period: Period) -> LineKind:
    """Ad hoc and taken over work was never in the plan, so handing it back leaves nothing behind either."""
    if part.row["t_kind"] == "ad_hoc":
        return "ad_hoc"
    if part.taken is not None and local_day(part.taken["at"]) >= period.starts:
        return "taken_over"
    return "handed_back" if part.ended is not None and part.ended <= period.ends else "planned"


def _reached(part: Part, slice_: Slice, facts: Facts) -> tuple[date, date] | None:
    """(the day it counts, the day it was done), None while it is not."""
    if not slice_.name:
        return (part.counted, part.done) if part.counted and part.done else None
    target = slice_.from_ + slice_.given
    if not slice_.last:
        for report, amount in _reported(part, facts):
            if amount >= target:
                day = local_day(report["received"])
                return day, day
    # What the accepted result leaves short stays short: nothing more will come.
    return (part.counted, part.done) if part.counted and part.done else None


def _amount(part: Part, slice_: Slice, facts: Facts, period: Period) -> int:
    """h in thousandths, as far as it counts in the period or before.

    A month's part before the last is what was reported of it by the period's end; whoever confirms the sheet accepts it with that. The
    accepted result, and nothing else, decides over the last.
    """
    accepted = part.counted is not None and part.counted <= period.ends
    if not slice_.name:
        return part.quantity if accepted else 0
    known = part.quantity if accepted else 0
    if not slice_.last:
        told = [amount for report, amount in _reported(part, facts) if local_day(report["received"]) <= period.ends]
        known = max([known, *told])
    return max(0, min(known - slice_.from_, slice_.given if not slice_.last else known))


def _reported(part: Part, facts: Facts) -> list[tuple[Row, int]]:
    """This person's reports with how much of his part each says is done."""
    return [
        (one, one["quantity"] if one["quantity"] is not None else part.given * one["percent"] // 100)
        for one in facts.reports.get(part.row["task"], [])
        if one["person"] == part.row["person"] and one["received"] >= part.row["since"]
    ]
