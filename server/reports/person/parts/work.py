"""Tasks that the person has or had to do with, and what he did and was told on them."""

from server.reports.person.shapes import Part

TASK = {
    "task_number": "(SELECT t.ordinal FROM task t WHERE t.id = x.task)",
    "task_title": "(SELECT t.title FROM task t WHERE t.id = x.task)",
}
ROLES = (
    "(CASE WHEN x.creator = $1 THEN 'creator ' ELSE '' END"
    " || CASE WHEN x.assigner = $1 THEN 'assigner ' ELSE '' END"
    " || CASE WHEN x.delegate = $1 THEN 'delegate ' ELSE '' END"
    " || CASE WHEN x.lead = $1 THEN 'lead ' ELSE '' END"
    " || CASE WHEN EXISTS (SELECT 1 FROM assignment a WHERE a.task = x.id AND a.person = $1 AND a.role <> 'lead')"
    " THEN 'collaborator ' ELSE '' END"
    " || CASE WHEN EXISTS (SELECT 1 FROM follower f WHERE f.task = x.id AND f.person = $1) THEN 'follower' ELSE '' END)"
)

WORK = (
    Part(
        name="tasks",
        group="tasks",
        table="task",
        mine=("creator", "assigner", "delegate", "lead"),
        # Of one that he is on no more, what it says today is not for him: that he was on it, and what he did, stand in the parts below.
        also="x.id IN (SELECT a.task FROM assignment a WHERE a.person = $1 AND a.until IS NULL) "
        "OR x.id IN (SELECT f.task FROM follower f WHERE f.person = $1)",
        columns=(
            "ordinal", "title", "description", "status", "percent", "priority", "kind", "start", "due", "no_due", "cadence", "due_text",
            "unit", "field", "product_text", "quantity", "creator", "assigner", "assigner_position", "delegate", "lead", "handed_back",
            "handed_back_reason", "outside_leads", "outside_partners", "source_number", "source_date", "source_issuer", "created_at",
            "changed_at", "started_at", "submitted_at", "completed_at", "paused_from", "deleted_at", "children", "version", "id", "parent",
            "product", "plan", "plan_row",
        ),
        # Who put it into the bin stands in the log; ``demo`` is of the invented office.
        hides=("deleted_by", "demo"),
        more={"roles": ROLES},
    ),
    Part(
        name="assignments",
        group="tasks",
        table="assignment",
        mine=("person",),
        columns=("role", "share", "percent", "state", "since", "until", "task"),
        hides=("id", "person"),
        more=TASK,
        kinds={"since": "moment", "until": "moment"},
    ),
    Part(name="followed", group="tasks", table="follower", mine=("person",), columns=("task",), hides=("id", "person"), more=TASK),
    Part(
        name="reports",
        group="doings",
        table="report",
        mine=("person",),
        columns=("id", "task", "kind", "percent", "note", "quantity", "at", "received"),
        hides=("person",),
        more=TASK,
    ),
    Part(name="comments", group="doings", table="comment", mine=("person",), columns=("id", "task", "text", "mentions", "at"),
         hides=("person",), more=TASK),
    Part(
        name="reviews_received",
        group="doings",
        table="review",
        mine=("person",),
        columns=("id", "task", "reviewer", "verdict", "quantity", "major_error", "objective_cause", "score", "note", "at"),
        hides=("person",),
        more=TASK,
    ),
    # What he said of another's work is his; the points that the other got are the other's.
    Part(
        name="reviews_given",
        group="doings",
        table="review",
        mine=("reviewer",),
        only="x.person <> $1",
        columns=("id", "task", "person", "verdict", "note", "at"),
        hides=("reviewer", "quantity", "major_error", "objective_cause", "score"),
        more=TASK,
    ),
    Part(
        name="extensions",
        group="doings",
        table="extension",
        mine=("person",),
        columns=("id", "task", "old_due", "due", "reason", "state", "decided_by", "decided_at", "answer", "at"),
        hides=("person",),
        more=TASK,
    ),
    Part(
        name="extensions_decided",
        group="doings",
        table="extension",
        mine=("decided_by",),
        only="x.person <> $1",
        columns=("id", "task", "person", "old_due", "due", "state", "decided_at", "answer"),
        # Why the other asked for more time is the other's to tell.
        hides=("decided_by", "reason", "at"),
        more=TASK,
    ),
    Part(
        name="checklist",
        group="doings",
        table="checklist_item",
        mine=("done_by",),
        columns=("id", "task", "text", "done", "done_at"),
        hides=("done_by", "sort"),
        more=TASK,
    ),
    Part(
        name="uploads",
        group="files",
        table="upload",
        mine=("person",),
        columns=("id", "name", "file", "at"),
        # ``sent`` is how his device knows the content.
        hides=("person", "sent"),
        more={
            "size": "(SELECT f.size FROM file f WHERE f.id = x.file)",
            "media_type": "(SELECT f.media_type FROM file f WHERE f.id = x.file)",
        },
        made=("path",),
    ),
    Part(
        name="attachments",
        group="files",
        table="attachment",
        mine=("added_by",),
        columns=("id", "name", "file", "task", "report", "comment", "added_at"),
        hides=("added_by",),
        more=TASK,
        made=("path",),
    ),
    # What was understood of a document, and its reader's corrections, are the office's draft; the tasks that it became are above.
    Part(
        name="plans",
        group="plans",
        table="plan_import",
        mine=("created_by",),
        columns=("id", "name", "title", "number", "day", "issuer", "state", "message", "row_count", "task_count", "created_at",
                 "confirmed_at"),
        hides=("created_by", "sha256", "default_lead", "past_to", "parents", "understood", "alike", "edits"),
        kinds={"number": "text"},
    ),
)  # fmt: skip
