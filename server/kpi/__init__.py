"""Scores by Nghị định 335/2025: from the record of work to a person's points of a month and his rating of a year."""
