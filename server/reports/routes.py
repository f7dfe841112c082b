"""Every page and every address of the area."""

from litestar.types import ControllerRouterHandler

from server.reports.dashboard import pages as dashboard

routes: list[ControllerRouterHandler] = [*dashboard.routes]
