"""What changes messages on their way. Importing this package registers every command of the area."""

from server.notify.commands import channels, dead, link, preferences, trial

__all__ = ["channels", "dead", "link", "preferences", "trial"]
