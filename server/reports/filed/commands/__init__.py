"""What changes filed reports: made, written, fixed, thrown away; and the files that are kept of the fixed ones."""

from server.reports.filed.commands.drafts import DropReport, FileReport, RenewReport, WriteReport
from server.reports.filed.commands.fixing import FixReport, KeepFile

__all__ = ["DropReport", "FileReport", "FixReport", "KeepFile", "RenewReport", "WriteReport"]
