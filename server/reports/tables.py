"""What is stored of reports."""

from piccolo.columns import Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class ReportFile(Table):
    """A file that somebody asked for and takes away when it is ready; it is gone a day later."""

    id = Varchar(length=36, primary_key=True, default=None)
    person = Varchar(length=36)
    #: "xlsx" or "pdf" of the report, "listing": its tasks alone.
    what = Varchar(length=8)
    #: Its code: 2026-11.
    period = Varchar(length=8)
    unit = Varchar(length=36)
    #: The fixed report that it is drawn from; None: counted anew.
    filed = Varchar(length=36, default=None, null=True)
    #: JSON: where its asker saw tasks when he asked (the keys of ``TaskScope``). Who sees others by now does not fetch it any more.
    scopes = Text(default="[]")
    #: "waiting", "making", "ready", "failed" or "gone".
    state = Varchar(length=8, default="waiting")
    done = Integer(default=0)
    of = Integer(default=0)
    #: Why it failed, in words for the person.
    said = Text(default="")
    #: Who makes it, as long as he says so again and again: one that fell silent is followed by another.
    maker = Varchar(length=36, default=None, null=True)
    alive_at = Timestamptz(default=None, null=True)
    tries = Integer(default=0)
    asked_at = Timestamptz(default=None)
    ready_at = Timestamptz(default=None, null=True)
    #: When it is thrown away.
    gone_at = Timestamptz(default=None, null=True)
    #: When it was taken away first.
    fetched_at = Timestamptz(default=None, null=True)
    #: What it is called where it is saved; its bytes, and their SHA-256.
    name = Varchar(length=120, default="")
    size = Integer(default=0)
    sha256 = Varchar(length=64, default="")


class FiledReport(Table):
    """A unit's report of a period as a paper: a draft whose text may be changed, or fixed for ever."""

    id = Varchar(length=36, primary_key=True, default=None)
    unit = Varchar(length=36)
    grain = Varchar(length=1)
    start = Date(default=None)
    #: "draft" or "fixed".
    state = Varchar(length=8, default="draft")
    #: Counts the changes: whoever saves or fixes says which one he saw.
    version = Integer(default=1)
    #: ``shape.Report`` and ``shape.Writing`` as JSON.
    report = Text(default="{}")
    writing = Text(default="{}")
    #: By a job: None.
    made_by = Varchar(length=36, default=None, null=True)
    made_at = Timestamptz(default=None)
    changed_by = Varchar(length=36, default=None, null=True)
    changed_at = Timestamptz(default=None)
    fixed_by = Varchar(length=36, default=None, null=True)
    fixed_behalf = Varchar(length=36, default=None, null=True)
    fixed_at = Timestamptz(default=None, null=True)
    #: Of the fixed one, in the year of its fixing: 12 of "12/BC-HCTH".
    number = Integer(default=None, null=True)
    number_year = Integer(default=None, null=True)
    code = Varchar(length=40, default="")
    #: The fixed one of the same unit and period that this one takes the place of.
    replaces = Varchar(length=36, default=None, null=True)
    #: Of the fixed one: ``filed.frame.Frame`` as JSON: who issued it and who signed, as they were called that day.
    frame = Text(default="")
    #: SHA-256 over report, writing, frame, number and moment: it stands in the audit chain too.
    sha256 = Varchar(length=64, default="")
    #: The files that were made of it when it was fixed: SHA-256 of their bytes in the store; they are never made again.
    pdf = Varchar(length=64, default="")
    xlsx = Varchar(length=64, default="")


class ApiFetch(Table):
    """What a key of another system was given within one minute: the record of every look from outside. Rows are never changed later."""

    id = Varchar(length=36, primary_key=True, default=None)
    key = Varchar(length=36)
    #: ``units``, ``report``, ``tasks`` … of ``server/reports/api/operations.py``.
    operation = Varchar(length=16)
    #: What it was about: ``period=2026-11&unit=…``, without what only says which page.
    asked = Text(default="")
    #: The minute.
    at = Timestamptz(default=None)
    #: Answers, and how many tasks, people or reports were in them together.
    times = Integer(default=0)
    items = Integer(default=0)


TABLES = [ReportFile, FiledReport, ApiFetch]

INDEXES = [
    "CREATE INDEX IF NOT EXISTS report_file_person ON report_file (person, asked_at)",
    "CREATE INDEX IF NOT EXISTS report_file_open ON report_file (asked_at) WHERE state IN ('waiting', 'making', 'ready')",
    "CREATE UNIQUE INDEX IF NOT EXISTS filed_report_draft ON filed_report (unit, grain, start) WHERE state = 'draft'",
    "CREATE UNIQUE INDEX IF NOT EXISTS filed_report_number ON filed_report (unit, number_year, number) WHERE number IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS filed_report_start ON filed_report (start, unit)",
    "CREATE UNIQUE INDEX IF NOT EXISTS api_fetch_minute ON api_fetch (key, at, operation, asked)",
    # Other systems read tasks in the order of their last change.
    "CREATE INDEX IF NOT EXISTS task_changed ON task (changed_at, id)",
]
