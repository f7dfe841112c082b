"""What an administrator decides about working days; it wins over the law's holidays."""

from datetime import date
from typing import Any

from server.calendar.current import VERSION_COUNTER
from server.calendar.tables import OfficeDay
from server.errors import Refusal
from server.people.commands.common import administering, day_of
from server.storage.door import Command, handles
from server.storage.engine import Row, row, rows
from server.storage.transaction import Transaction

#: Years around now in which days may be set: further off somebody mistyped.
YEARS = 5
NOTICE_LENGTH = 300


class SetDay(Command, tag="calendar.day.set"):
    """Make a day working or off; ``notice`` is the number and name of the document that says so. A day that was set is set anew."""

    day: date
    working: bool
    notice: str


class RemoveDay(Command, tag="calendar.day.remove"):
    """Take a day out of the table: the law's calendar holds for it again."""

    day: date


@handles(SetDay)
async def set_day(tx: Transaction, given: SetDay) -> dict[str, Any]:
    """By an administrator."""
    await administering(tx)
    year = day_of(tx).year
    if not year - YEARS <= given.day.year <= year + YEARS:
        raise Refusal("invalid", "calendar.day_far", field="day", first=year - YEARS, last=year + YEARS)
    notice = " ".join(given.notice.split())
    if not notice:
        raise Refusal("invalid", "calendar.notice_missing", field="notice")
    if len(notice) > NOTICE_LENGTH:
        raise Refusal("invalid", "calendar.notice_long", field="notice", length=len(notice), limit=NOTICE_LENGTH)
    before = await _of(given.day)
    await rows(
        'INSERT INTO office_day (id, day, working, notice, "by", at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE '
        'SET working = excluded.working, notice = excluded.notice, "by" = excluded."by", at = excluded.at',
        given.day.isoformat(),
        given.day,
        given.working,
        notice,
        tx.actor,
        tx.now,
    )
    await _changed(tx, "set_day", given.day, before, {"working": given.working, "notice": notice})
    return {"day": given.day.isoformat()}


@handles(RemoveDay)
async def remove_day(tx: Transaction, given: RemoveDay) -> dict[str, Any]:
    """By an administrator. Refusal ``not_found`` for a day that is not in the table."""
    await administering(tx)
    before = await _of(given.day)
    if before is None:
        raise Refusal("not_found", "calendar.not_entered")
    await OfficeDay.delete().where(OfficeDay.id == given.day.isoformat())
    await _changed(tx, "remove_day", given.day, before, {})
    return {"day": given.day.isoformat()}


async def _of(day: date) -> Row | None:
    return await row("SELECT working, notice FROM office_day WHERE id = $1", day.isoformat())


async def _changed(tx: Transaction, action: str, day: date, before: Row | None, after: dict[str, Any]) -> None:
    """Every process reads the calendar again, and every replica gets it."""
    await rows(
        "INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1", VERSION_COUNTER
    )
    was = {"working": bool(before["working"]), "notice": before["notice"]} if before else {}
    tx.audit(action, "calendar", day.isoformat(), before=was, after=after)
    tx.change("calendar", "calendar")
