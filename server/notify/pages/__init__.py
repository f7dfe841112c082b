"""The pages of messages."""

from server.notify.pages import notices, push

routes = [*push.routes, *notices.routes]

__all__ = ["routes"]
