"""How likely a task is to miss its due date, and why (R12): about a task, never a part of a person's score."""
