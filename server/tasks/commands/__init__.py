"""What changes a task. Importing this package registers every command of the area."""

from server.tasks.commands import assign, carry, create, decide, edit, look, moved, talk, told

__all__ = ["assign", "carry", "create", "decide", "edit", "look", "moved", "talk", "told"]
