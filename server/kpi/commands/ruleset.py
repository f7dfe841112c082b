"""Versions of the rule set: drafted, then in force, then replaced."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import orjson

from server.errors import Refusal
from server.kpi.commands.common import acting, check_id, demand_decides, locked, text_of
from server.kpi.rights import on_behalf
from server.kpi.rules.ruleset import RuleSet, problems
from server.kpi.tables import KpiRules
from server.storage.door import Command, handles
from server.storage.engine import Row, row, rows
from server.storage.transaction import Transaction
from server.words import say

#: The rule sets that every office begins with.
FIRST, DRAFT_233 = "0190a000-0335-7000-8000-000000002025", "0190a000-0233-7000-8000-000000002026"
FIRST_DAY = date(2026, 1, 1)


class DraftRules(Command, tag="kpi.rules.draft"):
    """Write a draft, a new one or in place of the draft of this id. ``data`` are fields of ``RuleSet`` that differ from the default.

    Answers ``{"id", "version"}``. Refused by field for whatever ``problems`` names.
    """

    id: str
    data: dict[str, Any]


class PutRulesInForce(Command, tag="kpi.rules.put_in_force"):
    """From that day on new periods take it; the one before is replaced. What is in force never changes. Answers ``{"id", "version"}``."""

    rules: str
    since: date


async def ensure_rules(now: datetime) -> None:
    """The first rule sets, where there are none: Nghị định 335/2025 in force, and a draft for 233/2026. May be called by many at once."""
    if await row("SELECT id FROM kpi_rules LIMIT 1") is not None:
        return
    first = RuleSet(version=1, name=say("kpi.rule.first_name"), basis=say("kpi.rule.first_basis"), since=FIRST_DAY)
    other = RuleSet(version=2, name=say("kpi.rule.draft_name"), basis=say("kpi.rule.draft_basis"), draft=True)
    for rules_id, one in ((FIRST, first), (DRAFT_233, other)):
        await rows(
            "INSERT INTO kpi_rules (id, version, data, state, since, until, made_by, made_at) "
            "VALUES ($1, $2, $3, $4, $5, NULL, NULL, $6) ON CONFLICT DO NOTHING",
            rules_id,
            one.version,
            stored(one),
            "draft" if one.draft else "in_force",
            one.since,
            now,
        )


def stored(rules: RuleSet) -> str:
    """As it is stored."""
    return msgspec.json.encode(rules).decode()


async def _all_locked(tx: Transaction) -> list[Row]:
    await ensure_rules(tx.now)
    return await rows(f"SELECT * FROM kpi_rules ORDER BY version{locked()}")


def checked(rules: RuleSet) -> RuleSet:
    """The same. Raises Refusal naming the first field that can't be so."""
    wrong = problems(rules)
    if rules.k_outside <= 0:
        wrong.append("k_outside")
    if not 0 <= rules.away_share <= 100:
        wrong.append("away_share")
    if not 0 <= rules.led_floor <= 100_000:
        wrong.append("led_floor")
    try:
        # 2025 has no 29 February: a day that is not in every year is no day of the year.
        date(2025, *rules.carries_over_after)
    except ValueError:
        wrong.append("carries_over_after")
    if wrong:
        raise Refusal("invalid", f"kpi.rule.problem.{wrong[0]}", field=wrong[0])
    return rules


@handles(DraftRules)
async def draft(tx: Transaction, given: DraftRules) -> dict[str, Any]:
    """By the director, or whoever holds the centre by delegation."""
    _, actor, today = await acting(tx)
    demand_decides(actor, today)
    rules_id = check_id(given.id)
    known = await _all_locked(tx)
    old = next((one for one in known if one["id"] == rules_id), None)
    if old is not None and old["state"] != "draft":
        raise Refusal("conflict", "kpi.rule.not_draft", version=old["version"])
    version = old["version"] if old is not None else known[-1]["version"] + 1
    try:
        rules = msgspec.convert({**given.data, "version": version, "draft": True, "since": None, "until": None}, RuleSet)
    except msgspec.ValidationError as error:
        raise Refusal("invalid", "kpi.rule.data_bad", field=_field_of(str(error)), why=_field_of(str(error)) or str(error)) from None
    unknown = set(given.data) - set(RuleSet.__struct_fields__)
    if unknown:
        raise Refusal("invalid", "kpi.rule.data_bad", field=min(unknown), why=", ".join(sorted(unknown)))
    rules = checked(msgspec.structs.replace(rules, name=text_of(rules.name, "name"), basis=text_of(rules.basis, "basis")))
    if old is None:
        await KpiRules.insert(KpiRules(id=rules_id, version=version, data=stored(rules), state="draft", made_by=tx.actor, made_at=tx.now))
    else:
        await KpiRules.update({KpiRules.data: stored(rules), KpiRules.made_by: tx.actor, KpiRules.made_at: tx.now}).where(
            KpiRules.id == rules_id
        )
    tx.audit(
        "draft",
        "kpi_rules",
        rules_id,
        before=orjson.loads(old["data"]) if old is not None else None,
        after=msgspec.to_builtins(rules),
        on_behalf=on_behalf(actor, today),
    )
    tx.change("score", rules_id)
    return {"id": rules_id, "version": version}


def _field_of(error: str) -> str | None:
    """The field that msgspec's own sentence names: ``… - at `$.penalty` ``."""
    _, found, tail = error.partition("`$.")
    return tail.split("`")[0].split("[")[0].split(".")[0] if found else None


@handles(PutRulesInForce)
async def put_in_force(tx: Transaction, given: PutRulesInForce) -> dict[str, Any]:
    """By the director, or whoever holds the centre by delegation."""
    _, actor, today = await acting(tx)
    demand_decides(actor, today)
    known = await _all_locked(tx)
    mine = next((one for one in known if one["id"] == given.rules), None)
    if mine is None:
        raise Refusal("not_found", "kpi.rule.unknown")
    if mine["state"] != "draft":
        raise Refusal("conflict", "kpi.rule.not_draft", version=mine["version"])
    rules = checked(msgspec.json.decode(mine["data"], type=RuleSet))
    if not rules.basis or not rules.name:
        raise Refusal("invalid", "kpi.rule.basis_missing", field="basis")
    before = next((one for one in known if one["state"] == "in_force"), None)
    if before is not None and given.since <= before["since"]:
        raise Refusal("invalid", "kpi.rule.since_bad", field="since", since=f"{before['since']:%d/%m/%Y}")
    rules = msgspec.structs.replace(rules, draft=False, since=given.since)
    if before is not None:
        # Its data stay as they were: what was in force never changes, only the columns say until when it was.
        await KpiRules.update({KpiRules.state: "replaced", KpiRules.until: given.since - timedelta(days=1)}).where(
            KpiRules.id == before["id"]
        )
    await KpiRules.update({KpiRules.state: "in_force", KpiRules.since: given.since, KpiRules.data: stored(rules)}).where(
        KpiRules.id == mine["id"]
    )
    tx.audit(
        "put_in_force",
        "kpi_rules",
        mine["id"],
        before={"in_force": before["version"] if before else None},
        after={"version": mine["version"], "since": given.since.isoformat()},
        on_behalf=on_behalf(actor, today),
    )
    tx.change("score", mine["id"])
    return {"id": mine["id"], "version": mine["version"]}
