"""What changes a task. Importing this package registers every command of the area."""

# Whoever can change a task writes down how it stands: the ledger goes with every command.
from server.ledger import hook
from server.tasks.commands import assign, carry, create, decide, edit, look, moved, talk, told

__all__ = ["assign", "carry", "create", "decide", "edit", "hook", "look", "moved", "talk", "told"]
