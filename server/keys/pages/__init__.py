"""Every page of keys, and the calendar that programs fetch."""

from server.keys.feed import pages as feed
from server.keys.pages import mine, office

routes = [*mine.routes, *office.routes, *feed.routes]
