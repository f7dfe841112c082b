"""From tasks, assignments, reports and reviews to the lines of a sheet: the only place that knows both areas."""

from server.kpi.record.book import Book, Computed, book_of, computed
from server.kpi.record.entries import Entry, Event
from server.kpi.record.read import entries_of, lines_of

__all__ = ["Book", "Computed", "Entry", "Event", "book_of", "computed", "entries_of", "lines_of"]
