"""What the interface answers. Every field says in Vietnamese what it is: from here comes the document that describes it.

Moments are told in UTC, days are the office's own (docs/architecture.md).
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.kpi.rules.ruleset import Band
from server.people.rules import Position
from server.reports.shape import Report, Value, Writing
from server.words import say

Status = Literal["not_started", "in_progress", "submitted", "paused", "completed", "cancelled"]
Outcome = Literal["on_time", "late", "undated"]


def told(key: str) -> Meta:
    """The description of a field."""
    return Meta(description=say(key))


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit within the key's."""

    id: Annotated[str, told("api.field.unit_id")]
    name: Annotated[str, told("api.field.unit_name")]
    short: Annotated[str, told("api.field.unit_short")]
    kind: Annotated[Literal["outer", "centre", "leadership", "room"], told("api.field.unit_kind")]
    parent: Annotated[str | None, told("api.field.unit_parent")]
    active: Annotated[bool, told("api.field.unit_active")]


class UnitList(msgspec.Struct, frozen=True):
    """Units, those above first."""

    units: Annotated[list[Unit], told("api.field.units")]


class ReportAnswer(msgspec.Struct, frozen=True):
    """A report, and its figures by key: what ``Report.figure`` says of each."""

    report: Annotated[Report, told("api.field.report")]
    figures: Annotated[dict[str, Value], told("api.field.figures")]


class FiledHead(msgspec.Struct, frozen=True, kw_only=True):
    """A fixed report without what it says."""

    id: Annotated[str, told("api.field.filed_id")]
    number: Annotated[str, told("api.field.filed_number")]
    period: Annotated[str, told("api.field.period")]
    period_label: Annotated[str, told("api.field.period_label")]
    unit: Annotated[str, told("api.field.unit_id")]
    unit_label: Annotated[str, told("api.field.unit_name")]
    fixed_at: Annotated[datetime, told("api.field.filed_at")]
    sha256: Annotated[str, told("api.field.filed_sha256")]
    replaces: Annotated[str | None, told("api.field.filed_replaces")]
    replaced_by: Annotated[str | None, told("api.field.filed_replaced_by")]


class FiledList(msgspec.Struct, frozen=True):
    """One page of fixed reports."""

    reports: Annotated[list[FiledHead], told("api.field.filed_list")]
    next_cursor: Annotated[str | None, told("api.field.next_cursor")]


class FiledAnswer(FiledHead, frozen=True, kw_only=True):
    """A fixed report, whole."""

    report: Annotated[Report, told("api.field.report")]
    writing: Annotated[Writing, told("api.field.filed_writing")]


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the office knows him."""

    id: Annotated[str, told("api.field.person_id")]
    name: Annotated[str, told("api.field.person_name")]
    position: Annotated[Position, told("api.field.person_position")]
    title: Annotated[str, told("api.field.person_title")]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The document that a task comes from: by it two systems know that they mean the same."""

    number: Annotated[str, told("api.field.source_number")]
    date: Annotated[date | None, told("api.field.source_date")]
    issuer: Annotated[str, told("api.field.source_issuer")]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a task says to the province: nothing of what people wrote beside it, nothing of its score."""

    id: Annotated[str, told("api.field.task_id")]
    number: Annotated[str, told("api.field.task_number")]
    title: Annotated[str, told("api.field.task_title")]
    status: Annotated[Status, told("api.field.task_status")]
    overdue: Annotated[bool, told("api.field.task_overdue")]
    percent: Annotated[int, told("api.field.task_percent")]
    priority: Annotated[Literal["normal", "urgent", "critical"], told("api.field.task_priority")]
    origin: Annotated[Literal["planned", "ad_hoc"], told("api.field.task_origin")]
    unit: Annotated[str | None, told("api.field.task_unit")]
    field: Annotated[str | None, told("api.field.task_field")]
    parent: Annotated[str | None, told("api.field.task_parent")]
    lead: Annotated[Named | None, told("api.field.task_lead")]
    source: Annotated[Source | None, told("api.field.task_source")]
    start: Annotated[date | None, told("api.field.task_start")]
    due: Annotated[date | None, told("api.field.task_due")]
    given_at: Annotated[datetime, told("api.field.task_given")]
    submitted_at: Annotated[datetime | None, told("api.field.task_submitted")]
    completed_at: Annotated[datetime | None, told("api.field.task_completed")]
    handed: Annotated[date | None, told("api.field.task_handed")]
    outcome: Annotated[Outcome | None, told("api.field.task_outcome")]
    excused: Annotated[bool, told("api.field.task_excused")]
    created_at: Annotated[datetime, told("api.field.task_created")]
    changed_at: Annotated[datetime, told("api.field.task_changed")]
    version: Annotated[int, told("api.field.task_version")]


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A task that is not there any more for whoever asks: whoever keeps a copy throws it away."""

    id: Annotated[str, told("api.field.task_id")]
    number: Annotated[str, told("api.field.task_number")]
    changed_at: Annotated[datetime, told("api.field.task_changed")]


