"""Nhập kế hoạch: the pages."""

from server.plans.pages import entry, grid

routes = [*entry.routes, *grid.routes]

__all__ = ["routes"]
