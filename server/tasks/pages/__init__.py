"""The pages of tasks."""

from server.tasks.pages import actions, bulk, forms, lists, one

routes = [*lists.routes, *forms.routes, *one.routes, *bulk.routes, *actions.routes]

__all__ = ["routes"]