class TaskList(msgspec.Struct, frozen=True, kw_only=True):
    """One page of tasks."""

    tasks: Annotated[list[Task], told("api.field.tasks")]
    removed: Annotated[list[Removed], told("api.field.removed")]
    next_cursor: Annotated[str | None, told("api.field.next_cursor")]
    next_since: Annotated[datetime, told("api.field.next_since")]
    as_of: Annotated[datetime, told("api.field.as_of")]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One person's points of a period, with the unit and the position that he had then."""

    id: Annotated[str, told("api.field.person_id")]
    name: Annotated[str, told("api.field.person_name")]
    position: Annotated[str, told("api.field.person_position")]
    title: Annotated[str, told("api.field.person_title")]
    unit: Annotated[str, told("api.field.unit_id")]
    points: Annotated[float, told("api.field.score_points")]
    band: Annotated[Band, told("api.field.score_band")]


class ScoreList(msgspec.Struct, frozen=True, kw_only=True):
    """The published points of a period."""

    period: Annotated[str, told("api.field.period")]
    period_label: Annotated[str, told("api.field.period_label")]
    published: Annotated[bool, told("api.field.score_published")]
    closed_at: Annotated[datetime | None, told("api.field.score_closed")]
    version: Annotated[int, told("api.field.score_version")]
    scores: Annotated[list[Score], told("api.field.scores")]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was refused (RFC 9457)."""

    title: Annotated[str, told("api.field.problem_title")]
    status: Annotated[int, told("api.field.problem_status")]
    detail: Annotated[str, told("api.field.problem_detail")]
    code: Annotated[str, told("api.field.problem_code")]
    field: Annotated[str | None, told("api.field.problem_field")] = None


#: What each kind of answer is, by its name in the document.
SCHEMAS: dict[str, str] = {
    "Unit": "api.schema.unit",
    "UnitList": "api.schema.unitlist",
    "ReportAnswer": "api.schema.reportanswer",
    "FiledHead": "api.schema.filedhead",
    "FiledList": "api.schema.filedlist",
    "FiledAnswer": "api.schema.filedanswer",
    "Named": "api.schema.person",
    "Source": "api.schema.source",
    "Task": "api.schema.task",
    "Removed": "api.schema.removed",
    "TaskList": "api.schema.tasklist",
    "Score": "api.schema.score",
    "ScoreList": "api.schema.scorelist",
    "Problem": "api.schema.problem",
    "Report": "api.schema.report",
    "Headline": "api.schema.headline",
    "Section": "api.schema.section",
    "Table": "api.schema.table",
    "Column": "api.schema.column",
    "Row": "api.schema.row",
    "Chart": "api.schema.chart",
    "Writing": "api.schema.writing",
    "Part": "api.schema.part",
}
