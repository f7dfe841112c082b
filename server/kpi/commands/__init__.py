"""What changes scores. Importing this package registers every command of the area."""

from server.kpi.commands import catalogue, drafts, marks, periods, persons, petitions, remind, ruleset, sheets, units, years

__all__ = ["catalogue", "drafts", "marks", "periods", "persons", "petitions", "remind", "ruleset", "sheets", "units", "years"]
