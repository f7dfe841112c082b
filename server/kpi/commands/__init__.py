"""What changes scores. Importing this package registers every command of the area."""

from server.kpi.commands import marks, periods, petitions, ruleset, sheets

__all__ = ["marks", "periods", "petitions", "ruleset", "sheets"]
