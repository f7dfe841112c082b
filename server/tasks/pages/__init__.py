"""The pages of tasks."""

from server.tasks.pages import actions, forms, lists, one

routes = [*lists.routes, *forms.routes, *one.routes, *actions.routes]

__all__ = ["routes"]
