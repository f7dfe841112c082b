"""KPI: the pages of scores."""

from server.kpi.pages import catalogue, marks, mine, papers, parts, periods, petitions, room, rules, sheet, year

routes = [
    *mine.routes,
    *sheet.routes,
    *room.routes,
    *periods.routes,
    *rules.routes,
    *marks.routes,
    *parts.routes,
    *petitions.routes,
    *papers.routes,
    *catalogue.routes,
    *year.routes,
]

__all__ = ["routes"]
