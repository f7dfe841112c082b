"""Indexes that Piccolo can't say, and the full-text tables; written by ``server.schema.fresh``."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.storage.engine import rows
from server.tasks.search import create_search

ID = "2026-11-22T00:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes and full-text tables"

INDEXES = [
    "CREATE INDEX IF NOT EXISTS session_person ON session (person, created_at)",
    "CREATE INDEX IF NOT EXISTS session_expires ON session (expires_at)",
    "CREATE INDEX IF NOT EXISTS risk_band ON risk (band)",
    "CREATE INDEX IF NOT EXISTS risk_mark_task ON risk_mark (task)",
    "CREATE INDEX IF NOT EXISTS risk_mark_model ON risk_mark (model, at)",
    "CREATE UNIQUE INDEX IF NOT EXISTS model_file_champion ON model_file (name) WHERE state = 'champion'",
    "CREATE INDEX IF NOT EXISTS leave_person ON leave (person, until)",
    "CREATE INDEX IF NOT EXISTS duty_person ON duty (person)",
    "CREATE INDEX IF NOT EXISTS proposal_waiting ON proposal (unit) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX IF NOT EXISTS proposal_once ON proposal (task) WHERE state = 'waiting'",
    "CREATE INDEX IF NOT EXISTS proposal_task ON proposal (task, decided_at)",
    "CREATE INDEX IF NOT EXISTS suggestion_task ON suggestion (task, person)",
    "CREATE INDEX IF NOT EXISTS suggestion_given ON suggestion (given_at) WHERE given IS NOT NULL",
    "CREATE UNIQUE INDEX IF NOT EXISTS access_key_hash ON access_key (hash)",
    "CREATE INDEX IF NOT EXISTS access_key_person ON access_key (person, kind)",
    "CREATE UNIQUE INDEX IF NOT EXISTS access_key_one_calendar ON access_key (person) WHERE kind = 'calendar' AND revoked_at IS NULL",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_product_code ON kpi_product (catalogue, code)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_catalogue_number ON kpi_catalogue (number)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_rules_version ON kpi_rules (version)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_period_once ON kpi_period (year, kind, number, version)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_sheet_once ON kpi_sheet (period, person, version)",
    "CREATE INDEX IF NOT EXISTS kpi_sheet_person ON kpi_sheet (person, period)",
    "CREATE INDEX IF NOT EXISTS kpi_excuse_person ON kpi_excuse (person, task)",
    "CREATE INDEX IF NOT EXISTS kpi_split_task ON kpi_split (task, person)",
    "CREATE INDEX IF NOT EXISTS kpi_away_person ON kpi_away (person, since)",
    "CREATE INDEX IF NOT EXISTS kpi_duty_person ON kpi_duty (person, since)",
    "CREATE INDEX IF NOT EXISTS kpi_petition_due ON kpi_petition (due) WHERE state = 'open'",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_year_once ON kpi_year (year, person, version)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_unit_year_once ON kpi_unit_year (year, unit)",
    "CREATE INDEX IF NOT EXISTS assignment_task_person ON assignment (task, person)",
    "CREATE INDEX IF NOT EXISTS task_due ON task (due)",
    "CREATE UNIQUE INDEX IF NOT EXISTS task_standing_now ON task_standing (task) WHERE until IS NULL",
    "CREATE INDEX IF NOT EXISTS task_standing_task ON task_standing (task, since)",
    "CREATE INDEX IF NOT EXISTS task_standing_unit ON task_standing (unit, day_until)",
    "CREATE INDEX IF NOT EXISTS task_standing_plan ON task_standing (plan, day) WHERE plan <> ''",
    "CREATE INDEX IF NOT EXISTS task_standing_open ON task_standing (due, state, path, field, priority, origin, lead, plan) WHERE until IS NULL AND state IN ('not_started', 'in_progress', 'submitted', 'paused')",
    "CREATE INDEX IF NOT EXISTS task_flow_task ON task_flow (task)",
    "CREATE INDEX IF NOT EXISTS task_flow_unit ON task_flow (unit, kind, day)",
    "CREATE INDEX IF NOT EXISTS task_flow_kind ON task_flow (kind, day)",
    "CREATE UNIQUE INDEX IF NOT EXISTS figure_tally_cell ON figure_tally (unit, dim, grain, start, value)",
    "CREATE UNIQUE INDEX IF NOT EXISTS figure_days_cell ON figure_days (unit, grain, start, days)",
    "CREATE INDEX IF NOT EXISTS delivery_open ON delivery (next_at) WHERE state IN ('waiting', 'sending')",
    "CREATE INDEX IF NOT EXISTS delivery_due ON delivery (channel, next_at) WHERE state = 'waiting' AND queued_at IS NULL",
    "CREATE INDEX IF NOT EXISTS delivery_rung ON delivery (queued_at) WHERE state IN ('waiting', 'sending') AND queued_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS delivery_to ON delivery (address) WHERE state = 'waiting'",
    "CREATE INDEX IF NOT EXISTS delivery_ended ON delivery (channel, ended_at)",
    "CREATE INDEX IF NOT EXISTS delivery_dead ON delivery (ended_at) WHERE state IN ('failed', 'unknown')",
    "CREATE INDEX IF NOT EXISTS delivery_item_delivery ON delivery_item (delivery)",
    "CREATE INDEX IF NOT EXISTS delivery_item_message ON delivery_item (message)",
    "CREATE INDEX IF NOT EXISTS address_person ON address (person, channel) WHERE state = 'active'",
    "CREATE INDEX IF NOT EXISTS address_unit ON address (unit, channel) WHERE state = 'active'",
    "CREATE UNIQUE INDEX IF NOT EXISTS address_once ON address (channel, address, person) WHERE state = 'active' AND person IS NOT NULL",
    "CREATE UNIQUE INDEX IF NOT EXISTS address_group_once ON address (channel, address) WHERE state = 'active' AND unit IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS plan_import_author ON plan_import (created_by, created_at)",
    "CREATE INDEX IF NOT EXISTS report_file_person ON report_file (person, asked_at)",
    "CREATE INDEX IF NOT EXISTS report_file_open ON report_file (asked_at) WHERE state IN ('waiting', 'making', 'ready')",
    "CREATE UNIQUE INDEX IF NOT EXISTS filed_report_draft ON filed_report (unit, grain, start) WHERE state = 'draft'",
    "CREATE UNIQUE INDEX IF NOT EXISTS filed_report_number ON filed_report (unit, number_year, number) WHERE number IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS filed_report_start ON filed_report (start, unit)",
    "CREATE UNIQUE INDEX IF NOT EXISTS api_fetch_minute ON api_fetch (key, at, operation, asked)",
    "CREATE INDEX IF NOT EXISTS task_changed ON task (changed_at, id)",
    "CREATE UNIQUE INDEX IF NOT EXISTS task_ordinal ON task (ordinal)",
    "CREATE INDEX IF NOT EXISTS task_status_due ON task (status, due)",
    "CREATE INDEX IF NOT EXISTS task_lead_status ON task (lead, status)",
    "CREATE INDEX IF NOT EXISTS task_parent ON task (parent) WHERE parent IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS task_plan ON task (plan) WHERE plan IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS task_plan_row ON task (plan_row) WHERE plan_row IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS task_deleted ON task (deleted_at) WHERE deleted_at IS NOT NULL",
    "CREATE UNIQUE INDEX IF NOT EXISTS assignment_once ON assignment (task, person) WHERE until IS NULL",
    "CREATE UNIQUE INDEX IF NOT EXISTS assignment_one_lead ON assignment (task) WHERE until IS NULL AND role = 'lead'",
    "CREATE INDEX IF NOT EXISTS assignment_person ON assignment (person, until)",
    "CREATE UNIQUE INDEX IF NOT EXISTS follower_once ON follower (task, person)",
    "CREATE INDEX IF NOT EXISTS checklist_item_task ON checklist_item (task, sort)",
    "CREATE INDEX IF NOT EXISTS report_task ON report (task, received)",
    "CREATE INDEX IF NOT EXISTS report_person ON report (person, received)",
    "CREATE INDEX IF NOT EXISTS review_task ON review (task, at)",
    "CREATE INDEX IF NOT EXISTS extension_task ON extension (task, state)",
    "CREATE UNIQUE INDEX IF NOT EXISTS extension_one_waiting ON extension (task) WHERE state = 'waiting'",
    "CREATE INDEX IF NOT EXISTS comment_task ON comment (task, at)",
    "CREATE INDEX IF NOT EXISTS task_scope_scope ON task_scope (scope, task)",
    "CREATE INDEX IF NOT EXISTS task_scope_task ON task_scope (task)",
    "CREATE INDEX IF NOT EXISTS lost_scope_task ON lost_scope (task)",
    "CREATE INDEX IF NOT EXISTS audit_entry_subject ON audit_entry (kind, subject, seq)",
    "CREATE INDEX IF NOT EXISTS change_subject ON change (kind, subject, seq)",
    "CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox (at) WHERE planned_at IS NULL",
    "CREATE INDEX IF NOT EXISTS outbox_person ON outbox (person, at)",
    "CREATE INDEX IF NOT EXISTS outbox_slot ON outbox (person, subject, slot) WHERE slot IS NOT NULL AND replaced_at IS NULL AND read_at IS NULL",
    "CREATE INDEX IF NOT EXISTS sync_client_person ON sync_client (person)",
    "CREATE INDEX IF NOT EXISTS outbox_person_id ON outbox (person, id)",
]


async def run():
    for statement in INDEXES:
        await rows(statement)
    await create_search()


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="soviec", description=DESCRIPTION)
    manager.add_raw(run)
    return manager
