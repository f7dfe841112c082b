"""The person's own scores, absences and duties, and what models say of him and of the tasks that he leads."""

from server.reports.person.parts.work import TASK
from server.reports.person.shapes import Part

#: Of a table whose key is the task's.
SAME_TASK = {name: sql.replace("x.task", "x.id") for name, sql in TASK.items()}
PERIOD = {
    "period_kind": "(SELECT p.kind FROM kpi_period p WHERE p.id = x.period)",
    "period_number": "(SELECT p.number FROM kpi_period p WHERE p.id = x.period)",
    "period_year": "(SELECT p.year FROM kpi_period p WHERE p.id = x.period)",
}

SCORES = (
    Part(
        name="sheets",
        group="scores",
        table="kpi_sheet",
        mine=("person",),
        columns=(
            "id", "unit", "position", "title", "duty", "state", "self_points", "self_at", "strengths", "weaknesses", "points", "reason",
            "comment", "confirmed_by", "confirmed_at", "outside_rater", "organising", "uniting", "leading_reason", "support", "away",
            "general", "total", "band", "version", "replaces", "version_reason", "frozen",
        ),
        hides=("person", "period"),
        more=PERIOD,
        kinds={"organising": "number", "uniting": "number"},
    ),
    Part(
        name="excuses",
        group="scores",
        table="kpi_excuse",
        mine=("person",),
        columns=("id", "task", "what", "reason", "document", "confirmed_by", "at", "withdrawn_at"),
        hides=("person",),
        more=TASK,
    ),
    Part(
        name="splits",
        group="scores",
        table="kpi_split",
        mine=("person",),
        columns=("id", "task", "year", "month", "quantity", "made_by", "at"),
        hides=("person",),
        more=TASK,
    ),
    Part(
        name="away",
        group="scores",
        table="kpi_away",
        mine=("person",),
        columns=("id", "since", "until", "kind", "document", "entered_by", "at", "withdrawn_at"),
        hides=("person",),
    ),
    Part(
        name="scored_as",
        group="scores",
        table="kpi_duty",
        mine=("person",),
        columns=("id", "duty", "group_name", "rater", "since", "until"),
        hides=("person",),
    ),
    Part(
        name="decisions",
        group="scores",
        table="kpi_decision",
        mine=("person",),
        columns=("id", "year", "case_of", "document", "document_date", "note", "entered_by", "at", "withdrawn_at"),
        hides=("person",),
    ),
    Part(
        name="petitions",
        group="scores",
        table="kpi_petition",
        mine=("person",),
        columns=("id", "about", "subject", "text", "received", "due", "state", "outcome", "answer", "answered_by", "answered_at"),
        hides=("person",),
        kinds={"received": "day"},
    ),
    Part(
        name="years",
        group="scores",
        table="kpi_year",
        mine=("person",),
        columns=(
            "id", "year", "unit", "title", "group_name", "state", "months", "mean", "band", "why", "self_band", "self_note",
            "decided_band", "reason", "proposal", "document", "decided_by", "decided_at", "published_at", "version", "replaces",
            "version_reason", "current",
        ),
        hides=("person",),
    ),
    Part(
        name="leave",
        group="leave",
        table="leave",
        mine=("person",),
        columns=("id", "since", "until", "part", "kind", "note", "by", "at", "ended_at"),
        hides=("person",),
    ),
    Part(
        name="duties",
        group="leave",
        table="duty",
        mine=("person",),
        columns=("id", "name", "minutes", "since", "until", "by", "at"),
        hides=("person",),
    ),
    Part(
        name="estimates",
        group="leave",
        table="estimate",
        mine=("by",),
        columns=("id", "minutes", "at"),
        hides=("by",),
        more=SAME_TASK,
    ),
    # A risk is of a task; whoever leads the task is told of it.
    Part(
        name="risks",
        group="foresight",
        table="risk",
        also="x.id IN (SELECT t.id FROM task t WHERE t.lead = $1)",
        columns=("id", "probability", "band", "reasons", "model", "local", "at"),
        # To which band he was told already, so that he is not told twice: the messages themselves are in the copy.
        hides=("told", "told_due"),
        more=SAME_TASK,
    ),
    Part(
        name="load",
        group="foresight",
        table="load",
        mine=("id",),
        columns=("peak", "low", "high", "band", "days", "tasks", "model", "at"),
        hides=("id",),
        kinds={"tasks": "json"},
    ),
    Part(
        name="suggestions",
        group="foresight",
        table="suggestion",
        mine=("person",),
        columns=("id", "task", "round", "total", "progress", "quality", "frequency", "reasons", "rules", "at", "given", "given_at",
                 "reviewer"),
        hides=("person",),
        more=TASK,
    ),
    # The other side of a move, and what it would do to his load, are the other's.
    Part(
        name="proposals",
        group="foresight",
        table="proposal",
        mine=("giver", "receiver"),
        columns=("id", "task", "state", "made_at", "decided_at", "answer"),
        hides=("giver", "receiver", "unit", "reasons", "effect", "sort", "decided_by", "quiet_until"),
        more={**TASK, "role": "CASE WHEN x.giver = $1 THEN 'giver' ELSE 'receiver' END"},
    ),
)  # fmt: skip
