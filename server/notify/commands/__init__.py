"""What changes messages on their way. Importing this package registers every command of the area."""

from server.notify.commands import channels, dead, deliver, link, outcome, plan, preferences, prune, trial

__all__ = ["channels", "dead", "deliver", "link", "outcome", "plan", "preferences", "prune", "trial"]
