"""Every page and every address of the area."""

from litestar.handlers import BaseRouteHandler

routes: list[BaseRouteHandler] = []
