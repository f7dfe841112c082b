"""The pages of messages."""

from server.notify.pages import linking, notices, preferences, push

routes = [*notices.routes, *preferences.routes, *linking.routes, *push.routes]

__all__ = ["routes"]
