"""Rule sets, decisions and petitions, on both engines."""

from datetime import date
from typing import Any

import msgspec
import pytest

from server.kpi.commands.ruleset import DRAFT_233, FIRST, ensure_rules
from server.kpi.queries.ruleset import in_force, rule_set, rule_sets
from server.kpi.rules.ruleset import RuleSet
from server.storage.engine import Engine, row, rows
from server.storage.ids import new_id
from tests.kpi.desk import FULL, ScoreDesk, handbook_month
from tests.kpi.test_sheets import close
from tests.office import Cast

pytestmark = pytest.mark.anyio
NEW = {"name": "Theo dõi, đánh giá công chức 2027", "basis": "Quyết định 12/QĐ-UBND", "late_by": "working_day", "penalty": 20}


async def test_every_office_begins_with_the_decrees_own_rules_and_a_draft(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    draft, first = await rule_sets()
    assert (first.id, first.version, first.state, first.since) == (FIRST, 1, "in_force", date(2026, 1, 1))
    assert "335/2025" in first.rules.basis and msgspec.structs.replace(first.rules, name="", basis="", since=None) == RuleSet()
    assert (draft.id, draft.state, draft.rules.draft) == (DRAFT_233, "draft", True) and "233/2026" in draft.rules.basis
    await ensure_rules(desk.now)
    assert len(await rule_sets()) == 2


async def test_a_rule_set_is_drafted_comes_into_force_and_never_changes_then(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    november = await desk.month()
    await desk.refuses("not_allowed", "kpi.period.only_decider", cast.head, "kpi.rules.draft", data=NEW)
    for field, value in {"penalty": 120, "good_from": 95_000, "excellent_cap": 30, "months_to_rate": 0, "petition_days": 0, "k_outside": 0,
                         "tasks_most": 60_000, "carries_over_after": [2, 30]}.items():  # fmt: skip
        with_it = {**NEW, field: value}
        key = {"good_from": "excellent_from"}.get(field, field)
        await desk.refuses("invalid", f"kpi.rule.problem.{key}", cast.director, "kpi.rules.draft", data=with_it)
    await desk.refuses("invalid", "kpi.rule.data_bad", cast.director, "kpi.rules.draft", data={**NEW, "penalty": "nhiều"})
    await desk.refuses("invalid", "kpi.rule.data_bad", cast.director, "kpi.rules.draft", data={**NEW, "bonus": 1})
    made = await desk.do(cast.director, "kpi.rules.draft", data=NEW)
    again = await desk.do(cast.delegate, "kpi.rules.draft", id=made["id"], data={**NEW, "penalty": 25})
    assert again == made and made["version"] == 3
    await desk.refuses("invalid", "kpi.rule.since_bad", cast.director, "kpi.rules.put_in_force", rules=made["id"], since="2026-01-01")
    await desk.do(cast.director, "kpi.rules.put_in_force", rules=made["id"], since="2026-12-01")
    await desk.refuses("conflict", "kpi.rule.not_draft", cast.director, "kpi.rules.draft", id=made["id"], data=NEW)
    await desk.refuses("conflict", "kpi.rule.not_draft", cast.director, "kpi.rules.put_in_force", rules=made["id"], since="2027-01-01")
    assert [(await in_force(one)).version for one in (date(2025, 5, 1), date(2026, 11, 30), date(2026, 12, 1))] == [1, 1, 3]
    old, new = await rule_set(FIRST), await rule_set(made["id"])
    assert (old.state, old.until, old.rules.until) == ("replaced", date(2026, 11, 30), None)
    assert (new.rules.late_by, new.rules.penalty, new.rules.draft, new.rules.since) == ("working_day", 25, False, date(2026, 12, 1))
    december = await desk.month(12)
    assert (await desk.sheet(november)).rules.version == 1 and (await desk.sheet(december)).rules.version == 3


async def test_a_quarter_is_opened_only_where_the_rules_say_quarters(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    said = await desk.refuses("invalid", "kpi.period.kind_bad", cast.director, "kpi.period.open", year=2026, number=4, kind="quarter")
    assert "theo tháng" in said and "Quý 4/2026" in said
    await desk.refuses("invalid", "kpi.period.number_bad", cast.director, "kpi.period.open", year=2026, number=13)
    await desk.refuses("invalid", "kpi.period.too_early", cast.director, "kpi.period.open", year=2027, number=2)
    await desk.refuses("not_allowed", "kpi.period.only_keeper", cast.head, "kpi.period.open", year=2026, number=11)
    assert await desk.month() == (await desk.do(cast.deputy, "kpi.period.open", year=2026, number=11))["id"]


async def test_a_decision_is_entered_with_its_document(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    given: dict[str, Any] = {"person": cast.officer, "year": 2026, "case_of": "discipline"}
    await desk.refuses("not_allowed", "kpi.period.only_decider", cast.head, "kpi.decision.set", **given, document="5/QĐ")
    await desk.refuses("invalid", "kpi.mark.document_missing", cast.director, "kpi.decision.set", **given, document=" ")
    himself = {**given, "person": cast.director, "document": "5/QĐ"}
    await desk.refuses("not_allowed", "kpi.mark.own", cast.director, "kpi.decision.set", **himself)
    made = await desk.do(cast.director, "kpi.decision.set", **given, document="5/QĐ-TT")
    await desk.do(cast.director, "kpi.decision.withdraw", decision=made["id"], reason="Khiếu nại đúng")
    await desk.refuses("conflict", "kpi.mark.withdrawn", cast.director, "kpi.decision.withdraw", decision=made["id"], reason="Lại")


async def test_a_petition_is_answered_within_seven_working_days(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    await handbook_month(desk)
    period = await desk.month()
    await desk.score(period)
    subject = (await desk.sheet(period)).id
    given = {"about": "sheet", "subject": subject, "text": "Chưa tính nguyên nhân khách quan"}
    await desk.refuses("conflict", "kpi.petition.not_closed", cast.officer, "kpi.petition.file", **given)
    desk.at(12, 1)
    await close(desk, period, cast.officer)
    await desk.refuses("not_found", "kpi.sheet.unknown", cast.colleague, "kpi.petition.file", **given)
    await desk.refuses("invalid", "kpi.petition.text_missing", cast.officer, "kpi.petition.file", **{**given, "text": " "})
    made = await desk.do(cast.officer, "kpi.petition.file", **given)
    # Tuesday, 1 December, and seven working days: Thursday, 10 December.
    assert made["due"] == "2026-12-10"
    said = await desk.refuses("conflict", "kpi.petition.open_before", cast.officer, "kpi.petition.file", **given)
    assert "10/12/2026" in said
    told = {one["person"] for one in await rows("SELECT person FROM outbox WHERE kind = 'kpi.petition.filed'")}
    assert told == {cast.head, cast.director, cast.delegate}
    answer = {"petition": made["id"], "outcome": "upheld", "answer": "Chấp nhận"}
    await desk.refuses("not_allowed", "kpi.petition.own", cast.officer, "kpi.petition.answer", **answer)
    await desk.refuses("not_found", "kpi.petition.unknown", cast.colleague, "kpi.petition.answer", **answer)
    # The head answers, but only who decides for the centre opens a closed month again.
    await desk.refuses("not_allowed", "kpi.period.only_decider", cast.head, "kpi.petition.answer", **answer, reopen=new_id())
    reopened = new_id()
    desk.at(12, 11)
    done = await desk.do(cast.director, "kpi.petition.answer", **answer, reopen=reopened)
    assert (done["reopened"], done["late"]) == (reopened, True)
    live = await desk.sheet(reopened)
    assert (live.version, live.version_reason) == (2, "Giải quyết kiến nghị: Chấp nhận")
    await desk.refuses("conflict", "kpi.petition.answered", cast.director, "kpi.petition.answer", **answer)
    kept = await row("SELECT state, outcome, answered_by FROM kpi_petition WHERE id = $1", made["id"])
    assert kept == {"state": "answered", "outcome": "upheld", "answered_by": cast.director}


async def test_a_page_sent_twice_is_done_once(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    period = await desk.month()
    mutation = new_id()
    first = await desk.do(cast.officer, "kpi.sheet.self", mutation, period=period, points=FULL)
    assert await desk.do(cast.officer, "kpi.sheet.self", mutation, period=period, points=FULL) == first
    heard = await row("SELECT count(*) AS n FROM audit_entry WHERE kind = 'kpi_sheet' AND action = 'self_score'")
    assert heard == {"n": 1}
