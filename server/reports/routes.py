"""Every page and every address of the area."""

from litestar.types import ControllerRouterHandler

from server.reports.api import data
from server.reports.api import pages as api
from server.reports.dashboard import pages as dashboard
from server.reports.filed import pages as filed
from server.reports.making import pages as files
from server.reports.page import pages as report

routes: list[ControllerRouterHandler] = [*report.routes, *filed.routes, *dashboard.routes, *files.routes, data.router, *api.routes]
