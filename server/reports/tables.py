"""What is stored of reports."""

from piccolo.columns import Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


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
    #: ``shape.Report`` and ``filed.rules.Writing`` as JSON.
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
    #: SHA-256 over report, writing, number and day: it stands in the audit chain too.
    sha256 = Varchar(length=64, default="")
    #: The files that were made of it when it was fixed: SHA-256 of their bytes in the store; they are never made again.
    pdf = Varchar(length=64, default="")
    xlsx = Varchar(length=64, default="")


TABLES = [FiledReport]

INDEXES = [
    "CREATE UNIQUE INDEX IF NOT EXISTS filed_report_draft ON filed_report (unit, grain, start) WHERE state = 'draft'",
    "CREATE UNIQUE INDEX IF NOT EXISTS filed_report_number ON filed_report (unit, number_year, number) WHERE number IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS filed_report_start ON filed_report (start, unit)",
]
