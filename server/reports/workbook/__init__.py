"""A report as an Excel workbook, and the long list of tasks beside it: real numbers, real dates, and no text that becomes a formula."""

from server.reports.workbook.book import workbook

__all__ = ["workbook"]
