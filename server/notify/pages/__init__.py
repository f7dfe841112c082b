"""The pages of messages."""

from server.notify.pages import channels, linking, notices, preferences, push

routes = [*notices.routes, *preferences.routes, *linking.routes, *channels.routes, *push.routes]

__all__ = ["routes"]
