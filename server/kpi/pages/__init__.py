"""KPI: the pages of scores."""

from server.kpi.pages import catalogue, marks, mine, papers, parts, periods, petitions, room, ruleset, sheet, units, year, year_papers

routes = [
    *mine.routes,
    *sheet.routes,
    *room.routes,
    *periods.routes,
    *ruleset.routes,
    *marks.routes,
    *parts.routes,
    *petitions.routes,
    *papers.routes,
    *catalogue.routes,
    *year.routes,
    *year_papers.routes,
    *units.routes,
]

__all__ = ["routes"]
