"""What is stored of tasks."""

from piccolo.columns import BigInt, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Task(Table):
    """A task. Being overdue is computed, never stored."""

    id = Varchar(length=36, primary_key=True, default=None)
    #: Order of making over all years: year × 1,000,000 + the number within the year.
    ordinal = BigInt(default=0)
    title = Text(default="")
    description = Text(default="")
    status = Varchar(length=12, default="not_started")
    percent = Integer(default=0)
    priority = Varchar(length=8, default="normal")
    kind = Varchar(length=8, default="planned")
    start = Date(default=None, null=True)
    due = Date(default=None, null=True)
    #: Why there is no due date: "none" (không thời hạn) or "ongoing" (thường xuyên).
    no_due = Varchar(length=8, default=None, null=True)
    cadence = Varchar(length=10, default="once")
    due_text = Text(default="")
    unit = Varchar(length=36, default=None, null=True)
    field = Varchar(length=36, default=None, null=True)
    parent = Varchar(length=36, default=None, null=True)
    product = Varchar(length=36, default=None, null=True)
    product_text = Text(default="")
    #: In thousandths.
    quantity = Integer(default=1000)
    creator = Varchar(length=36)
    #: Whose order it is: the one who assigned it, or the one on whose behalf it was assigned.
    assigner = Varchar(length=36, default=None, null=True)
    assigner_position = Varchar(length=20, default=None, null=True)
    #: Who assigned it on the assigner's behalf (R3).
    delegate = Varchar(length=36, default=None, null=True)
    lead = Varchar(length=36, default=None, null=True)
    #: The lead said that he can't do it; it waits for another lead.
    handed_back = Boolean(default=False)
    handed_back_reason = Text(default="")
    #: The office's own note on leads and partners outside, from the plan.
    outside_leads = Text(default="")
    outside_partners = Text(default="")
    source_number = Text(default="")
    source_date = Date(default=None, null=True)
    source_issuer = Text(default="")
    plan = Varchar(length=36, default=None, null=True)
    plan_row = Varchar(length=64, default=None, null=True)
    children = Integer(default=0)
    version = Integer(default=1)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    started_at = Timestamptz(default=None, null=True)
    submitted_at = Timestamptz(default=None, null=True)
    completed_at = Timestamptz(default=None, null=True)
    paused_from = Varchar(length=12, default=None, null=True)
    #: In the bin since.
    deleted_at = Timestamptz(default=None, null=True)
    deleted_by = Varchar(length=36, default=None, null=True)
    demo = Boolean(default=False)


class Assignment(Table):
    """One person's part of a task, from one day to another. A past part stays on record."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    person = Varchar(length=36)
    role = Varchar(length=12)
    #: In thousandths of the whole.
    share = Integer(default=0)
    percent = Integer(default=0)
    state = Varchar(length=12, default="active")
    since = Timestamptz(default=None)
    until = Timestamptz(default=None, null=True)


class Follower(Table):
    """Somebody who only watches a task."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    person = Varchar(length=36)


class ChecklistItem(Table):
    """One line of a task's checklist."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    text = Text(default="")
    done = Boolean(default=False)
    done_by = Varchar(length=36, default=None, null=True)
    done_at = Timestamptz(default=None, null=True)
    sort = Integer(default=0)


class Report(Table):
    """A progress report or a submission. Append-only; ``at`` is the device's time, ``received`` the server's."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    person = Varchar(length=36)
    kind = Varchar(length=10, default="progress")
    percent = Integer(default=0)
    note = Text(default="")
    quantity = Integer(default=None, null=True)
    at = Timestamptz(default=None)
    received = Timestamptz(default=None)


class Review(Table):
    """A judgement on one person's part. Append-only."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    person = Varchar(length=36)
    reviewer = Varchar(length=36)
    verdict = Varchar(length=8)
    quantity = Integer(default=None, null=True)
    major_error = Boolean(default=False)
    objective_cause = Boolean(default=False)
    #: In thousandths of a point.
    score = Integer(default=None, null=True)
    note = Text(default="")
    at = Timestamptz(default=None)


class Extension(Table):
    """Somebody asked for a later due date."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    person = Varchar(length=36)
    old_due = Date(default=None, null=True)
    due = Date(default=None)
    reason = Text(default="")
    state = Varchar(length=10, default="waiting")
    decided_by = Varchar(length=36, default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    answer = Text(default="")
    at = Timestamptz(default=None)


class Comment(Table):
    """A remark on a task. Append-only."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    person = Varchar(length=36)
    text = Text(default="")
    mentions = Text(default="[]")
    at = Timestamptz(default=None)


class TaskScope(Table):
    """Who sees a task, made ready for queries.

    ``p:`` a person, ``u:`` the task's unit and those above, ``r:`` the rooms of the people on it.
    """

    id = Varchar(length=100, primary_key=True, default=None)
    task = Varchar(length=36)
    scope = Varchar(length=40)


class LostScope(Table):
    """A key under which a task was seen once and is no more: the replicas of whoever holds it drop the task."""

    id = Varchar(length=100, primary_key=True, default=None)
    task = Varchar(length=36)
    scope = Varchar(length=40)


TABLES = [Task, Assignment, Follower, ChecklistItem, Report, Review, Extension, Comment, TaskScope, LostScope]

#: Indexes that the queries of this area rely on; ``tests/tasks/test_plans_of_queries.py`` holds them.
INDEXES = [
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
    "CREATE INDEX IF NOT EXISTS outbox_slot ON outbox (person, subject, slot) "
    "WHERE slot IS NOT NULL AND replaced_at IS NULL AND read_at IS NULL",
]
