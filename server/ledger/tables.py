"""What is stored of how tasks stood. Written with each change of a task, in its transaction; sums follow behind (docs/figures.md)."""

from piccolo.columns import BigInt, Boolean, Date, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table


class TaskStanding(Table):
    """How one task stood from one moment to another: its state, its due date and everything that it is counted by.

    A task has no standing while it is only proposed, declined, or in the bin. The open end is the task of now.
    """

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    since = Timestamptz(default=None)
    until = Timestamptz(default=None, null=True)
    #: The same two as local days: a day's end sees what stands with ``day <= d`` and no ``day_until``, or a later one.
    day = Date(default=None)
    day_until = Date(default=None, null=True)
    state = Varchar(length=12)
    due = Date(default=None, null=True)
    unit = Varchar(length=36, default="")
    #: The unit and every unit above it, the highest first: ``/a/b/c/``; as the tree stood that day.
    path = Text(default="")
    field = Varchar(length=36, default="")
    priority = Varchar(length=8, default="")
    origin = Varchar(length=8, default="")
    lead = Varchar(length=36, default="")
    plan = Varchar(length=36, default="")
    #: When it was given to somebody first.
    given_at = Timestamptz(default=None)
    #: Of a completed task: "on_time", "late" or "undated"; the day on which the result was handed in; excused by Đ14.2.
    outcome = Varchar(length=8, default="")
    handed = Date(default=None, null=True)
    excused = Boolean(default=False)


class TaskFlow(Table):
    """Something that happened to a task and is counted in its period: given, done, cancelled, an extension, a return.

    What is undone within the same week, month, quarter or year did not happen in it; what is undone later did.
    """

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    kind = Varchar(length=16)
    #: When it happened, and when it came to be counted: later only where a task came back from the bin.
    at = Timestamptz(default=None)
    day = Date(default=None)
    counted_day = Date(default=None)
    undone_at = Timestamptz(default=None, null=True)
    undone_day = Date(default=None, null=True)
    #: Of a done task: working days from being given to being handed in.
    took = Integer(default=None, null=True)
    unit = Varchar(length=36, default="")
    path = Text(default="")
    field = Varchar(length=36, default="")
    priority = Varchar(length=8, default="")
    origin = Varchar(length=8, default="")
    lead = Varchar(length=36, default="")
    plan = Varchar(length=36, default="")


class FigureMove(Table):
    """What one change adds to the sums, until it is folded into them; a reader adds what waits here."""

    id = Varchar(length=36, primary_key=True, default=None)
    day = Date(default=None)
    #: Which grains it counts in, as bits of ``grains.BITS``.
    grains = Integer(default=0)
    unit = Varchar(length=36, default="")
    path = Text(default="")
    field = Varchar(length=36, default="")
    priority = Varchar(length=8, default="")
    origin = Varchar(length=8, default="")
    lead = Varchar(length=36, default="")
    plan = Varchar(length=36, default="")
    #: JSON: measure → how much.
    amounts = Text(default="{}")


class FigureTally(Table):
    """The sums of one unit, with all below it, in one period, for one value of one dimension.

    Stocks (``open`` to ``undated_open``) are what the period added to them: the stock at its end is the sum of all until then.
    """

    id = Serial(primary_key=True)
    unit = Varchar(length=36)
    #: A key of ``grains.BITS``.
    grain = Varchar(length=1)
    start = Date(default=None)
    #: total, lead, field, priority, origin, home (unit and field), plan.
    dim = Varchar(length=8)
    value = Varchar(length=80, default="")
    open = Integer(default=0)
    not_started = Integer(default=0)
    in_progress = Integer(default=0)
    submitted = Integer(default=0)
    paused = Integer(default=0)
    overdue = Integer(default=0)
    undated_open = Integer(default=0)
    due_next = Integer(default=0)
    assigned = Integer(default=0)
    on_time = Integer(default=0)
    late = Integer(default=0)
    undated = Integer(default=0)
    excused = Integer(default=0)
    cancelled = Integer(default=0)
    asked = Integer(default=0)
    extended = Integer(default=0)
    returned = Integer(default=0)
    #: Working days that the done ones took together.
    took = BigInt(default=0)


class FigureDays(Table):
    """How many done tasks of a unit took how many working days in a period: what a median is read from."""

    id = Serial(primary_key=True)
    unit = Varchar(length=36)
    grain = Varchar(length=1)
    start = Date(default=None)
    days = Integer(default=0)
    tasks = Integer(default=0)


TABLES = [TaskStanding, TaskFlow, FigureMove, FigureTally, FigureDays]

INDEXES = [
    "CREATE UNIQUE INDEX IF NOT EXISTS task_standing_now ON task_standing (task) WHERE until IS NULL",
    "CREATE INDEX IF NOT EXISTS task_standing_task ON task_standing (task, since)",
    "CREATE INDEX IF NOT EXISTS task_standing_unit ON task_standing (unit, day_until)",
    "CREATE INDEX IF NOT EXISTS task_standing_plan ON task_standing (plan, day) WHERE plan <> ''",
    # What is overdue now is counted from this alone.
    "CREATE INDEX IF NOT EXISTS task_standing_open ON task_standing (due, state, path, field, priority, origin, lead, plan) "
    "WHERE until IS NULL AND state IN ('not_started', 'in_progress', 'submitted', 'paused')",
    "CREATE INDEX IF NOT EXISTS task_flow_task ON task_flow (task)",
    "CREATE INDEX IF NOT EXISTS task_flow_unit ON task_flow (unit, kind, day)",
    "CREATE INDEX IF NOT EXISTS task_flow_kind ON task_flow (kind, day)",
    "CREATE UNIQUE INDEX IF NOT EXISTS figure_tally_cell ON figure_tally (unit, dim, grain, start, value)",
    "CREATE UNIQUE INDEX IF NOT EXISTS figure_days_cell ON figure_days (unit, grain, start, days)",
]
