"""A year of scores, stored as closing leaves it: for the tests of what is made of it."""

from datetime import UTC, date, datetime, timedelta

from server.kpi.rules.calendar import Period
from server.kpi.rules.ruleset import RuleSet, band_of
from server.kpi.tables import KpiPeriod, KpiSheet
from server.storage.door import carry_out
from server.storage.engine import insert, row
from tests.office import CAST, fixed_id

YEAR = 2026
#: Tuesday, 8 December 2026: a week before the day of the year's rating.
DECEMBER = datetime(2026, 12, 8, 2, 0, tzinfo=UTC)
#: Whoever is scored, with the total of each month.
TOTALS = {
    CAST.director: 94_000,
    CAST.deputy: 91_000,
    CAST.delegate: 88_000,
    CAST.stranger: 81_500,
    CAST.head: 92_000,
    CAST.deputy_head: 78_000,
    CAST.officer: 90_500,
    CAST.colleague: 62_000,
}


def period_id(month: int) -> str:
    return fixed_id(f"period-{month}")


def sheet_id(person: str, month: int) -> str:
    return fixed_id(f"sheet-{person}-{month}")


async def closed_months(
    last: int = 11, first: int = 1, totals: dict[str, int] | None = None, without: tuple[tuple[str, int], ...] = ()
) -> None:
    """Months that are closed, each with a sheet of everybody but ``without`` (person, month)."""
    for number in range(first, last + 1):
        when = Period(YEAR, number)
        closed_at = datetime.combine(when.ends + timedelta(days=1), datetime.min.time(), UTC)
        await insert(
            KpiPeriod,
            {
                "id": period_id(number),
                "year": YEAR,
                "number": number,
                "starts": when.starts,
                "ends": when.ends,
                "state": "closed",
                "opened_at": closed_at - timedelta(days=30),
                "closed_at": closed_at,
            },
        )
        await insert(
            KpiSheet,
            *(
                {
                    "id": sheet_id(person, number),
                    "period": period_id(number),
                    "person": person,
                    "unit": CAST.cntt,
                    "state": "closed",
                    "total": total,
                    "general": 28_000,
                    "band": band_of(total, RuleSet()),
                }
                for person, total in (TOTALS | (totals or {})).items()
                if (person, number) not in without
            ),
        )


async def do(asked, actor: str | None, now: datetime = DECEMBER):
    """Carry out a command in December."""
    return await carry_out(asked, actor=actor, now=now, source="page")


async def stored(person: str) -> dict:
    """The person's row, the newest version of it."""
    found = await row("SELECT * FROM kpi_year WHERE year = $1 AND person = $2 ORDER BY version DESC LIMIT 1", YEAR, person)
    assert found is not None
    return found


def day(text: str) -> date:
    return date.fromisoformat(text)
