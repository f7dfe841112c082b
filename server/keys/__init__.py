"""Secrets that open one thing without a sign-in: a person's calendar, the screen on a wall, the interface for other systems."""
