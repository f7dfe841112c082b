"""Passwords, sessions and the lock-out."""
