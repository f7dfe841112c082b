"""What real plans write in the column of deadlines, one expression a line of tests/data/plans/deadlines.tsv."""

from datetime import date

import pytest

from server.plans.rules.deadlines import Calendar, read_deadline, read_start
from server.plans.shapes import Cell
from tests.plans.helpers import DATA, TODAY, WORKING

EXPRESSIONS = [line.split("\t") for line in (DATA / "deadlines.tsv").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(("text", "year", "start", "due", "cadence", "doubted"), EXPRESSIONS)
def test_it_reads_what_real_plans_write(text: str, year: str, start: str, due: str, cadence: str, doubted: str) -> None:
    found = read_deadline(text, Calendar(WORKING, int(year) if year else None, TODAY))
    assert (str(found.start or ""), str(found.due or ""), found.cadence, bool(found.problems)) == (start, due, cadence, doubted == "?")


def test_it_closes_periods_before_the_holidays_of_the_country() -> None:
    closed = {text: read_deadline(text, Calendar(WORKING, None, TODAY)).due for text in ("Tháng 4/2026", "Tháng 8/2026", "Tháng 11/2026")}
    # 30 April is the day of the south's liberation; 31 August is made up on 22 August; 24 November is free from 2026 on.
    assert closed == {"Tháng 4/2026": date(2026, 4, 29), "Tháng 8/2026": date(2026, 8, 28), "Tháng 11/2026": date(2026, 11, 30)}


@pytest.mark.parametrize(
    ("text", "day"),
    [("Tháng 4/2026", "2026-04-01"), ("Quý II/2026", "2026-04-01"), ("Từ 15/3/2026", "2026-03-15"), ("2026", "2026-01-01")],
)
def test_it_takes_the_first_day_of_a_period_as_a_start(text: str, day: str) -> None:
    found = read_start(Cell(text), text, Calendar(WORKING, None, TODAY))
    assert (str(found.start), found.problems) == (day, ())


def test_it_does_not_doubt_a_start_on_the_first_of_a_month() -> None:
    found = read_start(Cell("01/03/2026", date(2026, 3, 1)), "01/03/2026", Calendar(WORKING, None, TODAY))
    assert (found.start, found.problems) == (date(2026, 3, 1), ())
